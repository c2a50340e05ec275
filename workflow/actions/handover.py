"""移交: a post goes to a successor, with every open item whose 经办人 was the one who leaves; all in one commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import ADMINISTRATORS, Post, Role, User
from accounts.people_rows import check_roles
from notifications import outbox
from workflow import policies
from workflow.actions.commit import one_commit
from workflow.actions.delegations import locked_post, spelt
from workflow.errors import Invalid, MoveNotPossible
from workflow.models import JournalEntry, Responsibility, SubItem
from workflow.models.journal import Step
from workflow.states import OPEN, Duty


@dataclass(frozen=True)
class HandedOver:
    """The post that ended, who has it now, and how many items went with it."""

    post: Post
    to: User
    items: int


@one_commit
def hand_over(post_id: int, *, to: Any, by: Actor, now: datetime) -> HandedOver:
    """End a post and give it to `to` (a username), with the items of which its holder is 经办人 for that unit.

    The number of statements does not depend on how many they are. Delegations of the post end with it. Raises
    NotFound, MoveNotPossible, NotAllowed or Invalid, in this order; then nothing is written.
    """
    post = locked_post(post_id, by)
    if post.role in ADMINISTRATORS:
        raise MoveNotPossible(_("三员的岗位在账号管理里任免，不能移交。"))
    acting = policies.check_may_hand_over(by, post)
    successor, held = _successor(to, post, of_unit=acting.role == Role.HEAD)
    items = list(_items_of(post)) if post.role in (Role.OFFICER, Role.HEAD) else []
    entries = [_entry(item, Step(by, acting, now, item.plan.rules_in_force(), {}), post, successor) for item in items]
    SubItem.objects.bulk_update(items, ["assignee", "seq", "head"])
    JournalEntry.objects.bulk_create(entries)
    post.delegations.filter(ended_at=None).update(ended_at=now, ended_by=by.user_id)
    post.ended_at = now
    post.save(update_fields=["ended_at"])
    if (post.unit_id, post.role) not in held:
        Post.objects.create(user=successor, unit_id=post.unit_id, role=post.role)
    _tell(post, successor, len(items), by, now)
    return HandedOver(post, successor, len(items))


def _successor(username: Any, post: Post, *, of_unit: bool) -> tuple[User, set[tuple[int, str]]]:
    """Who takes over, and the posts they hold: anybody at work in the region or new to it; a head's own people only."""
    found = User.objects.filter(username=spelt(username), is_active=True).first()
    posts = Post.objects.current().filter(user=found.pk if found else 0).values_list("unit", "role", "unit__region")
    held = {(unit, role): region for unit, role, region in posts}
    units = {unit for unit, role in held if role not in ADMINISTRATORS}
    if found is None or (of_unit and post.unit_id not in units):
        raise Invalid(
            _("接手的人要是本单位在岗的人员，请重新选择。") if of_unit else _("没有这个在用的账号，请重新选择。")
        )
    if set(held.values()) - {post.unit.region_id}:
        raise Invalid(_("没有这个在用的账号，请重新选择。"))
    if found.pk == post.user_id:
        raise Invalid(_("%(name)s现在就在这个岗位上，请选接手的人。") % {"name": found.name})
    if wrong := check_roles({post.role, *(role for _unit, role in held)}):
        raise Invalid(wrong)
    return found, set(held)


def _items_of(post: Post) -> Any:
    """The open items of which the holder is 经办人 for this unit, locked; not seen by who hands over, only counted."""
    leads = Responsibility.objects.filter(item=OuterRef("pk"), duty=Duty.LEAD).order_by("position").values("unit")
    items = SubItem.objects.alias(main_lead=Subquery(leads[:1])).filter(main_lead=post.unit_id)
    return items.filter(assignee=post.user_id, state__in=OPEN).locked().order_by("pk")


def _entry(item: SubItem, step: Step, post: Post, successor: User) -> JournalEntry:
    """Nothing the ladder asks for depends on who is 经办人: the alarm stays."""
    item.assignee_id = successor.pk
    names = {"assignee": successor.name, "former": post.user.name}
    return JournalEntry.following(item, "handover", step, from_state=item.state, details=names)


def _tell(post: Post, successor: User, items: int, by: Actor, now: datetime) -> None:
    outbox.put(
        "post.handed_over",
        to=outbox.Audience(people=frozenset({post.user_id, successor.pk})),
        link=reverse("workflow:to-do"),
        context={
            "by": by.name,
            "holder": post.user.name,
            "successor": successor.name,
            "post": f"{post.unit.name} {post.get_role_display()}",
            "items": items,
        },
        dedupe=f"post.handed_over:{post.pk}",
        at=now,
        not_to=by.user_id,
    )
