"""Plans: keep a table as a draft; publish it, which makes sections, sub-items and their first journal entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Post, Region, Role, Unit
from notifications import outbox
from notifications.outbox import Audience
from workflow import defaults, policies
from workflow.actions.commit import one_commit
from workflow.deadlines import first_round
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.ladder import Clock
from workflow.models import (
    CalendarVersion,
    JournalEntry,
    Plan,
    Responsibility,
    RulePackVersion,
    Section,
    SubItem,
    Supervisor,
)
from workflow.models.journal import Step
from workflow.states import DeadlineKind, Duty, Frequency
from workflow.tables import Table


@dataclass(frozen=True)
class Published:
    """What publishing made, and the items whose date had already passed: their due dates stay (domain rules)."""

    items: int
    passed: list[str]


@one_commit
def save_draft(table: Table, *, region: Region, by: Actor, now: datetime) -> Plan:
    """Keep a table as a draft plan of a region; nobody is told.

    The owner unit is the one with a coordinator, the supervising units are those with a verifier, in the order of
    the region's units. Rules and calendar are the latest, the defaults where there are none. Raises NotAllowed, or
    Invalid where the region lacks a coordinator or a verifier.
    """
    owner = _one_owner(region)
    policies.check_may_publish(by, Plan(owner=owner))
    supervisors = _units_with(region, Role.VERIFIER)
    if not supervisors:
        raise Invalid(_("%(region)s还没有审核人，请先设好审核单位的岗位。") % {"region": region.name})
    plan = Plan.objects.create(
        region=region,
        title=table.title,
        owner=owner,
        table=_as_draft(table),
        rules=_rules_of(region, now),
        work_calendar=_work_calendar(now),
        created_at=now,
    )
    Supervisor.objects.bulk_create(
        Supervisor(plan=plan, unit=unit, position=position) for position, unit in enumerate(supervisors, 1)
    )
    return plan


@one_commit
def publish(plan_id: int, *, by: Actor, now: datetime) -> Published:
    """Make the sub-items of a draft, each with its first journal entry, and tell each person once.

    Raises NotFound, MoveNotPossible if it is published already, NotAllowed, or Invalid with every reason why the
    table cannot be published as it stands, each naming its row; then nothing is written.
    """
    plan = Plan.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound
    if plan.published_at is not None:
        raise MoveNotPossible(_("这个方案已经发布。"))
    post = policies.check_may_publish(by, plan)
    units = _Units.of(plan.region)
    rows = plan.table["items"]
    if problems := list(_problems(rows, units)):
        raise Invalid("\n".join(problems))
    step = Step(by, post, now, plan.rules_in_force(), {})
    plan.published_at = now
    plan.save(update_fields=["published_at"])
    items = _make_items(plan, rows, units, step)
    _tell(plan, units, rows, now)
    passed = [item.number for item in items if item.due_on and item.due_on < step.today]
    return Published(len(items), passed)


# --- drafts -----------------------------------------------------------------------------------------------------------
def _as_draft(table: Table) -> dict[str, Any]:
    """The table as JSON, with the unit cells as printed beside what was read from them."""
    draft = table.as_json()
    for row, item in zip(draft["items"], table.items, strict=True):
        row["printed"] = {"leads": item.leads_raw, "supports": item.supports_raw}
    return draft


def _rules_of(region: Region, now: datetime) -> RulePackVersion:
    latest = RulePackVersion.objects.filter(region=region).order_by("-valid_from").first()
    return latest or RulePackVersion.store(region, defaults.rule_pack(), now)


def _work_calendar(now: datetime) -> CalendarVersion:
    latest = CalendarVersion.objects.order_by("-stored_at").first()
    return latest or CalendarVersion.store(defaults.calendar_days(), now)


def _units_with(region: Region, role: Role) -> list[Unit]:
    posts = Post.objects.current().filter(role=role)
    return list(Unit.objects.filter(region=region, posts__in=posts).distinct().order_by("position", "pk"))


def _one_owner(region: Region) -> Unit:
    owners = _units_with(region, Role.COORDINATOR)
    if len(owners) != 1:
        names = "、".join(unit.name for unit in owners) or _("没有")
        raise Invalid(_("方案要有一个统筹单位，现在设了统筹岗位的单位：%(names)s。") % {"names": names})
    return owners[0]


# --- what stops publishing --------------------------------------------------------------------------------------------
class _Units:
    """The region's units by every name they are written with."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_name: dict[str, Unit] = {}
        self.ambiguous: set[str] = set()
        for unit in units:
            for name in set(unit.names()):
                if self.by_name.setdefault(name, unit) != unit:
                    self.ambiguous.add(name)

    @classmethod
    def of(cls, region: Region) -> "_Units":
        return cls(Unit.objects.filter(region=region))

    def __getitem__(self, name: str) -> Unit:
        return self.by_name[name]

    def problem(self, name: str) -> str:
        if name in self.ambiguous:
            return _("不只一个单位叫这个名字")
        return "" if name in self.by_name else _("单位名册里没有")


