"""Numbers in front of headings and items: "1.", "（二）", "三、"."""

import re
import unicodedata

DIGITS = "[0-9０-９]{1,3}"
LONGEST_NUMBER = 9  # with its brackets
CHINESE = "[一二三四五六七八九十百]{1,5}"
# The dot of "2.0实施方案" and "1.5万亩" is a decimal point, that of "1.2022年完成" is not.
NUMBER = re.compile(
    rf"\s*(?:[（(]\s*(?P<bracketed>{DIGITS}|{CHINESE})\s*[)）]"
    rf"|(?P<digits>{DIGITS})\s*(?:[、)）]|[.．](?![0-9０-９](?!\d{{3}}年)))"
    rf"|(?P<chinese>{CHINESE})\s*[、.．])\s*"
)


def split_number(text: str) -> tuple[str, str]:
    """The printed number without its punctuation, and the rest; ("", text) where there is none.

    Full-width digits are written plainly in the number (it is a key) and left alone in the rest.
    """
    found = NUMBER.match(text)
    if not found:
        return "", text.strip()
    number = found["bracketed"] or found["digits"] or found["chinese"]
    return unicodedata.normalize("NFKC", number), text[found.end() :].strip()


def plain_number(cell: str) -> str:
    """The number in a cell of its own (序号), without punctuation; "" where the cell holds anything else."""
    number = unicodedata.normalize("NFKC", cell[:LONGEST_NUMBER]).strip(" .、()")
    return number if re.fullmatch(f"{DIGITS}|{CHINESE}", number) else ""


def is_chinese(number: str) -> bool:
    """Whether the number is of the kind that sections carry: 一, 十二."""
    return bool(re.fullmatch(CHINESE, number))
