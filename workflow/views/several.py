"""Many items at once: what was ticked on a page, and what became of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow.actions.several import Outcome, Wanted
from workflow.models import SubItem
from workflow.models.moves import MOVES


def chosen(pairs: Iterable[str], details: Mapping[str, Any]) -> Iterator[Wanted]:
    """Item and version of each ticked box; what is no pair of numbers was not sent by the page."""
    for pair in pairs:
        item_id, _colon, version = pair.partition(":")
        if all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (item_id, version)):
            yield Wanted(int(item_id), int(version), details)


def results(actor: Actor, name: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What became of each, in one query: done, or the sentence why not; those refused come first."""
    seen = SubItem.objects.visible_to(actor).filter(pk__in=[each.item_id for each in outcomes])
    items = {item.pk: item for item in seen.only("number", "text")}
    rows = [_row(name, each, items.get(each.item_id)) for each in outcomes]
    done = sum(row["done"] for row in rows)
    return {
        "done": _summary(name) % {"n": done} if done else "",
        "refused": _("%(n)s 项没有办成，原因写在各项后面。") % {"n": len(rows) - done} if done < len(rows) else "",
        "rows": sorted(rows, key=lambda row: bool(row["done"])),
    }


def _row(name: str, outcome: Outcome, item: SubItem | None) -> dict[str, Any]:
    label = MOVES[name].label
    return {
        "number": item.number if item else "",
        "text": item.text if item else "",
        "url": item.get_absolute_url() if item else "",
        "done": outcome.refusal is None,
        "words": str(outcome.refusal) if outcome.refusal else _("已%(move)s") % {"move": label},
    }


def _summary(name: str) -> str:
    return {
        "accept": _("已签收 %(n)s 项，可以开始办理。"),
        "approve": _("已通过 %(n)s 项，等统筹单位办结。"),
        "reject": _("已退回 %(n)s 项，牵头单位会收到理由。"),
        "close": _("已销号 %(n)s 项。"),
        "renew": _("已转下期 %(n)s 项，牵头单位继续办理。"),
    }[name]
