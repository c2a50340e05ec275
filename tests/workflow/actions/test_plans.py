"""A table kept as a draft and published; what stops it, and that nothing is left half-written."""

from collections import Counter
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import Region, Unit, User
from notifications.models import Message
from workflow import demo
from workflow.actions.drafts import start
from workflow.actions.plans import publish
from workflow.defaults import FIXTURES
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.models import JournalEntry, Part, Plan, Responsibility, Section, SubItem
from workflow.queries import verify_journal
from workflow.states import Duty
from workflow.tables import read

TABLE = (FIXTURES / "pingluo/table.txt").read_text(encoding="utf-8")


@pytest.fixture
def county(db: None) -> Region:
    return demo.load_county()


def draft_of(text: str, county: Region, now: datetime) -> Plan:
    return start(read(text.encode(), "table.txt"), region=county, by=Actor.system(), now=now)


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def test_publishing_makes_the_table_live(pingluo: Plan, now: datetime) -> None:
    assert (SubItem.objects.count(), Section.objects.filter(parent=None).count(), Section.objects.count()) == (
        48,
        5,
        27,
    )
    duties = Counter(Responsibility.objects.values_list("duty", flat=True))
    assert duties == {Duty.LEAD: 61, Duty.SUPPORT: 92 - 7}  # seven name 教体局 as both: counted once, as lead
    assert Counter(SubItem.objects.values_list("kind", flat=True)) == {"date": 33, "ongoing": 15}
    assert set(JournalEntry.objects.values_list("seq", "action")) == {(1, "dispatch")}
    assert list(pingluo.supervisors.values_list("unit__name", flat=True)) == ["教育工委", "教体局"]


def test_each_person_is_told_once(pingluo: Plan) -> None:
    told = Counter(Message.objects.values_list("recipient__username", flat=True))
    assert set(told.values()) == {1}
    assert {"majianjun", "dinghaiyan", "nafang"} <= set(told)
    assert not {"fenglei", "zhoumin", "lizhiqiang"} & set(told)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("科协", "科学馆", "第7行（2.3）：配合单位“科学馆”，单位名册里没有。"),
        (
            "\t自然资源局\n\t教体局\n\t2022年",
            "\t林草局\n\t教体局\n\t2022年",
            "第12行（5.1）：牵头单位“林草局”，单位名册里没有。",
        ),
        ("\t教体局\n\t2024年", "\t教体局\n\t立即整改", "完成时限“立即整改”读不出日期，请定下日期。"),
    ],
)
def test_what_cannot_be_published_is_named_by_row(
    county: Region, now: datetime, tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    assert before in TABLE
    file = tmp_path / "table.txt"
    file.write_text(TABLE.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("import_plan", str(file), publish=True, region="640221", stdout=StringIO(), stderr=StringIO())
    assert (refused.value.returncode, sentence in str(refused.value)) == (1, True)
    assert (Plan.objects.count(), SubItem.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_draft_that_cannot_be_published_stays_a_draft(county: Region, now: datetime) -> None:
    draft = draft_of(TABLE.replace("科协", "科学馆"), county, now)
    with pytest.raises(Invalid, match="科学馆"):
        publish(draft.pk, by=person("wangxuewen"), now=now)
    assert (Plan.objects.get().published_at, SubItem.objects.count(), Section.objects.count()) == (None, 0, 0)


def test_only_a_coordinator_publishes_and_only_once(county: Region, now: datetime) -> None:
    draft = draft_of(TABLE, county, now)
    with pytest.raises(NotFound):  # a draft is its coordinators' own
        publish(draft.pk, by=person("dinghaiyan"), now=now)
    assert publish(draft.pk, by=person("wangxuewen"), now=now).items == 48
    with pytest.raises(MoveNotPossible):
        publish(draft.pk, by=person("wangxuewen"), now=now)


def test_dates_that_have_passed_stay_and_their_ladder_starts_that_day(county: Region) -> None:
    late = datetime(2024, 11, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    published = publish(draft_of(TABLE, county, late).pk, by=Actor.system(), now=late)
    item = SubItem.objects.get(number="9.1")
    assert (len(published.passed), "9.1" in published.passed) == (13 + 4 + 2, True)  # 2021, 2022 and 2023
    assert (item.due_on, item.clocks["due"]["since"]) == (date(2021, 12, 31), "2024-11-20")
    assert item.alarm_at.date() == date(2024, 11, 21)  # due+1, counted from the dispatch


def test_command_publishes_and_says_so(county: Region) -> None:
    said = StringIO()
    file = str(FIXTURES / "pingluo/table.txt")
    call_command("import_plan", file, publish=True, region="640221", format="json", stdout=StringIO(), stderr=said)
    assert "共 48 个子项" in said.getvalue()
    call_command("import_plan", file, region="640221", stdout=StringIO(), stderr=said)
    assert ("已存为草稿" in said.getvalue(), Plan.objects.filter(published_at=None).count()) == (True, 1)


def test_unknown_region_is_bad_input(county: Region) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_plan", str(FIXTURES / "pingluo/table.txt"), region="1", stdout=StringIO())
    assert (refused.value.returncode, Plan.objects.count()) == (2, 0)


# --- parts asked at dispatch ------------------------------------------------------------------------------------------
def published(county: Region, now: datetime, *, asks: bool) -> int:
    """The county's plan, published with the option on or off; how many statements it took."""
    draft = draft_of(TABLE, county, now)
    Plan.objects.filter(pk=draft.pk).update(asks_supports_at_dispatch=asks)
    with CaptureQueriesContext(connection) as captured:
        publish(draft.pk, by=Actor.system(), now=now)
    return len(captured)


def test_supports_are_asked_at_dispatch_where_the_plan_says_so(county: Region, now: datetime) -> None:
    published(county, now, asks=True)
    parts = Part.objects.select_related("item", "unit", "group")
    assert len(parts) == 92 - 7 - 1 + 13  # one for each duty of 各乡镇's thirteen members
    assert {part.due_on == part.item.due_on for part in parts} == {True}
    assert {(part.status, part.round_no, part.asked_by) for part in parts} == {("asked", 1, None)}
    assert [part.unit.name for part in parts if part.group] == list(
        Unit.objects.get(name="各乡镇").members.values_list("name", flat=True)
    )
    for item in SubItem.objects.prefetch_related("parts"):
        rows = {(part.unit_id, part.status) for part in item.parts.all()}
        assert {(each["unit"], each["status"]) for each in item.parts_open} == rows
        assert item.journal.get().details.get("parts_asked", []) == [each["unit"] for each in item.parts_open]
    assert set(Counter(Message.objects.values_list("recipient__username", flat=True)).values()) == {1}  # still once
    assert verify_journal().broken == []


def test_asking_at_dispatch_costs_two_statements_whatever_the_rows(county: Region, now: datetime) -> None:
    published(county, now, asks=False)  # rules and calendar are read once a process
    fewest, asking = published(county, now, asks=False), published(county, now, asks=True)
    at_once = 2 if connection.vendor == "postgresql" else 3  # SQLite takes fewer values in a statement
    assert asking - fewest == at_once


def test_nobody_is_asked_where_the_plan_does_not_say_so(pingluo: Plan) -> None:
    assert (pingluo.asks_supports_at_dispatch, Part.objects.count()) == (False, 0)
    assert {str(item.parts_open) for item in SubItem.objects.all()} == {"[]"}
