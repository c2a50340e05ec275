"""What is said of each criterion in force: by the lead when handing in, by the verifier in the verdict."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflow import criteria
from workflow.actions.details import text
from workflow.criteria import Criterion
from workflow.errors import Invalid
from workflow.models import SubItem, Submission


def answers_of(item: SubItem, said: Mapping[int, Any], standing: Collection[int]) -> dict[str, Any]:
    """Answers by number as they are kept, those that say nothing left out; `standing` is the evidence there is.

    Raises Invalid on a number no criterion has, and on what cannot be its answer.
    """
    by_no = _known(item, said)
    answers = {str(no): _answer(by_no[no], each, standing) for no, each in sorted(said.items())}
    return {no: each for no, each in answers.items() if any(part not in (None, "", []) for part in each.values())}


def drafted(item: SubItem, draft: Submission, standing: Collection[int]) -> dict[str, Any]:
    """What a draft answers to the criteria in force, less the files that were taken back since."""
    carried = criteria.carried(draft.answers, criteria.read(draft.criteria), item.agreed_criteria)
    return {no: {**each, "evidence": [pk for pk in each["evidence"] if pk in standing]} for no, each in carried.items()}


def check_answered(item: SubItem, answers: criteria.Answers) -> None:
    """Raises Invalid with the numbers of those that lack an answer."""
    if missing := criteria.unanswered(item.agreed_criteria, answers):
        words = {"numbers": criteria.numbers_in_words(missing)}
        raise Invalid(_("缺标准 %(numbers)s 的完成情况，补齐后可以报送。") % words)


def ticks_of(item: SubItem, said: Mapping[int, Any] | None, *, approving: bool, comment: str) -> dict[str, bool]:
    """Ticks by number as they are kept. A verdict ticks each criterion, and follows from the ticks.

    Raises Invalid where one is missing, unknown or no yes or no; where not all are met and it would be approved, or
    all are met and it would be rejected; and where a reason says nothing but the numbers.
    """
    ticks = said or {}
    by_no = _known(item, ticks)
    if not all(isinstance(each, bool) for each in ticks.values()):
        raise Invalid(_("每条标准要选“符合”或“不符”。"))
    if missing := [no for no in by_no if no not in ticks]:
        words = {"numbers": criteria.numbers_in_words(missing)}
        raise Invalid(_("还没有看标准 %(numbers)s，请逐条选“符合”或“不符”。") % words)
    unmet = [no for no in by_no if not ticks[no]]
    if approving and unmet:
        raise Invalid(_("标准 %(numbers)s 不符，不能通过。") % {"numbers": criteria.numbers_in_words(unmet)})
    if by_no and not approving and not unmet:
        raise Invalid(_("各条标准都符合，不能退回；哪一条不够，请选“不符”。"))
    if unmet and not criteria.says_why(comment, by_no.values()):
        raise Invalid(_("请写明标准 %(numbers)s 哪里不符、怎么补。") % {"numbers": criteria.numbers_in_words(unmet)})
    return {str(no): ticks[no] for no in sorted(ticks)}


def _known(item: SubItem, said: Mapping[int, Any]) -> dict[int, Criterion]:
    """The criteria in force by number. Raises Invalid where something is said of another number."""
    by_no = {each.no: each for each in item.agreed_criteria}
    for no in said:
        if no not in by_no:
            raise Invalid(_("没有标准 %(no)s，请看最新的验收标准。") % {"no": no})
    return by_no


def _answer(criterion: Criterion, said: Any, standing: Collection[int]) -> dict[str, Any]:
    if not isinstance(said, Mapping):
        raise Invalid(_("标准 %(no)s 的完成情况写法不对。") % {"no": criterion.no})
    value = criteria.number(said.get("value"))
    if value is None and said.get("value") not in (None, ""):
        raise Invalid(_("标准 %(no)s 的数要是 0 以上的数，最多 12 位整数、4 位小数。") % {"no": criterion.no})
    if value is not None and not criterion.is_measured:
        raise Invalid(_("标准 %(no)s 没有目标值，请用文字写完成情况。") % {"no": criterion.no})
    files = said.get("evidence") or []
    if not isinstance(files, list) or not all(type(each) is int and each in standing for each in files):
        raise Invalid(_("标准 %(no)s 的材料要从本期的佐证材料里选。") % {"no": criterion.no})
    words = text(said["text"]) if said.get("text") is not None else ""
    return {"value": value, "text": words, "evidence": sorted(set(files))}
