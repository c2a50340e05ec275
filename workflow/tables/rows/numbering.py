"""Numbers in front of headings and items: "1.", "（二）", "三、", "1.2", "①", "第一章"; how deep each kind stands."""

import re
import unicodedata

DIGITS = "[0-9０-９]{1,3}"
CHINESE = "[一二三四五六七八九十百]{1,5}"
POINT = "[.．]"
DASH = "[-－–—]"
SIGNS = "[①-⑳⑴-⒇⒈-⒛㈠-㈩]"
# What makes "1.5 万亩" and "3-5 年" quantities and "2.0 版" a name.
MEASURE = "[万亿千百十%％‰倍亩个岁年月日号季级米吨元公里度版期所名户人次]"
# A number in a cell of its own may be longer: tables of some thousand rows exist.
LONGEST_NUMBER = 15
POINT_END = re.compile("[\n。；;]")
ONES = "〇一二三四五六七八九"

# The dot of "2.0实施方案" and "1.5万亩" is a decimal point, that of "1.2022年完成" is not.
NUMBER = re.compile(
    rf"\s*(?:第\s*(?P<chapter>{CHINESE}|{DIGITS})\s*(?P<part>[章节篇编条]|部分)(?=[\s、：:.．])[、：:.．]?"
    rf"|[（(]\s*(?P<bracketed>{DIGITS}|{CHINESE})\s*[)）]"
    rf"|(?P<sign>{SIGNS})"
    rf"|(?P<nested>{DIGITS}(?:{POINT}{DIGITS}){{2,3}})(?![0-9０-９前之起至日{POINT[1:-1]}])[、)）]?"
    rf"|(?P<dotted>{DIGITS}(?:{POINT}|{DASH})[1-9１-９][0-9０-９]?)(?:[、)）]|{POINT}(?![0-9０-９])|\s+(?!{MEASURE}))"
    rf"|(?P<digits>{DIGITS})\s*(?:[、)）]|{POINT}(?![0-9０-９](?!\d{{3}}年)))"
    rf"|(?P<chinese>{CHINESE})\s*[、.．])\s*"
)
KINDS = ("chapter", "bracketed", "sign", "nested", "dotted", "digits", "chinese")
# From the outermost to the innermost, as documents are numbered: 第一章 > 一、 > （一） > 1. > 1.1 > （1） > ①.
CHAPTER, CHINESE_RANK, BRACKETED_CHINESE, DIGITS_RANK, DOTTED, BRACKETED_DIGITS, SIGN = range(0, 70, 10)
CELL_NUMBER = re.compile(rf"[0-9]{{1,5}}(?:[.-]{DIGITS}){{0,3}}|{CHINESE}")


def split_number(text: str, *, within: str = "") -> tuple[str, str]:
    """The printed number without its punctuation, and the rest; ("", text) where there is none.

    Full-width digits are written plainly in the number (it is a key) and left alone in the rest. `within` is the
    number of the task: inside task 3, "3.2推进" begins with a number though nothing sets it off.
    """
    found = NUMBER.match(text)
    if found:
        return _plain(next(filter(None, map(found.group, KINDS)))), text[found.end() :].strip()
    if within and (child := _child(within).match(text)):
        return _plain(child[1]), text[child.end() :].strip()
    return "", text.strip()


def is_list(text: str) -> bool:
    """Whether the points of a list are all there is in a text, so that the first number is not that of the whole."""
    first, *others = POINT_END.split(text)
    begins = split_number(first)[0] in ("1", "一")
    second = next((other for other in others if rank_of(other) == rank_of(first)), "") if begins else ""
    return split_number(second)[0] in ("2", "二")


def plain_number(cell: str) -> str:
    """The number in a cell of its own (序号), without punctuation; "" where the cell holds anything else."""
    if len(cell) > LONGEST_NUMBER:
        return ""
    number = _plain("".join(cell.split()))
    return number if CELL_NUMBER.fullmatch(number) else ""


def is_chinese(number: str) -> bool:
    """Whether the number is of the kind that sections carry: 一, 十二."""
    return bool(re.fullmatch(CHINESE, number))


def follows(number: str, before: str) -> bool:
    """Whether one Chinese number is the next after the other: 二 after 一."""
    return is_chinese(number) and is_chinese(before) and _count(number) == _count(before) + 1


def rank_of(printed: str) -> int | None:
    """How deep a heading with such a number stands, None without number; equal ranks follow one another."""
    found = NUMBER.match(printed)
    if not found:
        return None
    if found["chapter"]:
        return CHAPTER + 5 * (found["part"] in "节条")
    if found["bracketed"]:
        return BRACKETED_CHINESE if is_chinese(found["bracketed"]) else BRACKETED_DIGITS
    if found["nested"] or found["dotted"]:
        return DOTTED + len(re.findall(f"{POINT}|{DASH}", found["nested"] or found["dotted"]))
    if found["sign"]:
        return _rank_of_sign(found["sign"])
    return DIGITS_RANK if found["digits"] else CHINESE_RANK


def rank_of_cell(cell: str) -> int | None:
    """The same for a number in a cell of its own, which needs no punctuation."""
    return rank_of(f"{cell.strip()}、") if plain_number(cell) else None


def _rank_of_sign(sign: str) -> int:
    """⒈ is 1., ⑴ is （1）, ㈠ is （一）."""
    spelled = unicodedata.normalize("NFKC", sign)
    return SIGN if spelled.isdigit() else rank_of(spelled) or SIGN


def _count(number: str) -> int:
    """二十三 as 23; no document has a hundred sections."""
    tens, ten, ones = number.rpartition("十")
    return 10 * (ONES.find(tens) if tens else len(ten)) + max(0, ONES.find(ones) if ones else 0)


def _plain(number: str) -> str:
    return unicodedata.normalize("NFKC", number).translate(str.maketrans("–—", "--")).strip(" .、()")


def _child(task_no: str) -> re.Pattern[str]:
    return re.compile(rf"\s*({re.escape(task_no)}(?:{POINT}|{DASH})[1-9][0-9]?)(?![0-9.．]|{MEASURE})\s*")
