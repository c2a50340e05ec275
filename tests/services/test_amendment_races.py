"""A coordinator changes an item in the moment its unit works on it: one of the two, and the other is told."""

from typing import Any

import pytest

from tests.services.test_races import NOW, at_once, county, item, move, person, ready, sound
from workflow.actions.reports import report_progress
from workflow.models import Report, Responsibility

__all__ = ["county"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

AMENDED = ("amend", "wangxuewen", {"comment": "修订", "supports": ["财政局", "科协"]})
REASSIGNED = ("reassign", "wangxuewen", {"comment": "修订", "leads": ["团县委", "教体局"]})
SUBMITTED = ("submit", "dinghaiyan", {"summary": "请审核。"})


@pytest.mark.parametrize(
    "pair", [(AMENDED, AMENDED), (AMENDED, REASSIGNED), (AMENDED, SUBMITTED), (REASSIGNED, SUBMITTED)]
)
def test_one_of_two_moves_is_made(county: None, pair: tuple[tuple[str, str, dict[str, Any]], ...]) -> None:
    before = ready()
    told = at_once(*(move("2.1", name, who, **details) for name, who, details in pair))
    assert told == {"ok": 1, "StaleVersion": 1}
    after = item("2.1")
    last = after.journal.last()
    assert (after.seq, last.to_state) == (before.seq + 1, after.state)
    leads = ["团县委", "教体局"] if last.action == "reassign" else ["教体局"]
    supports = ["财政局", "科协"] if last.action == "amend" else []
    assert ([unit.name for unit in after.leads], [unit.name for unit in after.supports]) == (leads, supports)
    assert Responsibility.objects.filter(item=after).count() == len(leads + supports)
    assert sound()


def test_unit_that_is_out_reports_no_more(county: None) -> None:
    one = ready()
    reports = Report.objects.count()
    told = at_once(
        move("2.1", "reassign", "wangxuewen", comment="修订", leads=["团县委"]),
        lambda: report_progress(one.pk, by=person("majianjun"), now=NOW, percent=100, words="已办。"),
    )
    if item("2.1").journal.last().action == "report":  # it came first, and the coordinator clicked on an old page
        assert (told, Report.objects.count()) == ({"ok": 1, "StaleVersion": 1}, reports + 1)
    else:
        assert (told["ok"], told["MoveNotPossible"] + told["NotFound"], Report.objects.count()) == (1, 1, reports)
    assert sound()
