"""代办: lend a post to a colleague for some days, and take it back early. It begins and ends by itself with its days.

Refused like every write: NotFound, MoveNotPossible, NotAllowed, Invalid, in this order. Days are local ones.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import ADMINISTRATORS, LENDABLE, Delegation, Post, User
from notifications import outbox
from workflow import policies
from workflow.actions.commit import one_commit
from workflow.actions.details import iso_day, text
from workflow.errors import Invalid, MoveNotPossible, NotFound

LONGEST = 90  # days; who is away longer hands the post over
AHEAD = 365  # days until the first one at most: beyond, the year was mistyped


@one_commit
def delegate(post_id: int, *, to: Any, from_on: Any, until_on: Any, by: Actor, now: datetime) -> Delegation:
    """From one day until another, both included, `to` (a username) acts by this post for its holder."""
    post = locked_post(post_id, by)
    if post.role not in LENDABLE:
        raise MoveNotPossible(_("县领导和三员的岗位不能由别人代办。"))
    if not post.user.is_active:
        raise MoveNotPossible(_("%(name)s的账号已停用，请把岗位移交给别人。") % {"name": post.user.name})
    policies.check_may_delegate(by, post)
    first, last = _days(from_on, until_on, timezone.localdate(now))
    colleague = _colleague(to, post)
    _check_free(post, first, last)
    assert by.user_id is not None  # noqa: S101 - only a person has a post
    made = Delegation.objects.create(
        post=post, delegate=colleague, from_on=first, until_on=last, made_by_id=by.user_id, made_at=now
    )
    _tell("delegation.made", made, by, now)
    return made


@one_commit
def end_delegation(delegation_id: int, *, by: Actor, now: datetime) -> Delegation:
    """From now on the holder acts alone again; one that has not begun never will."""
    known = Delegation.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    lent = known.select_related("post__user", "post__unit", "delegate").filter(pk=delegation_id).first()
    if lent is None:
        raise NotFound(_("没有找到这次代办，或者您无权查看。"))
    if lent.ended_at is not None or lent.until_on < timezone.localdate(now):
        raise MoveNotPossible(_("这次代办已经结束。"))
    policies.check_may_end_delegation(by, lent)
    lent.ended_at, lent.ended_by_id = now, by.user_id
    lent.save(update_fields=["ended_at", "ended_by"])
    _tell("delegation.ended", lent, by, now)
    return lent


def locked_post(post_id: int, by: Actor) -> Post:
    """A post that is held, locked against being lent or given away twice. Raises NotFound."""
    posts = Post.objects.current().visible_to(by).select_related("user", "unit")
    post = posts.select_for_update(of=("self",), no_key=True).filter(pk=post_id).first()
    if post is None:
        raise NotFound(_("没有找到这个岗位，或者您无权查看。"))
    return post


def _days(from_on: Any, until_on: Any, today: date) -> tuple[date, date]:
    if not until_on:
        raise Invalid(_("请填代办到哪天止。"))
    first, last = iso_day(from_on) if from_on else today, iso_day(until_on)
    if first < today:
        raise Invalid(_("代办不能从过去的日子起，最早从今天。"))
    if first > today + timedelta(days=AHEAD):
        raise Invalid(_("开始的日子太远，请检查年份。"))
    if last < first:
        raise Invalid(_("结束的日子不能早于开始的日子。"))
    if last - first >= timedelta(days=LONGEST):
        raise Invalid(_("一次代办最多 %(n)s 天；离开更久的，请移交岗位。") % {"n": LONGEST})
    return first, last


def _colleague(username: Any, post: Post) -> User:
    """Somebody else at work in the same unit. Raises Invalid."""
    at_work = Post.objects.current().filter(unit=post.unit_id).exclude(role__in=ADMINISTRATORS)
    found = User.objects.filter(username=spelt(username), is_active=True, posts__in=at_work).first()
    if found is None:
        raise Invalid(_("代办的人要是%(unit)s在岗的人员，请重新选择。") % {"unit": post.unit.name})
    if found.pk == post.user_id:
        raise Invalid(_("代办的人不能是本人。"))
    return found


def spelt(username: Any) -> str:
    """What was sent as a username, or nothing that is one. Raises Invalid on what no account can be called."""
    return text(username) if isinstance(username, str) else ""


def _check_free(post: Post, first: date, last: date) -> None:
    """One person at a time stands in: two would not know who does it."""
    others = post.delegations.filter(ended_at=None, from_on__lte=last, until_on__gte=first)
    for other in others.select_related("delegate")[:1]:
        days = {"from_on": other.from_on.isoformat(), "until_on": other.until_on.isoformat()}
        words = {"name": other.delegate.name, **days}
        raise Invalid(_("%(from_on)s 至 %(until_on)s 已由%(name)s代办，请先结束那一次，或者另选日期。") % words)


def _tell(kind: str, lent: Delegation, by: Actor, now: datetime) -> None:
    """Both, but not whoever did it."""
    outbox.put(
        kind,
        to=outbox.Audience(people=frozenset({lent.post.user_id, lent.delegate_id})),
        link=reverse("workflow:delegations"),
        context={
            "by": by.name,
            "holder": lent.post.user.name,
            "delegate": lent.delegate.name,
            "post": f"{lent.post.unit.name} {lent.post.get_role_display()}",
            "from_on": lent.from_on.isoformat(),
            "until_on": lent.until_on.isoformat(),
        },
        dedupe=f"{kind}:{lent.pk}",
        at=now,
        not_to=by.user_id,
    )
