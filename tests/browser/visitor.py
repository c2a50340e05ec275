"""Somebody who opens pages, presses buttons and notes whatever a page does wrong."""

from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Response, expect

from accounts.models import User

HEIGHTS = {1366: 900, 360: 780}
PATIENCE = 10_000  # milliseconds
# What the page is asked after each step; an empty list is a good page.
LOOK = """() => {
  const root = document.documentElement, wrong = [];
  if (root.scrollWidth > root.clientWidth) wrong.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) wrong.push(`${headings} h1`);
  if (!/^\\S.* · 落实$/.test(document.title)) wrong.push(`title “${document.title}”`);
  if (root.lang !== "zh-CN") wrong.push(`lang “${root.lang}”`);
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) wrong.push(`id ${id} twice`);
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels.length && !field.ariaLabel) wrong.push(`${field.name} without label`);
  for (const styled of document.querySelectorAll("[style], [onclick], style"))
    wrong.push(`inline: ${styled.outerHTML.slice(0, 60)}`);
  return wrong;
}"""


class Visitor:
    def __init__(self, page: Page, url: str, *, width: int, album: Path | None = None) -> None:
        self.page, self.url, self.album = page, url, album
        self.problems: list[str] = []
        self.pictures = 0
        self.resize(width)
        page.set_default_timeout(PATIENCE)
        page.on("console", self._heard)
        page.on("pageerror", self._failed)

    def _heard(self, message: ConsoleMessage) -> None:
        self.problems.append(f"{self.page.url}: console {message.type}: {message.text}")

    def _failed(self, error: Error) -> None:
        self.problems.append(f"{self.page.url}: {error}")

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})

    def carry_session_of(self, username: str) -> None:
        """Be logged in as somebody without passing the door."""
        client = Client()
        user = User.objects.get(username=username)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])

    def open(self, path: str) -> Response:
        response = self.page.goto(f"{self.url}{path}")
        assert response is not None
        if response.status != 200:
            self.problems.append(f"{path}: status {response.status}")
        self.look()
        return response

    def enter_as(self, name: str) -> None:
        """Log in, or change places: by the name on the door of the demo."""
        self.page.goto(f"{self.url}/accounts/demo/")
        self.press(self.page.get_by_role("button", name=name).first)

    def press(self, button: Locator) -> None:
        """Click what leads to another page, and look at that page."""
        with self.page.expect_navigation():
            button.click()
        self.look()

    def fill_in(self, name: str, *, press: str, **fields: str) -> None:
        """Open the form of a move on the item's page, fill it in by name and send it by its button."""
        form = self.page.locator(f"#act-{name}")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        for field, text in fields.items():
            form.locator(f"[name={field}]").fill(text)
        self.press(form.get_by_role("button", name=press))

    def reads(self, sentence: str) -> None:
        expect(self.page.get_by_text(sentence).first).to_be_visible()

    def look(self) -> None:
        """Hold the page against what every page promises; keep a picture where an album is kept."""
        self.page.wait_for_load_state()
        self.problems += [f"{self.page.url}: {wrong}" for wrong in self.page.evaluate(LOOK)]
        if self.album is not None:
            self.pictures += 1
            self.page.screenshot(path=self.album / f"{self.pictures:02}.png")
