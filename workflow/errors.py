"""Refusals. One root; each carries the sentence a person reads, its HTTP status and a stable code.

They are decided in the same order everywhere: NotFound, StaleVersion, MoveNotPossible, NotAllowed, Invalid.
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class WorkflowError(Exception):
    """A refusal in the reader's language; nothing was written."""

    sentence: ClassVar[str | Promise] = _("这一步没有办成，请稍后再试。")
    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str | Promise | None = None) -> None:
        super().__init__(sentence or self.sentence)

    def __str__(self) -> str:
        return str(self.args[0])


class NotFound(WorkflowError):
    """It does not exist, or the caller may not know that it does."""

    sentence = _("没有找到这一项，或者您无权查看。")
    status = 404
    code = "not-found"


class StaleVersion(WorkflowError):
    """Somebody else wrote to the sub-item since the caller looked at it."""

    sentence = _("别人刚办过这一项，请看最新情况再办。")
    status = 409
    code = "stale-version"


class MoveNotPossible(WorkflowError):
    """The state the sub-item is in does not permit it."""

    sentence = _("这一项现在的状态不能这样办。")
    status = 409
    code = "move-not-possible"


class NotAllowed(WorkflowError):
    """The state permits it, but not to this person."""

    sentence = _("您的岗位不能办这一步。")
    status = 403
    code = "not-allowed"


class Invalid(WorkflowError):
    """What was handed in cannot be accepted as it is."""

    sentence = _("填写的内容有问题，请检查后再试。")
    status = 422
    code = "invalid"
