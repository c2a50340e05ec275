"""Duties as a text writes them behind a task: （牵头单位：…；完成时限：…）, （教育局牵头，财政局配合）, 责任单位：…"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workflow.deadlines import read_deadline
from workflow.states import DeadlineKind
from workflow.tables.columns.names import Role, role_of
from workflow.tables.units import duties_of, names_no_unit
from workflow.tables.units.names import LAST_SIGN, WHOLE, looks_whole

# What is said, by the name of its column; a label that is none of the three is a column of its own: 责任领导.
Duty = dict[str, str]
LEADS, SUPPORTS, DEADLINE = "牵头单位", "配合单位", "完成时限"
COLUMNS = {Role.LEADS: LEADS, Role.DUTIES: LEADS, Role.SUPPORTS: SUPPORTS, Role.DEADLINE: DEADLINE}
OTHER_COLUMNS = (Role.PERSON, Role.NOTES, Role.OTHER, Role.START)

OPENING, CLOSING = "（(【[〔", "）)】]〕"
OPEN = f"[{re.escape(OPENING)}]"
DEEPEST = 3  # brackets within the brackets of a duty
LONGEST = 2_000
LONGEST_UNLABELLED = 300
LONGEST_TIME = 60
NEAR = 8  # signs; a sentence and its bracket may have a space or two between them

KIND = "(?:[省市县区旗]级|[省市县区]直|主要|第一|直接|具体|共同|分管|主管|总|包[抓联保]|挂[钩联包点])"
DOES = "(?:牵头|主[办责抓]|承办|责任|落实|负责|实施|执行|办理|整改|配合|协[办同助作]|参与|参加|会办|联办|成员)"
AND = "[及和与、/]"
NOTE = r"[（(][^（）()：:\n]{1,30}[）)]"
WHO = "(?:单位|部门|科室|股室|处室|主体|机构|(?:[省市县区]级?|党政)?领导|责任人|负责人|人)"
DONE = "(?:完成|办结|整改|工作|责任|落实|实施|推进|任务|办理|销号|计划)"
LABEL = (
    rf"(?:{KIND}{{0,2}}{DOES}(?:{AND}?{DOES}|[（(]{DOES}[）)]){{0,3}}{WHO}(?:{AND}?其?{KIND}?{DOES}?{WHO})?(?:{NOTE})?"
    rf"|{KIND}{{1,2}}领导|{DONE}{{1,3}}(?:时限|时间|期限|日期|节点)(?:要求|节点|安排)?"
    "|时限(?:要求)?|期限|时间(?:要求|节点|安排|进度)|进度(?:要求|安排))"
)
COLON = r"\s{0,4}[:：∶]"
SPACE = "(?=[ \t　])"
LABELLED = re.compile(
    rf"(?P<label>{LABEL}|牵头|主办|配合|协办|承办|参与|责任){COLON}"
    rf"|(?<![^\s。；;，,])(?:(?P<spaced>{LABEL}){SPACE}|(?P<other>(?:(?!{LABEL})[一-鿿]){{2,8}}){COLON})"
)
# In running text a label begins behind a stop, or behind a bracket that nobody closes.
LABEL_IN_TEXT = re.compile(rf"(?<![^\s。；;！，,（(【\[〔]){LABEL}{COLON}|(?<![^\s。；;！（(【\[〔]){LABEL}{SPACE}")
LABEL_OF_LINE = re.compile(rf"{OPEN}?\s?{LABEL}(?:{COLON}|{SPACE})")
FRAMED = re.compile(rf"(?<![^\s。；;])[【\[〔]\s?({LABEL})\s?[:：]?\s?[】\]〕]\s?[:：]?")
NOTE_BEHIND = re.compile(f"{NOTE}$")
LEADING = re.compile("牵头|主[办责抓]")

VERB = re.compile("牵头|主[办责抓]|承办|负责|配合|协[办同助]|参与|参加|会同|落实|实施")
# A look before the cell is taken apart: some name, and a verb not far behind it.
VERB_BEHIND_NAME = re.compile(rf"[{LAST_SIGN}等）)][^，,；;。\n]{{0,12}}?(?:{VERB.pattern})")
CLAUSE = re.compile(r"[^，,；;。\n]+")
TIME = re.compile("20[0-9]{2}年|[0-9]{1,2}月|立行立改|立即整改|即知即改")
MARGIN = " \t　；;，,。、\n"
SENTENCE_END = "。！？；!?;"


class Part(NamedTuple):
    """What is to be done, the duty written behind it, and both as printed."""

    text: str
    duty: Duty
    printed: str


def begins_with_label(line: str) -> bool:
    """Whether the line says who does, or until when, what stands above it."""
    return bool(LABEL_OF_LINE.match(framed(line)))


def framed(text: str) -> str:
    """【牵头单位】教育局 in the usual spelling: 牵头单位：教育局."""
    return FRAMED.sub(r"\1：", text)


def parts_of(paragraph: str) -> Iterator[Part]:
    """A paragraph cut behind each of its duties; words behind the last come with an empty one."""
    pairs = _pairs(paragraph)
    label = _label_outside(paragraph, pairs)
    at = 0
    for start, end in pairs:
        if at <= start and end <= label and (duty := _duty_between(paragraph, at, start, end)):
            yield Part(paragraph[at:start].strip(), duty, paragraph[at:end])
            at = end
    if label < len(paragraph):
        text = paragraph[at:label].rstrip(f"{OPENING}，, ").strip()
        yield Part(text, _labelled(paragraph[label:]), paragraph[at:])
    elif at < len(paragraph):
        yield Part(paragraph[at:].strip(), {}, paragraph[at:])


def joined(duty: Duty, more: Duty) -> Duty:
    """Both together, one line each where a column is named twice; nothing that is empty."""
    both = {name: "\n".join(filter(None, (duty.get(name), more.get(name)))) for name in (*duty, *more)}
    return {name: value for name, value in both.items() if value}


def _pairs(text: str) -> list[tuple[int, int]]:
    """Pairs of brackets in the order in which they open, without those that hold too many others."""
    opened: list[list[int]] = []  # where, and how deep the pairs inside are
    pairs = []
    for at, sign in enumerate(text):
        if sign in OPENING:
            opened.append([at, 0])
        elif sign in CLOSING and opened:
            start, depth = opened.pop()
            if opened:
                opened[-1][1] = max(opened[-1][1], depth + 1)
            if depth < DEEPEST:
                pairs.append((start, at + 1))
    return sorted(pairs)


def _label_outside(text: str, pairs: Sequence[tuple[int, int]]) -> int:
    """Where a label stands that no pair of brackets encloses; the end where there is none."""
    ends = iter(pairs)
    start, end = next(ends, (len(text), len(text)))
    for found in LABEL_IN_TEXT.finditer(text):
        while end <= found.start():
            start, end = next(ends, (len(text), len(text)))
        if found.start() < start:
            return found.start()
    return len(text)


def _duty_between(text: str, at: int, start: int, end: int) -> Duty | None:
    """The duty in a pair of brackets, behind text that begins at `at`; None where they hold anything else.

    Without labels they must stand at a sentence's end; a mere time, or mere names, only behind it.
    """
    content = text[start + 1 : end - 1]
    if not content or len(content) > LONGEST:
        return None
    label = LABELLED.search(content)
    if label and not label["other"]:
        return _said_and_labelled(content, label.start())
    behind, after = text[max(at, start - NEAR) : start].rstrip()[-1:], text[end : end + 1]
    begins = not behind or behind in SENTENCE_END
    if len(content) > LONGEST_UNLABELLED or not (begins or not after or after in f"{SENTENCE_END}，,、\n"):
        return None
    said = _said(content)
    if said or not begins:
        return said if begins or LEADS in said else None
    return _named(content) if after in ("", "。", "；", "\n") else None


def _said_and_labelled(content: str, label: int) -> Duty | None:
    head = content[:label].strip(MARGIN)
    said = _said(head)
    return joined(said, _labelled(content[label:])) if said or not head else None


def _labelled(content: str) -> Duty:
    """The values behind their labels. Beside a 牵头单位 the 责任单位 are those that help it."""
    labels = [
        label for label in LABELLED.finditer(content) if not label["other"] or role_of(label["other"]) in OTHER_COLUMNS
    ]
    names = ["".join((label["label"] or label["spaced"] or label["other"]).split()) for label in labels]
    plain = [NOTE_BEHIND.sub("", name) for name in names]
    led = any(map(LEADING.search, plain))
    duty: Duty = {}
    for at, label in enumerate(labels):
        end = labels[at + 1].start() if at + 1 < len(labels) else len(content)
        # 责任单位（排第一位的牵头）: what a label says of its units stands behind them in the cell.
        value = content[label.end() : end].strip(MARGIN) + names[at].removeprefix(plain[at])
        duty = joined(duty, {_column(plain[at], led): value})
    return duty


def _column(label: str, led: bool) -> str:
    role = role_of(label)
    if role is Role.LEADS and led and not LEADING.search(label):
        return SUPPORTS
    return COLUMNS[role] if role in COLUMNS else label


def _said(content: str) -> Duty:
    """教育局牵头，财政局配合，2024年底前完成: the time apart, the rest in one cell; nothing where it names no units."""
    clauses = [clause.strip() for clause in CLAUSE.findall(content)]
    times = [clause for clause in clauses if _is_time(clause)]
    rest = "，".join(clause for clause in clauses if clause not in times and clause not in ("", "下同"))
    if rest and not (VERB_BEHIND_NAME.search(rest) and _are_units(rest)):
        return {}
    return joined({LEADS: rest}, {DEADLINE: "，".join(times)})


def _is_time(clause: str) -> bool:
    if len(clause) > LONGEST_TIME or VERB.search(clause):
        return False
    return bool(TIME.match(clause)) or read_deadline(clause).kind != DeadlineKind.UNKNOWN


def _are_units(cell: str) -> bool:
    """Whether the cell names units and their duties, and no work that somebody is responsible for."""
    leads, supports = duties_of(cell, "")
    return bool(leads) and all(looks_whole(name) or names_no_unit(name) for name in (*leads, *supports))


def _named(content: str) -> Duty | None:
    """教育局、财政局: names of units and nothing else."""
    if not WHOLE.search(content):
        return None
    leads, supports = duties_of(content, "")
    return {LEADS: content.strip()} if leads and not supports and all(map(WHOLE.search, leads)) else None
