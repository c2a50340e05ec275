"""The why box of a sub-item's page: who used the working days, as a sentence and as a bar."""

import re
from collections.abc import Callable

from django.test import Client
from django.utils.html import strip_tags

from accounts.actor import Actor
from accounts.models import User
from workflow import clock
from workflow.actions.moves import make_move
from workflow.models import SubItem

As = Callable[[str], Actor]
Item = Callable[[str], SubItem]


def page(item: SubItem) -> str:
    client = Client()
    client.force_login(
        User.objects.get(username="lizhiqiang"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client.get(item.get_absolute_url()).content.decode()


def reassign(number: str, lead: str, by: Actor) -> None:
    item = SubItem.objects.get(number=number)
    details = {"comment": "职责调整。", "leads": [lead]}
    make_move(item.pk, "reassign", by=by, now=clock.now(), version=item.seq, details=details)


def test_late_item_says_who_used_the_days_and_draws_them(item: Item, actor: As) -> None:
    SubItem.objects.filter(number="2.1").update(due_on="2021-11-22", yellow_on="2021-11-22")
    clock.forward(2)
    reassign("2.1", "财政局", actor("wangxuewen"))
    clock.forward(1)
    reassign("2.1", "人社局", actor("wangxuewen"))
    clock.forward(4)  # to Monday 29 November
    html = page(item("2.1"))
    box = html.partition('<details class="why" open>')[2].partition("</details>")[0]
    assert "逾期 5 个工作日：教体局 2，财政局 1，人社局 2。" in strip_tags(box)
    assert re.findall(r'<rect class="(t\d)" x="(\d+)%" width="(\d+)%"', box) == [
        ("t3", "0", "40"),
        ("t2", "40", "20"),
        ("t1", "60", "40"),
    ]
    assert "style=" not in box


def test_first_day_has_no_bar(item: Item) -> None:
    assert "<rect" not in page(item("2.1"))