def publishing_problems(table: Table, region: Region) -> list[str]:
    """Every reason why a table cannot be published in a region as it stands; writes nothing."""
    return list(_problems(table.as_json()["items"], _Units.of(region)))


def published_as(title: str, region: Region) -> Plan | None:
    """A published plan of that title: publishing it again is allowed, and worth a word."""
    return Plan.objects.published().filter(region=region, title=title).first()


def _number(row: dict[str, Any]) -> str:
    return ".".join(filter(None, (row["task_no"], row["item_no"])))


def _problems(rows: list[dict[str, Any]], units: _Units) -> Iterable[str]:
    """One sentence for each thing that keeps the table from being published, naming row and cell."""
    if not rows:
        yield _("表里没有子项。")
    seen: set[str] = set()
    for row in rows:
        words = {"row": row["source"]["row"], "number": _number(row)}
        if words["number"] in seen:
            yield _("第%(row)s行（%(number)s）：编号重复。") % words
        seen.add(words["number"])
        if not row["leads"]:
            yield _("第%(row)s行（%(number)s）：没有牵头单位。") % words
        if row["deadline"]["kind"] == DeadlineKind.UNKNOWN:
            yield _("第%(row)s行（%(number)s）：完成时限“%(cell)s”读不出日期，请定下日期。") % {
                **words,
                "cell": row["deadline_raw"],
            }
        for duty, names in ((Duty.LEAD.label, row["leads"]), (Duty.SUPPORT.label, row["supports"])):
            for name in names:
                if problem := units.problem(name):
                    yield _("第%(row)s行（%(number)s）：%(duty)s单位“%(name)s”，%(problem)s。") % {
                        **words,
                        "duty": duty,
                        "name": name,
                        "problem": problem,
                    }


# --- what publishing makes --------------------------------------------------------------------------------------------
def _make_items(plan: Plan, rows: list[dict[str, Any]], units: _Units, step: Step) -> list[SubItem]:
    sections = _make_sections(plan, rows)
    supervisors = [row.unit_id for row in plan.supervisors.all()]
    items, duties, entries = [], [], []
    for position, row in enumerate(rows, 1):
        owed = _duties(row, units)
        item = _item(plan, row, sections[_task_key(row)], position, owed, supervisors, step)
        items.append(item)
        duties += [
            Responsibility(item=item, unit_id=unit, duty=duty, position=place)
            for place, (unit, duty) in enumerate(owed, 1)
        ]
        entries.append(JournalEntry.following(item, "dispatch", step, from_state="", details=_dispatched(row)))
        item.set_alarm(step.rules, step.now)
    SubItem.objects.bulk_create(items)
    Responsibility.objects.bulk_create(duties)
    JournalEntry.objects.bulk_create(entries)
    return items


