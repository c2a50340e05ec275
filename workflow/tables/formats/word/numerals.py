"""A count as Word prints it: 3 as 3, 03, 三, 叁, ③, c, iii, 丙."""

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
LEGAL = "零壹贰叁肆伍陆柒捌玖"
LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# Beyond this Word itself no longer counts in words.
HIGHEST_IN_WORDS = 9_999


def numeral(count: int, form: str) -> str:
    """The count in the form that w:numFmt names; in Arabic digits where the form is unknown or does not go so far."""
    if form in ("none", "bullet"):
        return ""
    write = FORMS.get(form)
    return (write(count) if write and 0 < count <= HIGHEST_IN_WORDS else "") or str(count)


def _in_words(digits: str, units: tuple[str, ...], *, one_ten: bool) -> Callable[[int], str]:
    """Counting with units: 一百零三. `one_ten`: 壹拾 and not only 拾."""

    def write(count: int) -> str:
        words, zero = "", False
        for place in range(len(str(count)) - 1, -1, -1):
            digit = count // 10**place % 10
            if digit:
                words += ("零" if zero else "") + digits[digit] + units[place]
            zero = not digit
        return words if one_ten or not 10 <= count < 20 else words[1:]

    return write


def _digit_by_digit(count: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(count))


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda count: signs[count - 1 : count]


def _characters(first: str, last: int) -> Callable[[int], str]:
    """Signs that stand in a row: ① to ⑳."""
    return _one_of("".join(chr(ord(first) + at) for at in range(last)))


def _letter(count: int) -> str:
    """a … z, aa, bb … zz, aaa, and so on up to thirty times z."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count <= 26 * 30 else ""


def _roman(count: int) -> str:
    printed = ""
    for worth, sign in ROMAN:
        printed += sign * (count // worth)
        count %= worth
    return printed


def _sexagenary(count: int) -> str:
    return STEMS[(count - 1) % 10] + BRANCHES[(count - 1) % 12]


_counting = _in_words(DIGITS, ("", "十", "百", "千"), one_ten=False)
_legal = _in_words(LEGAL, ("", "拾", "佰", "仟"), one_ten=True)
_legal_traditional = _in_words(LEGAL_TRADITIONAL, ("", "拾", "佰", "仟"), one_ten=True)

FORMS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting"), _counting),
    **dict.fromkeys(("taiwaneseCounting", "taiwaneseCountingThousand"), _counting),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital"), _digit_by_digit),
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal_traditional,
    "ideographTraditional": _one_of(STEMS),
    "ideographZodiac": _one_of(BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "ideographEnclosedCircle": _characters("㊀", 10),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _characters("①", 20)),
    "decimalEnclosedParen": _characters("⑴", 20),
    "decimalEnclosedFullstop": _characters("⒈", 20),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), lambda count: str(count).translate(FULL_WIDTH)),
    "decimalZero": lambda count: f"{count:02}",
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
}
