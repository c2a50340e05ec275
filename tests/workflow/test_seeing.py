"""Who sees what of an item: each piece of information × everybody, on its page and over the API (rule 6)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import tokens
from accounts.actor import Actor
from accounts.models import User
from tests.workflow.actions.test_parts import move, of, person, step
from tests.workflow.file_samples import SAMPLES
from workflow import policies
from workflow.actions.countersigning import circulate, countersign
from workflow.actions.evidence import add_evidence, add_to_part
from workflow.actions.extensions import request_extension
from workflow.actions.parts import ask_for_parts
from workflow.actions.reports import report_progress, save_draft
from workflow.models import Evidence, Part, SubItem

pytestmark = pytest.mark.django_db

# 21.1 as it is made here: 县委编办 with 教体局 lead, 财政局 and 各乡镇 support, 教育工委 verifies and owns.
PEOPLE = {
    "lead": "zhuminjie",
    "co_lead": "majianjun",
    "support": "nafang",  # 财政局
    "member": "limengyao",  # 城关镇
    "other": "wangcaixia",  # 黄渠桥镇
    "verifier": "yangjing",
    "coordinator": "wangxuewen",
    "inspector": "lizhiqiang",
    "leader": "zhoumin",
}
WHOLE = {"lead", "co_lead", "verifier", "coordinator", "inspector", "leader"}
ALL = set(PEOPLE)
# What stands where, and who reads it. Each is a word found nowhere else.
PIECES: dict[str, tuple[str, set[str]]] = {
    "the item's text": ("编制保障", ALL),
    "words of a report": ("甲乙进展", WHOLE),
    "name of the lead's file": ("编制批文", WHOLE),
    "caption of the lead's file": ("批文说明", WHOLE),
    "words handed in": ("第一次报送稿", WHOLE),
    "opinion of the co-lead": ("共同牵头意见", WHOLE),
    "words of the reviewer": ("编外人数不符", WHOLE),
    "reason for more time": ("省里批复晚", WHOLE),
    "progress with it": ("已送省厅", WHOLE),
    "what all are asked": ("报送在编名册", WHOLE | {"support", "member", "other"}),
    "answer of 财政局": ("工资已核三百人", WHOLE | {"support"}),
    "file of 财政局": ("工资表", WHOLE | {"support"}),
    "why its answer was returned": ("缺三所学校", WHOLE | {"support"}),
    "answer of 城关镇": ("本镇十二人", WHOLE | {"member"}),
    "file of 城关镇": ("城关镇名册", WHOLE | {"member"}),
    "why 黄渠桥镇 declines": ("本镇没有学校", WHOLE | {"other"}),
    "why 宝丰镇 is waived": ("已并入县直", WHOLE),
    "basis of a change": ("教工委发三号", WHOLE),
    "what was changed": ("每季调度一次", ALL),
}
NOBODY_READS = {"words of a draft": "第二次还没签发"}


@pytest.fixture
def full(item: Callable[[str], SubItem], now: datetime) -> SubItem:
    """An item in which everything has been said once, by everybody who could."""
    one = item("21.1")
    SubItem.objects.filter(pk=one.pk).update(text="落实编制保障")
    lead, head = person("zhuminjie"), "hewenbin"
    now += timedelta(days=1)
    move(one, "amend", "wangxuewen", now, comment="教工委发三号", supports=["财政局", "各乡镇"], notes="每季调度一次")
    move(one, "accept", "zhuminjie", now)
    report_progress(one.pk, by=lead, now=now, percent=37, words="甲乙进展")
    add_evidence(one.pk, file("编制批文"), by=lead, now=now, caption="批文说明")
    circulate(one.pk, by=lead, now=now, version=seq(one), summary="第一次报送稿")
    countersign(one.pk, by=person("dinghaiyan"), now=now, version=seq(one), opinion="共同牵头意见")
    move(one, "submit", head, now)
    move(one, "reject", "yangjing", now, comment="编外人数不符")
    due_on = (now + timedelta(days=20)).date()
    ask_for_parts(one.pk, by=lead, now=now, version=seq(one), ask="报送在编名册", due_on=due_on)
    for unit, username, name in (("财政局", "nafang", "工资表"), ("城关镇", "limengyao", "城关镇名册")):
        add_to_part(of(one, unit).pk, file(name), by=person(username), now=now)
    step(of(one, "财政局"), "answer", "nafang", now, "工资已核三百人")
    step(of(one, "财政局"), "return", "zhuminjie", now, "缺三所学校")
    step(of(one, "城关镇"), "answer", "limengyao", now, "本镇十二人")
    step(of(one, "黄渠桥镇"), "decline", "wangcaixia", now, "本镇没有学校")
    step(of(one, "宝丰镇"), "waive", "zhuminjie", now, "已并入县直")
    save_draft(one.pk, by=lead, now=now, summary="第二次还没签发", version=None)
    later = SubItem.objects.get(pk=one.pk).due_on + timedelta(days=90)
    said = {"due_on": later, "reason": "省里批复晚", "progress": "已送省厅"}
    request_extension(one.pk, by=person(head), now=now, version=seq(one), **said)
    return one


def seq(one: SubItem) -> int:
    return SubItem.objects.get(pk=one.pk).seq


def file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.txt", f"{name}的内容".encode() + SAMPLES["txt"])


def page(one: SubItem, username: str) -> str:
    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client.get(f"/items/{one.pk}/?all=1").content.decode()


def api(one: SubItem, username: str) -> Callable[[str], Any]:
    token = tokens.issue(User.objects.get(username=username), days=1, now=datetime.now().astimezone())
    headers = {"Authorization": f"Bearer {token}"}
    return lambda path: Client().get(f"/api/v1/{path}", headers=headers).json()


def test_a_page_shows_everybody_what_the_table_says(full: SubItem) -> None:
    seen = {place: page(full, username) for place, username in PEOPLE.items()}
    found = {piece: {place for place in PEOPLE if words in seen[place]} for piece, (words, _who) in PIECES.items()}
    assert found == {piece: who for piece, (_words, who) in PIECES.items()}
    # the lead writes the draft and the co-lead is to sign it, nobody else reads it
    assert {place for place in PEOPLE if NOBODY_READS["words of a draft"] in seen[place]} == {"lead", "co_lead"}
    assert {place for place in PEOPLE if "37%" in seen[place]} == WHOLE


def test_the_api_tells_everybody_what_the_table_says(full: SubItem) -> None:
    seen = {}
    for place, username in PEOPLE.items():
        get = api(full, username)
        paths = ("", "/journal", "/parts?limit=200")
        seen[place] = str([get(f"sub-items/{full.pk}{path}") for path in paths] + [get("sub-items?limit=200")])
    # the item's own answer has neither reports nor files of the lead, and the journal's has no details
    not_there = ("name of the lead's file", "caption of the lead's file", "what was changed", "opinion of the co-lead")
    told = {
        piece: {place for place in PEOPLE if words in seen[place]}
        for piece, (words, _who) in PIECES.items()
        if piece not in not_there
    }
    assert told == {piece: PIECES[piece][1] for piece in told}
    assert not [place for place in PEOPLE if NOBODY_READS["words of a draft"] in seen[place]]


def test_files_are_opened_by_whom_the_table_says(full: SubItem) -> None:
    for name, who in (("编制批文", WHOLE), ("工资表", WHOLE | {"support"}), ("城关镇名册", WHOLE | {"member"})):
        found = Evidence.objects.get(filename=f"{name}.txt")
        opened = {
            place
            for place, username in PEOPLE.items()
            if Evidence.objects.visible_to(person(username)).filter(pk=found.pk).exists()
        }
        assert opened == who, name


def test_who_sees_it_whole_follows_the_chain_and_who_supports_reads_an_outline(full: SubItem) -> None:
    for place, username in PEOPLE.items():
        entries = api(full, username)(f"sub-items/{full.pk}/journal")
        seqs = [entry["seq"] for entry in entries]
        if place in WHOLE:
            assert seqs == list(range(1, SubItem.objects.get(pk=full.pk).seq + 1))
            assert [entry["prev_hash"] for entry in entries[1:]] == [entry["hash"] for entry in entries[:-1]]
            continue
        assert {entry["hash"] for entry in entries} == {entry["prev_hash"] for entry in entries} == {""}
        units = {entry["unit"] for entry in entries if entry["action"].startswith("part.")}
        own = {post.unit_name for post in person(username).posts}
        assert units == {"县委编办", *own}, place  # who asked and answered it, and its own
        assert {"accept", "submit", "reject", "amend"} <= {entry["action"] for entry in entries}
    auditor = api(full, "baiyong")(f"sub-items/{full.pk}/journal")
    assert auditor[-1]["hash"] == SubItem.objects.get(pk=full.pk).head


def test_days_and_requests_for_time_are_for_who_sees_it_whole(full: SubItem) -> None:
    for place, username in PEOPLE.items():
        get = api(full, username)
        said = get(f"sub-items/{full.pk}")
        assert (said["extension"] is not None, bool(said["days"])) == (place in WHOLE, place in WHOLE), place
        parts = get(f"sub-items/{full.pk}/parts")
        assert parts["count"] == (14 if place in WHOLE else 1), place


def test_the_two_ways_of_saying_who_sees_it_whole_agree(full: SubItem) -> None:
    items = list(SubItem.objects.with_responsibilities().select_related("plan"))
    for user in User.objects.all():
        actor = Actor.of(user)
        visible = set(SubItem.objects.visible_to(actor).values_list("pk", flat=True))
        whole = set(SubItem.objects.seen_whole_by(actor).values_list("pk", flat=True))
        assert whole == {one.pk for one in items if one.pk in visible and policies.sees_whole(actor, one)}


def test_a_support_knows_of_its_own_part_alone(full: SubItem) -> None:
    names = {place: set() for place in ("support", "member", "other")}
    for place in names:
        seen = Part.objects.visible_to(person(PEOPLE[place])).filter(item=full)
        names[place] = set(seen.values_list("unit__name", flat=True))
    assert names == {"support": {"财政局"}, "member": {"城关镇"}, "other": {"黄渠桥镇"}}