def _item(
    plan: Plan,
    row: dict[str, Any],
    section: Section,
    position: int,
    owed: list[tuple[int, str]],
    supervisors: list[int],
    step: Step,
) -> SubItem:
    lead = owed[0][0]
    verifier, tier = policies.verifying_unit(supervisors, owed, submitting=lead, leads_never=plan.leads_never_verify)
    item = SubItem(
        plan=plan,
        section=section,
        number=_number(row),
        position=position,
        text=row["text"],
        notes=row["notes"],
        deadline_raw=row["deadline_raw"],
        printed=row["printed"],
        kind=row["deadline"]["kind"],
        freq=row["deadline"]["freq"] or "",
        holder_id=lead,
        held_since=step.now,
        verifier_id=verifier,
        verifier_tier=tier,
        start_on=step.today,
    )
    start_on, due_on = _term(row["deadline"], step.today)
    item.original_due_on = due_on
    item.set_due(start_on, due_on, step)
    item.start_clock(Clock.SIGN, step)
    return item


def _term(deadline: dict[str, Any], today: date) -> tuple[date, date | None]:
    """First and last day: of the term, or of the first round of what never ends by itself (rule 4)."""
    if deadline["freq"]:
        return today, first_round(today, Frequency(deadline["freq"])).due_on
    start_on = date.fromisoformat(deadline["start_on"]) if deadline["start_on"] else today
    return max(start_on, today), date.fromisoformat(deadline["due_on"]) if deadline["due_on"] else None


def _duties(row: dict[str, Any], units: _Units) -> list[tuple[int, str]]:
    """(unit, duty) in the printed order, leads first; a unit that is both counts once, as lead (rule 6)."""
    owed: dict[int, str] = {}
    for duty, names in ((Duty.LEAD, row["leads"]), (Duty.SUPPORT, row["supports"])):
        for name in names:
            owed.setdefault(units[name].pk, duty.value)
    return list(owed.items())


def _task_key(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["section_no"], row["section"], row["task_no"], row["task"])


def _make_sections(plan: Plan, rows: list[dict[str, Any]]) -> dict[tuple[str, ...], Section]:
    """工程 and 任务 in the order of the table, two bulk inserts."""
    projects: dict[tuple[str, ...], Section] = {}
    tasks: dict[tuple[str, ...], Section] = {}
    for row in rows:
        key, task = _task_key(row)[:2], _task_key(row)
        place = len(projects) + len(tasks) + 1
        if key not in projects:
            projects[key] = Section(plan=plan, number=key[0], title=key[1], position=place)
            place += 1
        if task not in tasks:
            tasks[task] = Section(plan=plan, parent=projects[key], number=task[2], title=task[3], position=place)
    Section.objects.bulk_create(projects.values())
    Section.objects.bulk_create(tasks.values())
    return tasks


def _dispatched(row: dict[str, Any]) -> dict[str, Any]:
    """What the first entry holds of the table, so that the chain vouches for the words an item began with."""
    kept = ("text", "leads", "supports", "deadline_raw", "notes")
    return {name: row[name] for name in kept}


def _tell(plan: Plan, units: _Units, rows: list[dict[str, Any]], now: datetime) -> None:
    """One notice a person when a plan is published, however many items concern them (rule 11)."""
    leads = {units[name].pk for row in rows for name in row["leads"]}
    supports = {units[name].pk for row in rows for name in row["supports"]}
    members = Unit.objects.filter(groups__in=supports).values_list("pk", flat=True)
    told = leads | supports | set(members)
    outbox.put(
        "plan.published",
        to=Audience(posts=frozenset((unit, role.value) for unit in told for role in (Role.OFFICER, Role.HEAD))),
        link="/",
        context={"plan": plan.title, "items": len(rows)},
        dedupe=f"plan:{plan.pk}",
        at=now,
    )
