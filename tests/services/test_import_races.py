"""Two at once in the import wizard, on PostgreSQL: one wins, the other is told so, and nothing is half-written."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Unit, User
from tests.services.test_races import at_once, person
from tests.workflow.conftest import NOW
from workflow import demo, long_work, queries
from workflow.actions import corrections, drafts, revisions, unit_names
from workflow.actions.plans import publish
from workflow.actions.unit_names import Decision
from workflow.models import LongWork, Plan, SubItem
from workflow.queries.revision import compare
from workflow.tables import Draft

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
HEADER = "序号,任务,牵头单位,配合单位,完成时限\n"
FIRST = HEADER + "1,新建幼儿园,教体局,财政局,2024年6月底\n2,开展督导,教体局,,2024年底\n"
OWN = "wangxuewen"


@pytest.fixture(autouse=True)
def _county(transactional_db: None) -> None:
    demo.publish_plan(demo.load_county(), now=NOW)


def begun(text: str = FIRST, revises: Plan | None = None) -> Plan:
    plan = drafts.begin(text.encode(), "表.csv", by=person(OWN), now=NOW, revises_id=revises.pk if revises else None)
    drafts.read_document(plan.pk)
    plan.refresh_from_db()
    return plan


def edit(plan: Plan, words: str) -> Callable[[], Any]:
    change, by = corrections.change({"text": words}), person(OWN)
    return lambda: corrections.edit_row(plan.pk, 1, change, by=by, version=1)


def test_plan_is_published_once() -> None:
    plan, by = begun(), person(OWN)
    told = at_once(*[lambda: publish(plan.pk, by=by, now=NOW)] * 4)
    assert told == Counter(ok=1, MoveNotPossible=3)
    assert SubItem.objects.filter(plan=plan).count() == 2 and queries.verify_journal().broken == []


def test_edit_and_publishing_do_not_pass_each_other() -> None:
    plan, by = begun(), person(OWN)
    at_once(edit(plan, "新建小学"), lambda: publish(plan.pk, by=by, now=NOW, version=1))
    plan.refresh_from_db()
    items = SubItem.objects.filter(plan=plan)
    assert {item.text for item in items} <= {row["text"] for row in Draft(plan.table).rows}
    assert bool(items) == bool(plan.published_at)


def test_row_is_edited_by_the_first_alone() -> None:
    plan = begun()
    assert at_once(edit(plan, "甲"), edit(plan, "乙"), edit(plan, "丙")) == Counter(ok=1, StaleVersion=2)


def test_unit_two_drafts_ask_for_is_made_once() -> None:
    text, by = HEADER + "1,新建幼儿园,教育督导室,,2024年6月底\n", person(OWN)
    pair = [begun(text), begun(text)]

    def make(plan: Plan) -> Callable[[], str]:
        decision = Decision("教育督导室", new_kind="government")
        return lambda: unit_names.decide(plan.pk, [decision], by=by).get("教育督导室", "ok")

    assert at_once(*map(make, pair)) == Counter({"ok": 1, "已经有单位叫“教育督导室”。": 1})
    assert Unit.objects.filter(name="教育督导室").count() == 1


def test_revision_is_applied_once_and_the_chains_stay_whole() -> None:
    first, by = begun(), person(OWN)
    publish(first.pk, by=by, now=NOW)
    revision = begun(FIRST.replace("督导", "督导检查") + "3,新事一件,财政局,,2025年底\n", revises=first)
    asked = {"accepted": [part.code for part in compare(revision).parts], "basis": "会议"}
    told = at_once(
        *[lambda: long_work.ask(LongWork.Kind.APPLY, revision, by=by, here=True, now=NOW, **asked).refusal or "done"]
        * 3
    )
    assert told["done"] == 1
    assert SubItem.objects.filter(plan=first, text="新事一件").count() == 1
    assert queries.verify_journal().broken == []


def test_revision_is_not_thrown_away_while_it_is_carried_out() -> None:
    first, by = begun(), person(OWN)
    publish(first.pk, by=by, now=NOW)
    revision = begun(FIRST + "3,新事一件,财政局,,2025年底\n", revises=first)
    work = LongWork.objects.create(
        kind="apply", plan=revision, by=User.objects.get(username=OWN), asked_at=NOW, claimed_at=NOW
    )
    assert at_once(lambda: drafts.discard(revision.pk, by=by)) == Counter(MoveNotPossible=1)
    work.delete()
    assert at_once(lambda: drafts.discard(revision.pk, by=by)) == Counter(ok=1)


def test_other_file_during_reading_is_refused_or_read() -> None:
    plan, client = begun(), Client()
    client.force_login(User.objects.get(username=OWN), backend="allauth.account.auth_backends.AuthenticationBackend")
    by = person(OWN)
    data = FIRST.replace("幼儿园", "小学").encode()

    def replace() -> str:
        changed = drafts.replace_document(plan.pk, data, "二.csv", by=by)
        return long_work.ask(LongWork.Kind.READ, changed, by=by, here=True, now=NOW).refusal or "read"

    told = at_once(replace, replace, replace)
    assert told["read"] >= 1 and set(told) <= {"read", "MoveNotPossible"}
    plan.refresh_from_db()
    assert Draft(plan.table).rows[0]["text"] == "新建小学"


def test_revisions_of_two_people_collide_part_by_part() -> None:
    first, by = begun(), person(OWN)
    publish(first.pk, by=by, now=NOW)
    both = [begun(FIRST.replace("督导", word), revises=first) for word in ("督导检查", "督导评估")]
    codes = [[part.code for part in compare(revision).parts] for revision in both]

    def apply(place: int) -> Callable[[], str]:
        def run() -> str:
            outcomes = revisions.apply(both[place].pk, codes[place], basis="会议", by=by, now=NOW)
            return "refused" if any(outcome.refusal for outcome in outcomes) else "done"

        return run

    told = at_once(apply(0), apply(1))
    assert told["done"] >= 1 and set(told) <= {"done", "refused"}
    assert queries.verify_journal().broken == []
