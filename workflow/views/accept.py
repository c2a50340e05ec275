"""一并签收: sign for many items at once; each is a move of its own, with a result of its own."""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from workflow import queries
from workflow.actions import moves
from workflow.errors import WorkflowError
from workflow.models import SubItem
from workflow.states import State
from workflow.views import words
from workflow.views.frame import now


@login_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """The list to choose from, all ticked; a post signs for the ticked ones."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        return _accept_chosen(request, actor)
    items = queries.waiting_for(actor, timezone.localdate(now(request))).filter(state=State.ASSIGNED)
    signing = list(queries.with_names(items.order_by("plan", "position")))
    colleagues = queries.people_of({item.holder_id for item in signing})
    context = {
        "rows": [{"item": item, "due": words.due(item)} for item in signing],
        "colleagues": colleagues,
        "units": len({person["unit"] for person in colleagues}),
        "me": actor.username,
    }
    return render(request, "workflow/accept.html", context)


def _accept_chosen(request: HttpRequest, actor: Actor) -> HttpResponse:
    chosen = list(_chosen(request.POST.getlist("item")))
    if not chosen:
        messages.error(request, _("请先勾选要签收的子项。"))
        return redirect("workflow:accept")
    details, done = {"assignee": request.POST.get("assignee", "")}, 0
    refused: dict[str, list[int]] = {}
    for item_id, version in chosen:
        try:
            moves.make_move(item_id, "accept", by=actor, now=now(request), version=version, details=details)
            done += 1
        except WorkflowError as refusal:
            refused.setdefault(str(refusal), []).append(item_id)
    for sentence in _sentences(actor, refused):
        messages.error(request, sentence)
    if done:
        messages.success(request, _("已签收 %(n)s 项，可以开始办理。") % {"n": done})
    return redirect("workflow:to-do")


def _chosen(pairs: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Item and version of each ticked box; what is no pair of numbers was not sent by the page."""
    for pair in pairs:
        item_id, _colon, version = pair.partition(":")
        if all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (item_id, version)):
            yield int(item_id), int(version)


def _sentences(actor: Actor, refused: dict[str, list[int]]) -> Iterator[str]:
    """Each refusal once, before it the numbers of the items it was said of."""
    ids = [item_id for ids in refused.values() for item_id in ids]
    numbers = dict(SubItem.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "number"))
    for sentence, refused_ids in refused.items():
        named = "、".join(numbers[pk] for pk in refused_ids if pk in numbers)
        yield _("%(numbers)s：%(sentence)s") % {"numbers": named, "sentence": sentence} if named else sentence
