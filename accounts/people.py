"""Units, people and posts from tables: checked as a whole, then written as a whole, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Post, Region, Role, Unit, User
from accounts.passwords import one_time_password
from accounts.people_rows import (
    FIELDS,
    Person,
    Problem,
    Row,
    by_label,
    check_person,
    people_of,
    split,
    units_by_any_name,
)


class LastAdministrator(Exception):
    """Nobody could manage accounts any more."""


@dataclass(frozen=True)
class Loaded:
    """People made and people changed (themselves or their posts); with any problem nothing was written."""

    created: int = 0
    changed: int = 0
    problems: list[Problem] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)  # of new people, by username, where asked for


def load_units(region: Region, rows: Iterable[Row]) -> dict[str, Unit]:
    """Units by name, in the order of the rows, with aliases and a group's members (both separated by 、).

    Loading again changes nothing. Raises ValueError for an unknown kind or member; then nothing is written.
    """
    listed = list(rows)
    kinds = by_label(Unit.Kind)
    _refuse_unknown((row["kind"] for row in listed), kinds)
    units = [
        Unit(
            region=region,
            name=row["name"],
            full_name=row["full_name"] or row["name"],
            kind=kinds[row["kind"]],
            aliases=split(row["aliases"]),
            position=position,
        )
        for position, row in enumerate(listed, start=1)
    ]
    with transaction.atomic():
        Unit.objects.bulk_create(
            units,
            update_conflicts=True,
            unique_fields=["region", "name"],
            update_fields=["full_name", "kind", "aliases", "position"],
        )
        by_name = {unit.name: unit for unit in region.units.all()}
        _set_members(by_name, {row["name"]: split(row["members"]) for row in listed})
    return by_name


def _set_members(units: dict[str, Unit], members: dict[str, list[str]]) -> None:
    _refuse_unknown((name for names in members.values() for name in names), units)
    through = Unit.members.through
    links = through.objects.filter(from_unit__in=[units[name].pk for name in members])
    there = {(group, member): pk for pk, group, member in links.values_list("id", "from_unit_id", "to_unit_id")}
    wanted = {(units[group].pk, units[name].pk) for group, names in members.items() for name in names}
    through.objects.filter(pk__in=[pk for pair, pk in there.items() if pair not in wanted]).delete()
    through.objects.bulk_create(
        through(from_unit_id=group, to_unit_id=member) for group, member in sorted(wanted - there.keys())
    )


def add_units(region: Region, names: Sequence[str], kind: str) -> list[Unit]:
    """New units after the region's others, each under one name. Raises ValueError for a name taken or too long."""
    known = units_by_any_name(list(region.units.all()))
    longest = Unit._meta.get_field("name").max_length or 0
    for name in names:
        if name in known:
            raise ValueError(_("已经有单位叫“%(name)s”。") % {"name": name})
        if not name or len(name) > longest:
            raise ValueError(_("单位名称“%(name)s…”太长。") % {"name": name[:20]})
    last = max((unit.position for unit in region.units.all()), default=0)
    return Unit.objects.bulk_create(
        Unit(region=region, name=name, full_name=name, kind=kind, position=position)
        for position, name in enumerate(names, last + 1)
    )


def remember_alias(unit: Unit, name: str) -> None:
    """The unit is written like this as well, from now on in every table of the region."""
    if name not in unit.names():
        unit.aliases = [*unit.aliases, name]
        unit.save(update_fields=["aliases"])


def load_people(region: Region, rows: Iterable[Row], *, check: bool = False, passwords: bool = False) -> Loaded:
    """People and their posts; a row is one post, so a person may have several. Nothing is ever taken away.

    With a problem in any row, or with `check`, nothing is written. `passwords` gives new people a one-time password;
    without it they cannot log in by password until the system administrator sets one.
    """
    with transaction.atomic():
        people, problems = people_of(list(rows), units_by_any_name(list(region.units.all())))
        users = {user.username: user for user in User.objects.filter(username__in=people)}
        held: dict[str, set[tuple[int, str]]] = {}
        current = Post.objects.current().filter(user__username__in=people)
        for username, unit_id, role in current.values_list("user__username", "unit_id", "role"):
            held.setdefault(username, set()).add((unit_id, role))
        for person in people.values():
            problems += check_person(person, users.get(person.username), held.get(person.username, set()))
        if problems:
            return Loaded(problems=sorted(problems, key=lambda problem: problem.row))
        return _write(people, users, held, check=check, passwords=passwords)


def _write(
    people: dict[str, Person],
    users: dict[str, User],
    held: dict[str, set[tuple[int, str]]],
    *,
    check: bool,
    passwords: bool,
) -> Loaded:
    new = [person for person in people.values() if person.username not in users]
    words = {person.username: one_time_password() for person in new} if passwords and not check else {}
    made = [_new_user(person, words.get(person.username)) for person in new]
    edited = [user for user in users.values() if _edit(user, people[user.username].fields)]
    posts = [
        (username, unit_id, role)
        for username, person in people.items()
        for unit_id, role in person.posts
        if (unit_id, role) not in held.get(username, ())
    ]
    changed = {user.username for user in edited} | {username for username, _unit, _role in posts if username in users}
    if not check:
        User.objects.bulk_create(made)
        User.objects.bulk_update(edited, FIELDS)
        by_username = users | {user.username: user for user in made}
        Post.objects.bulk_create(
            Post(user=by_username[username], unit_id=unit_id, role=role) for username, unit_id, role in posts
        )
    return Loaded(len(made), len(changed), passwords=words)


def _new_user(person: Person, password: str | None) -> User:
    return User(
        username=person.username,
        password=make_password(password),
        must_change_password=password is not None,
        **person.fields,
    )


def _edit(user: User, fields: dict[str, str]) -> bool:
    """Whether the row says something new of this person; then it is set."""
    news = {name: value for name, value in fields.items() if value and value != getattr(user, name)}
    for name, value in news.items():
        setattr(user, name, value)
    return bool(news)


def _refuse_unknown(names: Iterable[str], known: Mapping[str, object]) -> None:
    if unknown := sorted(set(names) - known.keys()):
        raise ValueError(_("没有“%(names)s”。") % {"names": "、".join(unknown)})


# --- posts and accounts ----------------------------------------------------------------------------------------------
def end_posts(posts: QuerySet[Post], *, now: datetime) -> int:
    """End those that are still held; how many were. Raises LastAdministrator, then none is ended."""
    with transaction.atomic():
        ended = Post.objects.current().filter(pk__in=[post.pk for post in posts]).update(ended_at=now)
        _keep_an_administrator()
    return ended


def deactivate(users: QuerySet[User]) -> int:
    """Nobody logs in by these accounts or their tokens any more; posts stay. Raises LastAdministrator."""
    with transaction.atomic():
        stopped = User.objects.filter(pk__in=[user.pk for user in users], is_active=True).update(is_active=False)
        _keep_an_administrator()
    return stopped


def _keep_an_administrator() -> None:
    if not Post.objects.current().filter(role=Role.SYSTEM_ADMIN, user__is_active=True).exists():
        raise LastAdministrator(_("这样就没有系统管理员了，请先任命另一位。"))


def make_administrators(unit: Unit, names: Mapping[Role, tuple[str, str]]) -> dict[str, str]:
    """The three of a new installation, by role: (username, name). Returns their one-time passwords by username."""
    passwords = {username: one_time_password() for username, _name in names.values()}
    with transaction.atomic():
        for role, (username, name) in names.items():
            user = User.objects.create_user(username, passwords[username], name=name, must_change_password=True)
            Post.objects.create(user=user, unit=unit, role=role)
    return passwords
