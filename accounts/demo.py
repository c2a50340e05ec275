"""The people of the demo as its door lists them: who plays a part first, everybody else below."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import ADMINISTRATORS, Post, Role

CAST = (
    "majianjun dinghaiyan hewenbin nafang yangjing wangxuewen maguohua lizhiqiang zhoumin fenglei xuli baiyong".split()
)


@dataclass
class Entry:
    username: str
    name: str
    post: str
    roles: set[str]
    note: str = ""  # what waits for this person


Group = tuple[str, str, list[Entry]]
# What waits for these people (by username), in words; an app above registers here what it knows.
NOTES: list[Callable[[list[str]], dict[str, str]]] = []


def people() -> tuple[list[Group], list[Group]]:
    """The cast and the rest, each in groups of (heading, note, people); one query."""
    posts = Post.objects.current().filter(user__is_active=True).select_related("user", "unit")
    entries: dict[str, Entry] = {}
    for post in posts.order_by("unit__position", "unit_id", "id"):
        words = f"{post.unit.name} {post.get_role_display()}"
        if entry := entries.get(post.user.username):
            entry.post += f"、{words}"
            entry.roles.add(post.role)
        else:
            entries[post.user.username] = Entry(post.user.username, post.user.name, words, {post.role})
    cast = [entries.pop(username) for username in CAST if username in entries]
    return grouped(cast), grouped(entries.values())


def add_notes(groups: list[Group]) -> None:
    """Say beside each name what waits for that person."""
    people = {entry.username: entry for _heading, _note, entries in groups for entry in entries}
    for notes in NOTES:
        for username, note in notes(list(people)).items():
            people[username].note = note


def grouped(people: Iterable[Entry]) -> list[Group]:
    """By the first heading that fits one of a person's roles; headings without people are left out."""
    headings: list[tuple[str, str, frozenset[str]]] = [
        (_("系统三员"), _("没有业务权限"), frozenset(ADMINISTRATORS)),
        (_("督查和领导"), "", frozenset({Role.INSPECTOR, Role.LEADER})),
        (_("审核和统筹"), "", frozenset({Role.VERIFIER, Role.COORDINATOR})),
        (_("办理"), "", frozenset({Role.OFFICER, Role.HEAD})),
    ]
    groups: list[Group] = [(heading, note, []) for heading, note, _roles in headings]
    for person in people:
        at = next(i for i, (_heading, _note, roles) in enumerate(headings) if person.roles & roles)
        groups[at][2].append(person)
    return [group for group in reversed(groups) if group[2]]
