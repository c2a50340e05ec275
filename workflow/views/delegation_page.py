"""What the page 代办 shows, put into plain words for its template."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import ADMINISTRATORS, LENDABLE, Delegation, Post, Role
from workflow import policies, queries
from workflow.views import words
from workflow.views.fields import field

SHOWN = 100  # of what there was; all of it the API tells


def context(
    actor: Actor, now: datetime, *, looked_at: QueryDict, typed: Mapping[str, str], form: str = ""
) -> dict[str, Any]:
    """Own posts, those lent to the reader, those the reader arranges, and for administrators the record."""
    today = timezone.localdate(now)
    administers = {post.role for post in actor.own_posts if post.role in ADMINISTRATORS}
    posts = list(queries.posts_known_to(actor, today))
    units = {post.unit_id: post.unit.name for post in posts}
    chosen = _chosen(looked_at.get("unit", ""), units) if administers else None
    mine = [post for post in posts if post.user_id == actor.user_id and post.role in LENDABLE]
    others = [post for post in posts if post.user_id != actor.user_id and chosen in (None, post.unit_id)]
    arranged = [post for post in others if policies.may_delegate(post, actor) or policies.may_hand_over(post, actor)]
    shown = _Shown(actor, today, queries.colleagues({post.unit_id for post in (*mine, *arranged)}), looked_at)
    lists = {
        "mine": [shown.post(post) for post in mine],
        "lent": [shown.lent(each) for each in queries.lent_to(actor, today)],
        "arranged": [shown.post(post) for post in arranged],
        "record": [shown.record(each) for each in queries.delegations_known_to(actor)[:SHOWN]] if administers else [],
    }
    for each in (each for row in (*lists["mine"], *lists["arranged"]) for each in row["forms"]):
        if each["name"] == form:
            each["open"] = True
            for one in each["fields"]:
                one["value"] = typed.get(one["name"], one["value"])
    units = units if Role.SYSTEM_ADMIN in administers else {}
    return {**lists, "administers": bool(administers), "units": units, "unit": chosen}


def _chosen(wanted: str, units: Mapping[int, str]) -> int:
    """The unit an administrator looks at: the first one, to begin with."""
    unit = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else 0
    return unit if unit in units else next(iter(units), 0)


class _Shown:
    """Rows of the page for one reader on one day; `looked_at` is kept when a form is sent."""

    def __init__(
        self, actor: Actor, today: date, colleagues: Mapping[int, dict[str, str]], looked_at: QueryDict
    ) -> None:
        self.actor, self.today, self.colleagues = actor, today, colleagues
        self.query = f"?{looked_at.urlencode()}" if looked_at else ""

    def post(self, post: Post) -> dict[str, Any]:
        forms = []
        if post.role in LENDABLE and post.user.is_active and policies.may_delegate(post, self.actor):
            forms.append(self._lend(post))
        if policies.may_hand_over(post, self.actor):
            forms.append(self._give(post))
        return {
            "holder": post.user.name,
            "stopped": not post.user.is_active,
            "words": _words(post),
            "lent": [self.lent(each) for each in post.delegations.all()],
            "forms": forms,
        }

    def lent(self, each: Delegation) -> dict[str, Any]:
        names = {"name": each.delegate.name, "holder": each.post.user.name}
        first, last = words.day(each.from_on, self.today), words.day(each.until_on, self.today)
        days = _("%(first)s当天") if first == last else _("%(first)s至%(last)s")
        may_end = policies.may_end_delegation(each, self.actor)
        return {
            "who": _("%(name)s代%(holder)s") % names,
            "post": _words(each.post),
            "days": days % {"first": first, "last": last},
            **self._state(each),
            "end_url": reverse("workflow:delegation-end", args=[each.pk]) + self.query if may_end else "",
        }

    def record(self, each: Delegation) -> dict[str, Any]:
        made = {"name": each.made_by.name, "on": words.day(timezone.localdate(each.made_at), self.today)}
        note = _("%(on)s %(name)s设定") % made
        if each.ended_at and each.ended_by:
            ended = {"name": each.ended_by.name, "on": words.day(timezone.localdate(each.ended_at), self.today)}
            note += _("，%(on)s %(name)s结束") % ended
        return {**self.lent(each), "note": note}

    def _state(self, each: Delegation) -> dict[str, Any]:
        if each.ended_at or each.post.ended_at or each.until_on < self.today:
            return {"state": _("已结束"), "now": False}
        if not (each.delegate.is_active and each.post.user.is_active):
            return {"state": _("账号已停用，不起作用"), "now": False}
        now = each.is_in_force(self.today)
        return {"state": _("正在代办") if now else _("还没开始"), "now": now}

    def _people(self, post: Post) -> list[tuple[str, str]]:
        return [pair for pair in self.colleagues[post.unit_id].items() if pair[0] != post.user.username]

    def _lend(self, post: Post) -> dict[str, Any]:
        people, first_day = self._people(post), self.today.isoformat()
        fields = [
            field("to", _("由谁代办"), "select", choices=people, required=True),
            field("from_on", _("从哪天起"), "date", value=self.today, required=True, min=first_day),
            field("until_on", _("到哪天止"), "date", required=True, min=first_day, hint=_("当天也算，最多 90 天。")),
        ]
        why_not = "" if people else _("本单位没有别的在岗人员，请系统管理员先设岗位。")
        url = reverse("workflow:delegation-lend", args=[post.pk]) + self.query
        return _form(f"lend-{post.pk}", _("请人代办"), url, fields, submit=_("定下来"), why_not=why_not)

    def _give(self, post: Post) -> dict[str, Any]:
        people, anybody = self._people(post), bool(self.actor.posts_as(Role.SYSTEM_ADMIN))
        to = field("to", _("交给谁"), "select", choices=people, required=True)
        if anybody:
            hint = _("写接手的人的账号；新来的人请先建账号。")
            to = field("to", _("交给谁"), "text", required=True, maxlength=64, hint=hint)
        warning = _("移交后%(name)s不再有这个岗位，在办的事项一并转给接手的人。") % {"name": post.user.name}
        why_not = "" if people or anybody else _("本单位没有别的在岗人员，请系统管理员办理移交。")
        url = reverse("workflow:post-hand-over", args=[post.pk]) + self.query
        return _form(f"give-{post.pk}", _("移交岗位"), url, [to], why_not=why_not, warning=warning)


def _words(post: Post) -> str:
    return f"{post.unit.name} {post.get_role_display()}"


def _form(
    name: str, label: str, url: str, fields: list[dict[str, Any]], *, submit: str = "", why_not: str, warning: str = ""
) -> dict[str, Any]:
    for each in fields:
        each["id"] = f"{name}-{each['name']}"
    shown = {"name": name, "label": label, "url": url, "fields": fields, "submit_label": submit or label}
    return {**shown, "why_not": why_not, "warning": warning, "open": False}
