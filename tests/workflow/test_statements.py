"""How many SQL statements every write costs, BEGIN and COMMIT counted: a few, whatever the number of anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from tests.county import publish_county
from tests.workflow.conftest import NOW
from workflow.actions import parts
from workflow.actions.countersigning import circulate, countersign, refuse_countersign
from workflow.actions.criteria import propose_criteria, settle_proposal
from workflow.actions.decisions import decide_year
from workflow.actions.evidence import add_evidence, add_to_part
from workflow.actions.extensions import decide_extension, request_extension, withdraw_extension
from workflow.actions.moves import make_move
from workflow.actions.objections import keep_assignment, raise_objection, withdraw_objection
from workflow.actions.rechecks import draw, let_stand
from workflow.actions.reports import report_progress, save_draft
from workflow.criteria import MOST
from workflow.models import Evidence, Extension, Objection, Part, Plan, Recheck, Responsibility, SubItem
from workflow.models.moves import MOVES
from workflow.states import Duty

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT, JUDGING_LIMIT = 8, 12  # the design's; the second where a submission is written or judged, or units change
TWO_ITEMS_LIMIT = 18  # of a split: each item has its row, duties, entry and messages, and both may have a document
JUDGING = {"submit", "approve", "reject", "withdraw", "amend units", "reassign", "submit over a request"}
JUDGING |= {"draw", "recheck stands", "reopen drawn"}
JUDGING |= {"circulate", "circulate other words", "countersign", "countersign, the last", "refuse to countersign"}
JUDGING |= {f"{name} over signatures" for name in ("draft", "evidence", "amend units")} | {"submit countersigned"}
JUDGING |= {"draft with answers", "submit with answers", "reject with ticks", "approve with ticks"}
JUDGING |= {"lapse", "cancel under review"}  # ends the submission that was open
JUDGING |= {f"extension {outcome}" for outcome in ("requested", "withdrawn", "granted", "refused")}
JUDGING |= {"amend with a basis", "reassign with a basis"}
TWO_ITEMS = {"split", "split with a basis"}
JUDGING |= {"name-verifier", "name-verifier under review"}
JUDGING |= {f"objection {outcome}" for outcome in ("raised", "withdrawn", "kept")} | {"reassign over an objection"}
PART_STEPS = ("asked", "answered", "declined", "accepted", "returned", "waived")
JUDGING |= {f"part {outcome}" for outcome in PART_STEPS} | {"evidence of a part"}
# On SQLite, where every write is a statement of its own. PostgreSQL joins the item's row, the journal entry and the
# messages of a move into one, two less; of a contribution, which tells nobody, row and entry, one less.
STATEMENTS = {
    "accept": 8,
    "assign": 8,
    "submit": 11,
    "withdraw": 8,
    "approve": 8,
    "reject": 8,
    "close": 7,
    "renew": 8,
    "lapse": 9,
    "suspend": 7,
    "resume": 7,
    "decide": 7,
    "reopen": 8,  # looks for a re-check that waits
    "reopen drawn": 9,
    "draw": 12,
    "recheck stands": 10,
    "amend": 7,
    "amend units": 10,
    "reassign": 10,
    "cancel": 7,
    "amend with a basis": 9,
    "reassign with a basis": 12,
    "split": 16,
    "split with a basis": 18,
    "name-verifier": 10,
    "name-verifier under review": 11,
    "cancel under review": 9,
    "report": 7,
    "evidence": 8,
    "draft": 8,
    "extension requested": 9,
    "extension withdrawn": 10,
    "extension granted": 10,
    "extension refused": 10,
    "submit over a request": 11,
    "objection raised": 10,
    "objection withdrawn": 10,
    "objection kept": 10,
    "reassign over an objection": 12,
    "circulate": 12,
    "circulate other words": 12,
    "countersign": 9,
    "countersign, the last": 10,
    "refuse to countersign": 11,
    "submit countersigned": 12,
    "draft over signatures": 9,
    "evidence over signatures": 9,
    "amend units over signatures": 11,
    "cancel over signatures": 8,
    "criteria proposed": 7,
    "criteria returned": 7,
    "criteria agreed": 7,
    "draft with answers": 9,
    "submit with answers": 11,
    "reject with ticks": 8,
    "approve with ticks": 8,
    "part asked": 11,
    "part answered": 11,
    "part declined": 11,
    "part accepted": 10,
    "part returned": 11,
    "part waived": 11,
    "evidence of a part": 9,
    "cancel with parts": 8,
}


CONTRIBUTIONS = {"report", "evidence", "draft", "draft over signatures", "evidence over signatures", "countersign"}
CONTRIBUTIONS |= {"draft with answers"}
CONTRIBUTIONS |= {"evidence of a part", "part accepted"}
CO_LEADS = {  # and their heads
    "财政局": "liuyongning",
    "发改局": "jiangguoqing",
    "民政局": "zhangshouyi",
    "科协": "jiahongwei",
    "妇联": "zhaoyuqin",
    "残联": "panzhiming",
}
SOME_DAY = {"kind": "date", "due_on": "2023-06-30"}


def joined(name: str) -> int:
    if connection.vendor != "postgresql" or name == "draw":  # which writes in bulk
        return 0
    return 1 if name in CONTRIBUTIONS else 2


@dataclass
class Counted:
    """A life of items in which every write is made once under the counter; `many` of everything that can be many."""

    many: int
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.officer = person("majianjun")
        self.plan = Plan.objects.get().pk

    def life(self) -> dict[str, int]:
        self.crowd()
        self.warm_up()
        self.move("2.1", "amend", "wangxuewen", comment="修订", text="改过的内容", deadline=SOME_DAY)
        self.move("2.1", "amend", "wangxuewen", as_="amend units", comment="修订", supports=self.others("2.1"))
        self.move("6.1", "reassign", "wangxuewen", comment="修订", leads=self.others("6.1"), supports=[], notes="新")
        self.with_basis("9.1", "amend", comment="修订", notes="新")
        self.with_basis("9.2", "reassign", comment="修订", leads=self.others("9.2"), supports=[])
        self.move("21.1", "split", "wangxuewen", unit="教体局", comment="分开办")
        self.with_basis("18.1", "split", unit="人社局", comment="分开办", supports=self.others("18.1"))
        self.move("2.1", "accept", "majianjun", assignee="baihuiling")
        self.move("2.1", "assign", "dinghaiyan", assignee="majianjun")
        self.count("report", lambda pk: report_progress(pk, by=self.officer, now=self.now, percent=1, words="好"))
        for each in range(self.many):
            file = SimpleUploadedFile(f"{each}.txt", f"第 {each} 份".encode())
            self.count("evidence", lambda pk, file=file: self.upload(pk, file))
        self.count("draft", lambda pk: self.draft(pk))
        self.move("2.1", "submit", "dinghaiyan")
        self.move("2.1", "withdraw", "dinghaiyan", comment="再改")
        self.uncounted("2.1", "submit", "dinghaiyan", summary="稿")
        self.move("2.1", "reject", "yangjing", comment="请补材料")
        self.uncounted("2.1", "submit", "dinghaiyan", summary="稿")
        self.move("2.1", "approve", "yangjing")
        self.move("2.1", "close", "wangxuewen")
        self.extensions("2.2")
        self.objections("7.1")
        self.signatures("9.1")
        self.criteria("4.2")
        self.parts("10.1")
        self.move("2.1", "reopen", "lizhiqiang", comment="回头看", due_on="2024-12-31")
        self.move("2.1", "name-verifier", "wangxuewen", comment="无人可审", verifier="县委督查室")
        self.move("2.1", "cancel", "wangxuewen", comment="已并入")
        self.ready_to_renew("3.2")
        self.move("3.2", "renew", "wangxuewen")
        self.rounds_turn("17.1")
        report_progress(SubItem.objects.get(number="3.2").pk, by=self.officer, now=self.now, percent=1, words="好")
        self.uncounted("3.2", "submit", "dinghaiyan", summary="稿")
        self.move(
            *("3.2", "name-verifier", "wangxuewen"),
            as_="name-verifier under review",
            comment="无人可审",
            verifier="县委督查室",
        )
        self.move("3.2", "cancel", "wangxuewen", as_="cancel under review", comment="已并入")
        self.rechecks()
        return self.counts

    def crowd(self) -> None:
        """More heads, verifiers and supporting units on 2.1 and 3.2."""
        for index in range(self.many - 1):
            user = User.objects.create(username=f"crowd{index}", name="某人")
            for unit, role in (("教体局", "head"), ("教育工委", "verifier"), ("教育工委", "coordinator")):
                Post.objects.create(user=user, unit=Unit.objects.get(name=unit), role=role)
        for item in SubItem.objects.filter(number__in=["2.1", "3.2"]):
            others = Unit.objects.exclude(responsibilities__item=item).exclude(name="教育工委")[: self.many]
            Responsibility.objects.bulk_create(
                Responsibility(item=item, unit=unit, duty=Duty.SUPPORT, position=10 + place)
                for place, unit in enumerate(others)
            )

    def others(self, number: str) -> list[str]:
        """Units that have no duty on the item, as many as there are to be."""
        units = Unit.objects.exclude(responsibilities__item__number=number).exclude(name="教育工委")
        return [unit.name for unit in units.order_by("-position")[: self.many]]

    def warm_up(self) -> None:
        """Rules and calendar are read once a process."""
        SubItem.objects.select_related("plan").first().plan.rules_in_force()

    def ready_to_renew(self, number: str) -> None:
        self.uncounted(number, "accept", "majianjun")
        pk = SubItem.objects.get(number=number).pk
        report_progress(pk, by=self.officer, now=self.now, percent=100, words="好")
        self.uncounted(number, "submit", "dinghaiyan", summary="稿")
        self.uncounted(number, "approve", "yangjing")

    def rounds_turn(self, number: str) -> None:
        self.move(number, "suspend", "wangxuewen", comment="等政策", until="2021-12-31")
        self.move(number, "resume", "wangxuewen")
        by, version = person("wangxuewen"), SubItem.objects.get(number=number).seq
        self.count(
            "decide", lambda pk: decide_year(pk, "end", by=by, now=self.now, version=version, comment="已办结"), number
        )
        self.uncounted(number, "accept", "majianjun")
        before, self.now = self.now, datetime(2023, 1, 1, tzinfo=self.now.tzinfo)
        self.count("lapse", lambda pk: make_move(pk, "lapse", by=Actor.system(), now=self.now, version=None), number)
        self.now = before

    def extensions(self, number: str) -> None:
        head, verifier = person("dinghaiyan"), person("yangjing")
        self.uncounted(number, "accept", "majianjun")
        self.ask(number)
        self.settle("withdrawn", lambda pk, **now: withdraw_extension(pk, by=head, **now))
        for verdict, name in (("refuse", "refused"), ("grant", "granted")):
            self.ask(number)
            self.settle(
                name,
                lambda pk, verdict=verdict, **now: decide_extension(pk, verdict, by=verifier, comment="好", **now),
            )
        self.ask(number)
        report_progress(SubItem.objects.get(number=number).pk, by=self.officer, now=self.now, percent=1, words="好")
        self.move(number, "submit", "dinghaiyan", as_="submit over a request", summary="稿")

    def signatures(self, number: str) -> None:
        """An item with one co-lead more than there are to be of anything; the others sign or refuse uncounted."""
        co_leads = list(CO_LEADS.items())[: self.many + 1]
        (_unit, first), others, (_last, last) = co_leads[0], co_leads[1:-1], co_leads[-1]

        def sign_all(name: str) -> None:
            self.co_lead("countersign", countersign, number, first)
            for _co_lead, each in others:
                self.co_lead("countersign", countersign, number, each)
            self.co_lead(name, countersign, number, last)

        leads = ["教体局", *(unit for unit, _head in co_leads)]
        self.uncounted(number, "amend", "wangxuewen", comment="修订", leads=leads)
        self.uncounted(number, "accept", "majianjun")
        self.upload(SubItem.objects.get(number=number).pk, SimpleUploadedFile("s.txt", "甲".encode()))
        self.circulate("circulate", number, "一稿")
        self.co_lead("countersign", countersign, number, first)
        self.co_lead("refuse to countersign", refuse_countersign, number, last)
        self.circulate("circulate other words", number, "二稿")
        sign_all("countersign, the last")
        self.count("draft over signatures", lambda pk: self.draft(pk), number)
        self.circulate("circulate", number, "四稿", counted=False)
        file = SimpleUploadedFile("t.txt", "乙".encode())
        self.count("evidence over signatures", lambda pk: self.upload(pk, file), number)
        self.circulate("circulate", number, "四稿", counted=False)
        fewer = leads[:-1]
        self.move(number, "amend", "wangxuewen", as_="amend units over signatures", comment="修订", leads=fewer)
        self.uncounted(number, "amend", "wangxuewen", comment="修订", leads=leads)
        self.circulate("circulate", number, "四稿", counted=False)
        sign_all("countersign, the last")
        self.move(number, "submit", "dinghaiyan", as_="submit countersigned")
        self.uncounted(number, "withdraw", "dinghaiyan")
        self.circulate("circulate", number, "五稿")
        self.move(number, "cancel", "wangxuewen", as_="cancel over signatures", comment="已并入")

    def circulate(self, name: str, number: str, words: str, *, counted: bool = True) -> None:
        version = SubItem.objects.get(number=number).seq

        def sent(pk: int) -> None:
            circulate(pk, by=self.officer, now=self.now, version=version, summary=words)

        if counted:
            self.count(name, sent, number)
        else:
            sent(SubItem.objects.get(number=number).pk)

    def co_lead(self, name: str, write: Callable[..., object], number: str, username: str) -> None:
        by, version = person(username), SubItem.objects.get(number=number).seq
        self.count(name, lambda pk: write(pk, by=by, now=self.now, version=version, opinion="好"), number)

    def criteria(self, number: str) -> None:
        """As many criteria as there is of anything and an item may have, each answered with as many files."""
        said = [{"text": f"标准 {no}", "value": no, "unit": "所"} for no in range(1, min(self.many, MOST) + 1)]
        verifier, steps = person("yangjing"), (("return", "returned"), ("agree", "agreed"))
        self.uncounted(number, "accept", "majianjun")
        for name, done in steps:
            self.write(number, "criteria proposed", propose_criteria, self.officer, proposed=said)
            said = [{**each, "baseline": 0} for each in said]
            self.write(number, f"criteria {done}", settle_proposal, verifier, name=name, comment="好")
        pk = SubItem.objects.get(number=number).pk
        for no in range(self.many):
            self.upload(pk, SimpleUploadedFile(f"{no}.txt", f"标准 {no}".encode()))
        files = list(Evidence.objects.filter(item=pk).values_list("pk", flat=True))
        answers = {str(no): {"value": no, "text": "好", "evidence": files} for no in range(1, len(said) + 1)}
        ticks = {no: True for no in answers}
        self.write(number, "draft with answers", save_draft, self.officer, summary="稿", answers=answers)
        self.move(number, "submit", "dinghaiyan", as_="submit with answers", answers=answers)
        self.move(number, "reject", "yangjing", as_="reject with ticks", comment="缺", ticks=ticks | {"1": False})
        self.uncounted(number, "submit", "dinghaiyan", summary="稿", answers=answers)
        self.move(number, "approve", "yangjing", as_="approve with ticks", ticks=ticks)

    def write(self, number: str, called: str, action: Callable[..., object], by: Actor, **said: Any) -> None:
        version = SubItem.objects.get(number=number).seq
        self.count(called, lambda pk: action(pk, by=by, now=self.now, version=version, **said), number)

    def parts(self, number: str) -> None:
        """Of one support more than there are to be of anything, which owes its part; the first takes each step."""
        item = SubItem.objects.get(number=number)
        item.responsibilities.filter(duty=Duty.SUPPORT).delete()
        units = Unit.objects.exclude(responsibilities__item=item).filter(posts__role="officer").distinct()
        units = list(units.exclude(name="教育工委")[: self.many + 1])
        Responsibility.objects.bulk_create(
            Responsibility(item=item, unit=unit, duty=Duty.SUPPORT, position=10 + place)
            for place, unit in enumerate(units)
        )
        unit = Actor.of(User.objects.filter(posts__unit=units[0], posts__role="officer").first())
        self.uncounted(number, "accept", "majianjun")
        self.asked(number)
        part = Part.objects.filter(item=item, unit=units[0]).get()
        file = SimpleUploadedFile("a.txt", b"1")
        self.count("evidence of a part", lambda _pk: add_to_part(part.pk, file, by=unit, now=self.now))
        steps = ("answer", "return", "decline", "return", "answer", "accept")
        for name, outcome in zip(steps, ("answered", "returned", "declined", "", "answered", "accepted"), strict=True):
            self.part(part, name, outcome, unit if parts.STEPS[name].by_unit else self.officer)
        self.asked(number, units=[units[0].name])
        self.part(Part.objects.filter(item=item, unit=units[0]).latest("pk"), "waive", "waived", self.officer)
        self.asked(number, units=[units[0].name])
        self.move(number, "cancel", "wangxuewen", as_="cancel with parts", comment="已并入")

    def asked(self, number: str, **said: Any) -> None:
        version = SubItem.objects.get(number=number).seq
        self.count(
            "part asked" if not said else "",
            lambda pk: parts.ask_for_parts(pk, by=self.officer, now=self.now, version=version, **said),
            number,
        )

    def part(self, part: Part, name: str, outcome: str, by: Actor) -> None:
        version = SubItem.objects.get(pk=part.item_id).seq
        self.count(
            f"part {outcome}" if outcome else "",
            lambda _pk: parts.take_step(part.pk, name, by=by, now=self.now, version=version, said="说明。"),
        )

    def ask(self, number: str) -> None:
        item, by = SubItem.objects.get(number=number), person("dinghaiyan")
        said = {"due_on": item.due_on + timedelta(days=30), "reason": "理由", "progress": "进展"}
        self.count(
            "extension requested",
            lambda pk: request_extension(pk, by=by, now=self.now, version=item.seq, **said),
            number,
        )

    def settle(self, name: str, write: Callable[..., object]) -> None:
        """The request that waits."""
        extension = Extension.objects.open().select_related("item").get()
        version = extension.item.seq
        self.count(f"extension {name}", lambda _pk: write(extension.pk, now=self.now, version=version))

    def objections(self, number: str) -> None:
        head, owner = person("dinghaiyan"), person("wangxuewen")
        self.object_to(number)
        self.answer("withdrawn", lambda pk, **now: withdraw_objection(pk, by=head, **now))
        self.object_to(number)
        self.answer("kept", lambda pk, **now: keep_assignment(pk, by=owner, comment="维持", **now))
        self.object_to("7.2")
        self.move("7.2", "reassign", "wangxuewen", as_="reassign over an objection", comment="成立", leads=["团县委"])

    def object_to(self, number: str) -> None:
        item, by = SubItem.objects.get(number=number), person("dinghaiyan")
        said = {"reason": "理由", "suggested": "团县委"}
        self.count(
            "objection raised",
            lambda pk: raise_objection(pk, by=by, now=self.now, version=item.seq, **said),
            number,
        )

    def answer(self, name: str, write: Callable[..., object]) -> None:
        """The objection that waits."""
        objection = Objection.objects.open().select_related("item").get()
        version = objection.item.seq
        self.count(f"objection {name}", lambda _pk: write(objection.pk, now=self.now, version=version))

    def rechecks(self) -> None:
        """As many are drawn as there are to be, and one more; then one stands and one is reopened."""
        inspector = person("lizhiqiang")
        waiting = SubItem.objects.filter(state="assigned", holder__name="教体局", verifier__name="教育工委")
        alone = [item.number for item in waiting.order_by("position") if not item.co_lead_ids]
        numbers = alone[: self.many + 1]
        for number in numbers:
            self.ready_to_renew(number)
            self.uncounted(number, "close", "wangxuewen", comment="办结")
        days = {"closed_from": "2021-11-01", "closed_to": self.now.date().isoformat()}
        said = {"public": "号码", **days}
        for number, size in enumerate((self.many, 1), 1):
            self.count("draw", partial(self.draw, inspector, number=number, size=size, **said))
        first, last = Recheck.objects.select_related("item").order_by("pk")[:: self.many]
        said = {"now": self.now, "version": first.item.seq, "comment": "属实"}
        self.count("recheck stands", lambda _pk: let_stand(first.pk, by=inspector, **said))
        self.move(last.item.number, "reopen", "lizhiqiang", as_="reopen drawn", comment="不实", due_on="2024-12-31")

    def draw(self, by: Actor, _pk: int, **said: Any) -> None:
        draw(self.plan, by=by, now=self.now, **said)

    def draft(self, pk: int) -> None:
        save_draft(pk, by=self.officer, now=self.now, summary="稿", version=None)

    def upload(self, pk: int, file: Any) -> None:
        add_evidence(pk, file, by=self.officer, now=self.now)

    def move(self, number: str, name: str, username: str, as_: str = "", **details: Any) -> None:
        actor, version = person(username), SubItem.objects.get(number=number).seq

        def made(pk: int) -> None:
            make_move(pk, name, by=actor, now=self.now, version=version, details=details)

        self.count(as_ or name, made, number)

    def with_basis(self, number: str, name: str, **details: Any) -> None:
        actor, version = person("wangxuewen"), SubItem.objects.get(number=number).seq

        def made(pk: int) -> None:
            file = SimpleUploadedFile("修订通知.txt", f"{name} {self.many}".encode())
            make_move(pk, name, by=actor, now=self.now, version=version, details=details, basis=file)

        self.count(f"{name} with a basis", made, number)

    def uncounted(self, number: str, name: str, username: str, **details: Any) -> None:
        item = SubItem.objects.get(number=number)
        make_move(item.pk, name, by=person(username), now=self.now, version=item.seq, details=details)

    def count(self, name: str, write: Callable[[int], object], number: str = "2.1") -> None:
        pk = SubItem.objects.get(number=number).pk
        self.now += timedelta(minutes=1)
        with CaptureQueriesContext(connection) as captured:
            write(pk)
        if name:
            self.counts[name] = len(captured)


def person(username: str) -> Actor:
    """Read once a request, before the write: not of the write's statements."""
    return Actor.of(User.objects.get(username=username))


@pytest.fixture
def county(transactional_db: None) -> None:
    publish_county(NOW)


@pytest.mark.parametrize("many", [1, 13])  # as many as the townships are
def test_every_write_costs_what_the_table_says(county: None, many: int) -> None:
    counted = Counted(many)
    counts = counted.life()
    assert set(counts) >= set(MOVES)
    assert counts == {name: number - joined(name) for name, number in STATEMENTS.items()}


def test_table_keeps_the_limits() -> None:
    over = {
        name: number
        for name, number in STATEMENTS.items()
        if number > (JUDGING_LIMIT if name in JUDGING else TWO_ITEMS_LIMIT if name in TWO_ITEMS else LIMIT)
    }
    assert over == {}
