"""Rows and lines that are no item: notes, signatures, totals, page furniture, titles of further tables."""

import re
from collections.abc import Sequence

from workflow.tables.rows.numbering import split_number
from workflow.tables.table import RowKind

CHINESE = "一二三四五六七八九十"
DATE = f"(?:20[0-9]{{2}}|二[〇○零O0][{CHINESE}〇○零]{{2}})年[0-9{CHINESE}]{{1,3}}月(?:[0-9{CHINESE}]{{1,3}}日)?"
SIGNED = re.compile(
    "(?:填表|填报|制表|审核|审批|审签|复核|审定|经办|批准|签发|报送|上报|编制|主要负责|单位负责|主管领导|分管领导|负责|联系)"
    r"(?:人|单位|部门|日期|时间|领导)?(?:[(（](?:签字|签名|签章|盖章|公章)[)）])?[:：]"
    r"|(?:联系)?电话[:：]|(?:单位|部门)?[(（]?(?:盖章|公章|签字|签章)[)）]?[:：]?$|(?:签字|签名|盖章)[:：]|日期[:：]"
)
TOTAL = re.compile("[合小总共]计(?:[(（].*[)）])?[:：]?(?:共?[0-9]+[项条个]?)?")
NOTE = "(?:注|备注|说明|附注|注释|注意|填表说明|填报说明|填写说明|有关说明)"
REMARK = re.compile(f"{NOTE}[0-9]?[:：.、]|[※＊*★▲]|[（(]{NOTE}[:：]")
# What a printed document ends with.
IMPRINT = re.compile(
    rf"(?:抄送|主送|分送|抄报)[:：]|[^，,。；;]{{0,30}}[办室局府委会部]{DATE}(?<=日)印发$"
    r"|[（(]此件.{2,12}[)）]$|(?:信息)?公开(?:方式|选项|属性)[:：]|共印[0-9]+份"
)
LABEL = re.compile(f"{NOTE}[:：]?")
NUMBERED_REMARK = re.compile(f"{NOTE}[:：]?(?:1[.．、]|[（(]1[)）]|①|$)")
AGAIN = re.compile("[（(]?(?:续表|续上表|接上表|接上页|转下页|见下页|下转|上接|续)[一二三四五六七八九十0-9]*[)）]?")
PAGE = re.compile(
    "(?:[-—–－]*[0-9]{1,4}[-—–－]+|[-—–－]+[0-9]{1,4}|第[0-9]{1,4}页(?:[,，/、]?共[0-9]{1,4}页)?)|[0-9]{1,4}/[0-9]{1,4}"
)
ATTACHMENT = re.compile("附[件表]?[0-9０-９一二三四五六七八九十]*[-—–]?[0-9]*[:：]?")
MONEY = re.compile("[（(]?(?:金额|计量|数量)?单位[:：](?:人民币)?[百千万亿]*[元个人项户亩][)）]?")
NAMED = re.compile("(?:表|清单|名单|台账|分工|方案|一览|目录|任务书)(?:[（(].{1,12}[)）])?$")
DATED = re.compile(f"[（(]?{DATE}[)）]?")
STEMS = tuple("甲乙丙丁戊己庚")
LONGEST_TITLE = 60
# Longer than any heading without a number: a paragraph.
LONGEST_HEADING = 40
ENDS_SENTENCE = "。；;：:，"
HEADING_WORDS = re.compile("(?:工程|行动|方面|领域|类|板块|专项|篇|部分)$")


def kind_of(texts: Sequence[str], *, in_remark: bool = False) -> RowKind | None:
    """What a row (or, as its one text, a line) is that says this and is no item; None where it may be one.

    `in_remark`: the row before began a numbered remark, whose further points may follow.
    """
    first = _plain(texts[0])
    if len(texts) == 1 and (kind := _kind_of_line(first, in_remark)):
        return kind
    if _numbers_columns([_plain(text) for text in texts]):
        return RowKind.HEADER
    if TOTAL.fullmatch(first):
        return RowKind.TOTAL
    if SIGNED.match(first):
        return RowKind.SIGNATURE
    return RowKind.REMARK if len(texts) == 2 and LABEL.fullmatch(first) else None


def is_date(texts: Sequence[str]) -> bool:
    """Whether a row says nothing but a date."""
    return len(texts) == 1 and bool(DATED.fullmatch(_plain(texts[0])))


def is_again(text: str) -> bool:
    """Whether a line only says that a table goes on: 续表."""
    return bool(AGAIN.fullmatch(_plain(text)))


def begins_points(text: str) -> bool:
    """Whether a remark is the first of several numbered ones: 注：1.…"""
    return bool(NUMBERED_REMARK.match(_plain(text)))


def is_heading(text: str) -> bool:
    """Whether a line across the table or above it can be a heading at all, and not a paragraph."""
    number, title = split_number(text)
    if number:
        return bool(title)
    return len(text) <= LONGEST_HEADING and text[-1] not in ENDS_SENTENCE


def is_named_heading(text: str) -> bool:
    """Whether a line without a number says by its last word that it is a heading: …工程, …方面."""
    return len(text) <= 20 and bool(HEADING_WORDS.search(_plain(text)))


def is_attachment(text: str) -> bool:
    """Whether a line says nothing but which attachment follows: 附件2."""
    return bool(ATTACHMENT.fullmatch(_plain(text)))


def is_title(text: str) -> bool:
    """Whether a line names a table: …分解表, …任务清单."""
    return len(text) <= LONGEST_TITLE and not split_number(text)[0] and bool(NAMED.search(_plain(text)))


def _kind_of_line(line: str, in_remark: bool) -> RowKind | None:
    if AGAIN.fullmatch(line) or PAGE.fullmatch(line):
        return RowKind.HEADER
    if REMARK.match(line) or LABEL.fullmatch(line):
        return RowKind.REMARK
    if MONEY.fullmatch(line) or ATTACHMENT.fullmatch(line):
        return RowKind.TITLE
    if DATED.fullmatch(line) or IMPRINT.match(line):
        return RowKind.SIGNATURE
    return RowKind.REMARK if in_remark and split_number(line)[0].isdigit() else None


def _numbers_columns(texts: Sequence[str]) -> bool:
    """Whether a row only counts the columns: 1 2 3 4, 甲 乙 1 2."""
    counts = [text.strip("()（）") for text in texts]
    stems = next((at for at, count in enumerate(counts) if count not in STEMS), len(counts))
    return len(counts) > 2 and counts == [*STEMS[:stems], *map(str, range(1, len(counts) - stems + 1))]


def _plain(text: str) -> str:
    return "".join(text.split())
