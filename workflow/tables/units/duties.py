"""Who leads and who supports, where the cells say it in words: 教育局牵头，财政局、人社局配合."""

import re
from collections.abc import Iterator
from functools import lru_cache

from workflow.states import Duty
from workflow.tables.units.lists import OPENING, closed, entries, in_brackets, is_open, names_no_unit
from workflow.tables.units.names import looks_whole

# Entries, with the duty that the words give them; None: that of the column they stand in.
Lists = list[tuple[Duty | None, list[str]]]

LEADING, SUPPORTING, OWING = "牵头|主办|主责|主抓", "配合|协办|协助|协同|参与|参加", "责任|负责|承办|落实|实施|完成"
UNIT = "(?:单位|部门|科室|机构)"
LABEL = re.compile(
    rf"(?:(?P<lead>{LEADING}|第一责任)|(?P<support>{SUPPORTING}|成员)|(?P<own>{OWING}))"
    rf"(?:责任)?{UNIT}?(?:[及和/]?(?:责任|负责)人)?\s*[:：]"
    r"|(?<![^\s；;。，,、])(?P<person>[^\s、，,；;。:：]{0,6}(?:领导|人|联络员))\s*[:：]"
    rf"|(?<![^\s；;。，,])(?:(?P<bare_lead>{LEADING})|(?P<bare_support>{SUPPORTING}))(?:责任)?{UNIT}(?=[^、，,；;。])"
)
MARK = re.compile(rf"[（(]\s*(?:(?P<lead>{LEADING}|第一责任)|{SUPPORTING})(?:责任)?{UNIT}?\s*[)）]?$")
STARS = "★☆▲△*＊※"
STARRED = re.compile(f"^[{STARS}]|[{STARS}]$")
# 教育局（牵头）财政局: a mark ends a name though no sign parts it from the next.
MARK_BEFORE = re.compile(
    rf"([（(]\s*(?:{LEADING}|第一责任|{SUPPORTING})(?:责任)?{UNIT}?\s*[)）])(?=[^\s、，,；;。）)])"
)
FIRST_LEADS = re.compile(
    r"[（(]?(?:注[:：])?(?:排|列|位|名|序|在|居|的|单位){0,5}(?:第一位?|首位|最前面?)个?(?:的|单位|部门){0,2}(?:为|是|即)?"
    rf"(?:总?{LEADING})(?:责任)?{UNIT}?(?:[，,；;、][^）)\n]{{0,20}})?[）)]?"
)

HOW = "(?:(?:按照?|依据?|根据)?(?:各自)?职责(?:分工)?|分工|分别|共同|具体|积极|密切|全力|各自)"
DOING = "(?:并|负责|落实|组织实施|实施|推进|抓好|抓总|做好|组织|指导|协调|统筹|配合|(?:相关|有关)?工作)"
END = r"(?=\s*(?:$|[，,；;。、\n]))"
VERB = re.compile(
    rf"(?P<with>会同)|{HOW}{{0,3}}(?:(?P<lead>{LEADING}){DOING}{{0,5}}|(?P<support>{SUPPORTING}){DOING}{{0,5}}"
    rf"|(?:(?:抓好|组织|贯彻)?(?:{OWING}|推进)){DOING}{{0,5}}{END})"
)
REMEMBERED = 200  # characters
MARGIN = " \t　，,；;。、\n：:"


def duties_of(leads_cell: str, supports_cell: str) -> tuple[list[str], list[str]]:
    """Leads and supports as printed, in order; words in the cells (牵头, 配合, 会同) decide before the columns do.

    A cell whose words cannot be taken apart is read as a plain list, so that nothing is lost. Where the leads have a
    cell of their own, a 牵头 among the supports is no further lead.
    """
    in_leads = _lists_of(leads_cell)
    in_supports = _lists_of(supports_cell)
    if in_supports == in_leads and any(duty for duty, _ in in_leads):
        in_supports = []  # one cell over both columns, taken apart once
    leads = _names(names for duty, names in in_leads if duty is not Duty.SUPPORT)
    supports = _names(names for duty, names in in_leads if duty is Duty.SUPPORT)
    if not leads:
        leads = _names(names for duty, names in in_supports if duty is Duty.LEAD)
        in_supports = [(duty, names) for duty, names in in_supports if duty is not Duty.LEAD]
    return leads, supports + _names(names for _, names in in_supports)


def is_open_ended(cell: str) -> bool:
    """Whether the cell leaves a list open: 财政局、人社局等."""
    return any(is_open(entry) for _, names in _lists_of(cell) for entry in names)


def _names(lists: Iterator[list[str]]) -> list[str]:
    return [name for entries_ in lists for entry in entries_ if (name := closed(entry))]


