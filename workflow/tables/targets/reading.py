"""指标: the numbers in a text that can be measured. What is not clearly a target is left out."""

import re
from collections.abc import Iterator

from workflow.states import Frequency
from workflow.tables.table import Target
from workflow.tables.targets import words

WIDE = str.maketrans("０１２３４５６７８９％．＋", "0123456789%.+")
# Titles, quoted names and brackets hold numbers that belong to a name.
NAMED = re.compile('《[^《》]*》|“[^“”]*”|"[^"\n]*"|（[^（）]*）|\\([^()]*\\)|〔[^〔〕]*〕')
CLAUSE = re.compile("(?:[^，。；：！？,;!?\n]|(?<=[0-9]),(?=[0-9]{3}))+")
PARTS_OF_A_WHOLE = ("%", "个百分点")
LONGEST_CLAUSE = 200
LONGEST_LABEL = 60
DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}


def targets_of(text: str) -> tuple[Target, ...]:
    """The targets of a text, in order: 每年创建健康学校5所 → (创建健康学校, 5, 所, yearly). Never raises.

    The label keeps the words of the text around the number; `per` is set only where 每年, 每半年, 每季度 or 每月 stands
    before the number, any other rhythm (每三年, 每学期) stays in the label.
    """
    printed = re.sub(r"[^\S\n]+", "", text.translate(WIDE))
    masked = NAMED.sub(lambda name: "■" * len(name[0]), printed)
    return tuple(target for found in CLAUSE.finditer(masked) for target in _of_clause(printed, found))


def _of_clause(printed: str, found: re.Match[str]) -> Iterator[Target]:
    if len(found[0]) > LONGEST_CLAUSE:
        return
    clause = _Clause(printed[found.start() : found.end()], found[0])
    for number in words.NUMBER.finditer(found[0]):
        if target := clause.target(number):
            yield target
        clause.start = max(clause.start, number.end())


class _Clause:
    """A stretch between two commas, read from number to number; what is named or in brackets is blank in `masked`."""

    def __init__(self, printed: str, masked: str) -> None:
        self.printed, self.masked = printed, masked
        self.start = 0  # behind the number before and its thing
        self.head = ""  # the verb that the next of a list shares: 评选表彰名师50名、优秀班主任30名

    def target(self, number: re.Match[str]) -> Target | None:
        """The number as a target, None where it is not clearly one."""
        before, rest = self.masked[self.start : number.start()], self.masked[number.end() :]
        label = self._compared(number, before, rest)
        if not label and number["unit"] not in PARTS_OF_A_WHOLE:
            label = self._thing_behind(number, before) or self._thing_before(before, rest)
        label = _tidy(label)
        if not 1 < len(label) <= LONGEST_LABEL or words.INCOMPLETE.fullmatch(label) or not self._counts(number, label):
            return None
        value = number["value"] or str(_arabic(number["chinese"]))
        return Target(label, value.replace(",", ""), number["unit"] or number["measure"], self._per(number))

    def _compared(self, number: re.Match[str], before: str, rest: str) -> str:
        """入学率达到95%以上, 测评100%达标, 收入增长10%: what stands before the comparison, back to the comma."""
        compared, reached = words.COMPARED.search(before), words.REACHED.match(rest)
        share = number["unit"] in PARTS_OF_A_WHOLE
        if not compared and not (share and (reached or words.SHARE_NAME.search(before))):
            return ""
        if not reached and not _ends(rest):
            return ""
        length = compared.start() if compared else len(before)
        return self.printed[self.start : self.start + length] + (reached[0] if reached else "")

    def _thing_behind(self, number: re.Match[str], before: str) -> str:
        """打造10节精品课: the verb directly before the number, or shared with the number before."""
        verbs = words.VERBS_BEFORE.search(before)
        if not verbs and not (self.head and words.CONNECTED.fullmatch(before)):
            return ""
        thing = self._thing(number)
        if thing.startswith("的") or (
            thing and number["bound"] and not words.COUNTED.fullmatch(number["unit"] or "个")
        ):
            return ""
        said = self.printed[self.start : self.start + (verbs.end() if verbs else 0)]
        self.start = number.end() + len(thing)
        if verbs:
            self.head = _from(said, verbs.start())
        return self.head + thing if thing else said

    def _thing_before(self, before: str, rest: str) -> str:
        """新建幼儿园3所: verb, thing, number, and the part ends."""
        before = words.ABOUT_END.sub("", before)
        thing = self.printed[self.start : self.start + len(before)]
        if not _ends(rest):
            return ""
        if verbs := words.VERBS.search(before):
            self.head = _from(thing[: verbs.end()], verbs.start())
            return self.head + thing[verbs.end() :]
        goes_on = self.head and words.CONNECTED.match(before)
        return self.head + words.CONNECTED.sub("", thing) if goes_on else ""

    def _thing(self, number: re.Match[str]) -> str:
        """What stands behind the number, up to the next of a list."""
        following = words.NUMBER.search(self.masked, number.end())
        end = following.start() if following else len(self.masked)
        listed = self.masked.find("、", number.end(), end)
        return words.CONNECTED.sub("", self.printed[number.end() : end if listed < 0 else listed])

    def _counts(self, number: re.Match[str], label: str) -> bool:
        """Whether a Chinese numeral is a number here at all, and the thing one that can be counted."""
        if words.ABSTRACT.search(label):
            return False
        if not number["chinese"]:
            return True
        if number["chinese"] == "一":
            rhythm = number["measure"] in words.OCCASIONS and "每" in self.masked[: number.start()]
            return rhythm or number["measure"] in words.SMALL
        return number["measure"] != "个" or bool(words.CONCRETE.search(label))

    def _per(self, number: re.Match[str]) -> Frequency | None:
        rhythms = [*words.RHYTHM.finditer(self.masked, 0, number.start())]
        return words.FREQUENCIES[rhythms[-1]["length"] or "年"] if rhythms else None


def _tidy(label: str) -> str:
    """Without the rhythm, and the words at the beginning that say how or by when."""
    return words.LEAD_IN.sub("", words.RHYTHM.sub("", label), count=1) if label else ""


def _from(text: str, start: int) -> str:
    """The text from its verb on, or from 每三年 or 各乡镇 before the verb."""
    shared = words.SHARED.search(text, 0, start)
    return text[shared.start() if shared else start :]


def _ends(rest: str) -> bool:
    """Whether the part ends behind the number; not where a second number follows for the same thing (10%、15%)."""
    end = words.PART_ENDS.match(rest)
    return bool(end) and not words.NUMBER.match(rest, end.end() if end else 0)


def _arabic(chinese: str) -> int:
    """一百二十五 → 125, 十 → 10."""
    hundreds, hundred, rest = chinese.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    return (
        (DIGITS.get(hundreds, 1) * 100 if hundred else 0)
        + (DIGITS.get(tens, 1) * 10 if ten else 0)
        + DIGITS.get(ones, 0)
    )
