"""A person at a browser, on a server of this test's own with the published plan of 平罗县."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.visitor import Visitor
from tests.county import publish_county
from workflow import clock


@pytest.fixture
def county(transactional_db: None) -> None:
    """The plan as it was published on the first day of the demo; its clock runs."""
    now = clock.now()
    publish_county(now)


@pytest.fixture
def visitor(
    county: None, live_server: Any, page: Page, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """`visitor(360)`: a browser that wide. Whatever its pages did wrong fails the test at its end."""
    album = Path(request.config.getoption("--output")) / "pages" / re.sub(r"\W+", "-", request.node.name).strip("-")
    visitors: list[Visitor] = []

    def opened(width: int) -> Visitor:
        visitors.append(Visitor(page, live_server.url, width=width, album=album))
        return visitors[-1]

    yield opened
    assert [problem for each in visitors for problem in each.problems] == []