def _lists_of(cell: str) -> Lists:
    """The lists of a cell; the same few cells stand in row after row, so short ones are remembered."""
    return _remembered(cell) if len(cell) <= REMEMBERED else _read(cell)


@lru_cache(maxsize=4096)
def _remembered(cell: str) -> Lists:
    return _read(cell)


def _read(cell: str) -> Lists:
    text = _unwrapped(cell)
    without_note = FIRST_LEADS.sub("", text)
    lists = _labelled(without_note) or _in_words(without_note)
    if without_note == text:
        return lists
    named = [entry for _, names in lists for entry in names]
    return [(Duty.LEAD, named[:1]), (Duty.SUPPORT, named[1:])]


def _unwrapped(cell: str) -> str:
    """Without brackets around the whole; （甲）（乙） has none."""
    text = cell.strip()
    inner = text[1:-1]
    whole = text[:1] in ("（", "(") and text[-1:] in ("）", ")")
    paired = all(inside or sign not in "（(）)" for sign, inside in zip(inner, in_brackets(inner), strict=True))
    return inner if whole and paired else text


def _masked(text: str) -> str:
    """The text with a blank sign for everything in brackets: no words are looked for there."""
    return "".join("■" if inside else sign for sign, inside in zip(text, in_brackets(text), strict=True))


def _labelled(text: str) -> Lists:
    """牵头单位：…配合单位：…; beside a 牵头单位 the 责任单位 are those that help it. Names of persons are left out."""
    labels = [*LABEL.finditer(_masked(text))]
    if not labels:
        return []
    led = any(label["lead"] or label["bare_lead"] for label in labels)
    lists = _in_words(text[: labels[0].start()])
    for label, end in zip(labels, [*(label.start() for label in labels[1:]), len(text)], strict=True):
        listed = text[label.end() : end].strip(MARGIN)
        if label["lead"] or label["bare_lead"]:
            lists.append((Duty.LEAD, entries(listed)))
        elif label["support"] or label["bare_support"] or (label["own"] and led):
            lists.append((Duty.SUPPORT, entries(listed)))
        elif label["own"]:
            lists += _in_words(listed)
    return lists


def _in_words(text: str) -> Lists:
    return _marked(text) or _sentence(text) or [(None, entries(text))]


def _marked(text: str) -> Lists:
    """教育局（牵头）、财政局: the rest supports; where only （配合） is marked, the rest is what the column says."""
    if any(sign in text for sign in STARS):
        return _starred(text)
    if not any(sign in text for sign in OPENING):
        return []
    marked = [(entry, MARK.search(entry)) for entry in entries(MARK_BEFORE.sub(r"\1、", text))]
    if not any(mark for _, mark in marked):
        return []
    led = any(mark and mark["lead"] for _, mark in marked)
    rest = Duty.SUPPORT if led else None
    return [
        ((Duty.LEAD if mark["lead"] else Duty.SUPPORT) if mark else rest, [MARK.sub("", entry)])
        for entry, mark in marked
    ]


def _starred(text: str) -> Lists:
    """★教育局、财政局: a star marks the lead among several; nothing where all or none have one."""
    names = [(STARRED.sub("", entry), STARRED.search(entry)) for entry in entries(text)]
    leads = [name for name, star in names if star]
    supports = [name for name, star in names if not star]
    return [(Duty.LEAD, leads), (Duty.SUPPORT, supports)] if leads and supports else [(None, leads + supports)]


def _sentence(text: str) -> Lists:
    """Runs of names, each with the verb behind it; nothing where a run holds anything but names."""
    lists: Lists = []
    led, joined, start = False, False, 0
    for verb in VERB.finditer(_masked(text)):
        run = _run(text[start : verb.start()], begins=start == 0)
        if run is None or (verb["lead"] and not run):
            return []
        duty = Duty.SUPPORT if joined or verb["support"] or led else Duty.LEAD if verb["lead"] or verb["with"] else None
        lists.append((duty, run))
        led = led or bool(verb["lead"] or verb["with"])
        joined, start = bool(verb["with"]), verb.end()
    if not start:
        return []
    run = _run(text[start:], begins=False)
    return [] if run is None or (run and not led) else [*lists, (Duty.SUPPORT, run)]


def _run(text: str, *, begins: bool) -> list[str] | None:
    """The entries of a run; None where one is no name (制定方案). What follows a verb at once must look like a name."""
    attached = not begins and text[:1] not in MARGIN
    names = entries(text.strip(MARGIN).removeprefix("并").removeprefix("由"))
    shortest = 0 if attached else 3
    return names if all(_is_name(closed(name) or name, shortest) for name in names) else None


def _is_name(name: str, shortest: int) -> bool:
    return len(name) <= shortest or looks_whole(name) or names_no_unit(name)
