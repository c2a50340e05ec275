"""The day by which the text of a sub-item itself wants something reached."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from workflow.deadlines.points import point_of
from workflow.deadlines.spelling import core, plain

# Only a time that the work is to reach counts: not one in a title (《2025年规划》), in a range (2023年至2025年规划)
# or in a subject (制定2026年计划).
TITLE = re.compile("《[^《》]*》")
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
TIME = (
    "(?P<time>20[0-9]{2}年(?:[0-9]{1,2}月份?(?:[0-9]{1,2}[日号])?|第?[一二三四1-4]季度|[上下]半年)?(?:年?[底末])?"
    '|[“"]?十[一二三四五六七]五[”"]?(?:规划)?期?末)(?P<before>(?:之前|以前|前)(?![后一二三四]))?'
)
GOALS = (
    re.compile(f"(?:(?<![年月日0-9])[到至]|力争|争取|确保|截至|截止|不迟于|不晚于){TIME}"),
    re.compile(f"(?:^|[，,。；;、在于]){TIME}(?=$|[，,]|完成|实现|达到|全面|基本|全部|建成|(?<=[底末前]))"),
)


def goal_of(text: str) -> date | None:
    """The latest day that the text names as a goal (到2025年, 2025年6月底前), None where it names none.

    A year stands for its last day: a deadline earlier in the same year does not contradict it. Before a year, month,
    quarter or half-year (2025年之前) may mean its eve, and the eve is taken; 底前 and a day include themselves.
    """
    return max(_goals(text), default=None)


def _goals(text: str) -> Iterator[date]:
    lines = TITLE.sub("", text).translate(DIGITS).splitlines()
    printed = "，".join("".join(line.split()) for line in lines)
    for found in (found for pattern in GOALS for found in pattern.finditer(printed)):
        if period := point_of(core(plain(found["time"])), None):
            includes_itself = not found["before"] or found["time"][-1] in "底末日号"
            yield period.due_on if includes_itself else period.start_on - timedelta(days=1)
