"""What publishing makes of a draft's rows: sections, sub-items with their duties and first journal entries, in bulk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Role, Unit
from notifications import outbox
from notifications.outbox import Audience
from workflow import policies, queries
from workflow.actions.parts import SHORT, requests
from workflow.deadlines import Deadline, first_round
from workflow.ladder import Clock
from workflow.models import JournalEntry, Part, Plan, Responsibility, Section, SubItem
from workflow.models.journal import Step
from workflow.models.terms import Terms
from workflow.queries import Registry, Supporter
from workflow.states import DeadlineKind, Duty, Frequency, PartStatus
from workflow.tables.draft import Row

BATCH = 1000
LONGEST = {"section_no": 16, "task_no": 16, "section": 300, "task": 300, "deadline_raw": 200}
Numbered = tuple[str, Row]  # the number a row's sub-item will carry


# --- what stops it ----------------------------------------------------------------------------------------------------
def problems(rows: Sequence[Numbered], registry: Registry, taken: Iterable[str] = ()) -> Iterator[str]:
    """One sentence for each thing that keeps rows from becoming sub-items, naming row and cell."""
    seen = set(taken)
    for number, row in rows:
        words = {"place": _place(number, row)}
        if number in seen:
            yield _("%(place)s：编号重复。") % words
        seen.add(number)
        if not row["text"]:
            yield _("%(place)s：没有任务内容。") % words
        if not registry.ids_of(row["leads"]) and not any(map(registry.problem, row["leads"])):
            yield _("%(place)s：没有牵头单位。") % words
        if row["deadline"]["kind"] == DeadlineKind.UNKNOWN:
            yield _("%(place)s：完成时限“%(cell)s”读不出日期，请定下日期。") % {**words, "cell": row["deadline_raw"]}
        yield from _unit_problems(row, registry, words)
        for name in (name for name, most in LONGEST.items() if len(row[name]) > most):
            yield _("%(place)s：“%(cell)s…”太长，请改短。") % {**words, "cell": row[name][:20]}


def _unit_problems(row: Row, registry: Registry, words: dict[str, str]) -> Iterator[str]:
    for duty, names in ((Duty.LEAD.label, row["leads"]), (Duty.SUPPORT.label, row["supports"])):
        for name in names:
            if problem := registry.problem(name):
                told = {**words, "duty": duty, "name": name, "problem": problem}
                yield _("%(place)s：%(duty)s单位“%(name)s”，%(problem)s。") % told


def _place(number: str, row: Row) -> str:
    return _("第%(row)s行（%(number)s）") % {"row": row["source"]["row"], "number": number}


# --- what it makes ----------------------------------------------------------------------------------------------------
def make_items(
    plan: Plan, rows: Sequence[Numbered], registry: Registry, step: Step, place_of: Callable[[Row], int]
) -> list[SubItem]:
    """Sections, sub-items, duties and first journal entries; a constant number of statements for a thousand rows."""
    sections = make_sections(plan, [row for _number, row in rows])
    supervisors = [supervisor.unit_id for supervisor in plan.supervisors.all()]
    members = _asked_at_once(plan, rows, registry)
    items, duties, entries, parts = [], [], [], []
    for number, row in rows:
        owed = _duties(row, registry)
        item = _item(plan, number, row, owed, supervisors, step)
        item.section, item.position = sections[task_key(row)], place_of(row)
        items.append(item)
        duties += [
            Responsibility(item=item, unit_id=unit, duty=duty, position=place)
            for place, (unit, duty) in enumerate(owed, 1)
        ]
        asked = _ask_at_dispatch(item, owed, members, step)
        facts = _dispatched(row) | ({"parts_asked": [part.unit_id for part in asked]} if asked else {})
        entries.append(JournalEntry.following(item, "dispatch", step, from_state="", details=facts))
        parts += asked
        item.set_alarm(step.rules, step.now)
    _save(items, duties, entries)
    Part.objects.bulk_create(parts, batch_size=BATCH)
    return items


def _save(items: list[SubItem], duties: list[Responsibility], entries: list[JournalEntry]) -> None:
    SubItem.objects.bulk_create(items, batch_size=BATCH)
    Responsibility.objects.bulk_create(duties, batch_size=BATCH)
    JournalEntry.objects.bulk_create(entries, batch_size=BATCH)


def _asked_at_once(plan: Plan, rows: Sequence[Numbered], registry: Registry) -> dict[int, list[Supporter]]:
    """The members of every supporting unit where the plan asks them at dispatch; one query, else none."""
    if not plan.asks_supports_at_dispatch:
        return {}
    return queries.members_of(pk for _number, row in rows for pk in registry.ids_of(row["supports"]))


def _ask_at_dispatch(
    item: SubItem, owed: list[tuple[int, str]], members: dict[int, list[Supporter]], step: Step
) -> list[Part]:
    """The parts its supports owe from the first day, due with the item; those told of the plan are told of it."""
    if not members:
        return []
    leads = [unit for unit, duty in owed if duty == Duty.LEAD]
    units = queries.supporters(leads, [unit for unit, duty in owed if duty == Duty.SUPPORT], members)
    for each in units:
        item.put_part(each.unit_id, each.name, each.through_id, PartStatus.ASKED)
    return requests(item, units, Truncator(item.text).chars(SHORT), item.due_on, step)


def _item(
    plan: Plan, number: str, row: Row, owed: list[tuple[int, str]], supervisors: list[int], step: Step
) -> SubItem:
    lead = owed[0][0]
    verifier, tier = policies.verifying_unit(supervisors, owed, submitting=lead, leads_never=plan.leads_never_verify)
    deadline = row["deadline"]
    start_on, due_on = _term(deadline, step.today)
    terms = Terms(
        text=row["text"],
        notes=row["notes"],
        leads=tuple(unit for unit, duty in owed if duty == Duty.LEAD),
        supports=tuple(unit for unit, duty in owed if duty == Duty.SUPPORT),
        deadline=Deadline(
            DeadlineKind(deadline["kind"]), start_on, due_on, Frequency(deadline["freq"]) if deadline["freq"] else None
        ),
        deadline_raw=row["deadline_raw"],
        verifier=verifier,
        tier=tier,
    )
    item = _begun(plan, number, terms, step)
    item.printed, item.targets = row["printed"], row["targets"]
    return item


def _begun(plan: Plan, number: str, terms: Terms, step: Step) -> SubItem:
    """An item as it is dispatched: its main lead has it, to sign for it."""
    item = SubItem(
        plan=plan,
        number=number,
        text=terms.text,
        notes=terms.notes,
        deadline_raw=terms.deadline_raw,
        kind=terms.deadline.kind,
        freq=terms.deadline.freq or "",
        holder_id=terms.leads[0],
        held_since=step.now,
        verifier_id=terms.verifier,
        verifier_tier=terms.tier,
        start_on=step.today,
        original_due_on=terms.deadline.due_on,
    )
    item.begin_rounds(terms.deadline.due_on)
    item.set_due(terms.deadline.start_on or step.today, terms.deadline.due_on, step)
    item.start_clock(Clock.SIGN, step)
    return item


def split_off(
    item: SubItem, terms: Terms, *, number: str, position: int, step: Step, facts: Mapping[str, Any]
) -> tuple[SubItem, JournalEntry]:
    """A new item of these terms in the section of another one, and its first entry; three statements."""
    new = _begun(item.plan, number, terms, step)
    new.section_id, new.position, new.duties = item.section_id, position, terms.duties
    entry = JournalEntry.following(
        new,
        "dispatch",
        step,
        from_state="",
        comment=step.details["comment"],
        details={**facts, "split_from": item.number},
    )
    new.set_alarm(step.rules, step.now)
    owed = [
        Responsibility(item=new, unit_id=unit, duty=duty, position=place)
        for place, (unit, duty) in enumerate(terms.duties, 1)
    ]
    _save([new], owed, [entry])
    return new, entry


def _term(deadline: dict[str, Any], today: date) -> tuple[date, date | None]:
    """First and last day: of the term, or of the first round of what never ends by itself (rule 4)."""
    if deadline["freq"]:
        return today, first_round(today, Frequency(deadline["freq"])).due_on
    start_on = date.fromisoformat(deadline["start_on"]) if deadline["start_on"] else today
    return max(start_on, today), date.fromisoformat(deadline["due_on"]) if deadline["due_on"] else None


def _duties(row: Row, registry: Registry) -> list[tuple[int, str]]:
    """(unit, duty) in the printed order, leads first; a unit that is both counts once, as lead (rule 6)."""
    owed = dict.fromkeys(registry.ids_of(row["leads"]), Duty.LEAD.value)
    for unit in registry.ids_of(row["supports"]):
        owed.setdefault(unit, Duty.SUPPORT.value)
    return list(owed.items())


def _dispatched(row: Row) -> dict[str, Any]:
    """What the first entry holds of the table, so that the chain vouches for the words an item began with."""
    kept = ("text", "leads", "supports", "deadline_raw", "notes")
    return {name: row[name] for name in kept}


# --- headings ---------------------------------------------------------------------------------------------------------
def task_key(row: Row) -> tuple[str, str, str, str]:
    """A task by its numbers and words, with those of its section."""
    return (row["section_no"], row["section"], row["task_no"], row["task"])


def make_sections(plan: Plan, rows: Iterable[Row]) -> dict[tuple[str, ...], Section]:
    """The task of each row by its key: those the plan has, and new ones after them; two bulk inserts at most."""
    projects: dict[tuple[str, ...], Section] = {}
    tasks: dict[tuple[str, ...], Section] = {}
    for section in plan.sections.select_related("parent"):
        own = (section.number, section.title)
        if section.parent is None:
            projects[own] = section
        else:
            tasks[section.parent.number, section.parent.title, *own] = section
    before, place = {*projects, *tasks}, max((section.position for section in plan.sections.all()), default=0)
    for key in map(task_key, rows):
        project_key, (number, title) = key[:2], key[2:]
        if project_key not in projects:
            place += 1
            projects[project_key] = Section(plan=plan, number=key[0], title=key[1], position=place)
        if key not in tasks:
            place += 1
            tasks[key] = Section(plan=plan, parent=projects[project_key], number=number, title=title, position=place)
    for known in (projects, tasks):
        Section.objects.bulk_create(section for key, section in known.items() if key not in before)
    return tasks


# --- who is told ------------------------------------------------------------------------------------------------------
def tell(plan: Plan, items: Sequence[SubItem], rows: Sequence[Numbered], registry: Registry, step: Step) -> None:
    """One notice a person when rows became sub-items, however many of them concern that person (rule 11)."""
    leads = {pk for _number, row in rows for pk in registry.ids_of(row["leads"])}
    supports = {pk for _number, row in rows for pk in registry.ids_of(row["supports"])}
    members = Unit.objects.filter(groups__in=supports).values_list("pk", flat=True)
    told = leads | supports | set(members)
    outbox.put(
        "plan.published",
        to=Audience(posts=frozenset((unit, role.value) for unit in told for role in (Role.OFFICER, Role.HEAD))),
        link="/",
        context={"plan": plan.title, "items": len(items)},
        dedupe=f"plan:{plan.pk}:{min(item.pk for item in items)}",
        at=step.now,
    )
