import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.formats.word.numerals import FORMS, numeral


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("decimal", {0: "0", 1: "1", 10: "10"}),
        ("decimalZero", {1: "01", 10: "10"}),
        ("decimalFullWidth", {12: "１２"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 48: "四十八"}),
        ("chineseCountingThousand", {100: "一百", 105: "一百零五", 110: "一百一十", 2010: "二千零一十"}),
        ("japaneseCounting", {3: "三"}),
        ("taiwaneseCountingThousand", {22: "二十二", 1005: "一千零五"}),
        ("ideographDigital", {3: "三", 10: "一〇", 21: "二一"}),
        ("chineseLegalSimplified", {3: "叁", 10: "壹拾", 21: "贰拾壹"}),
        ("ideographLegalTraditional", {3: "參"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {12: "亥"}),
        ("ideographZodiacTraditional", {1: "甲子", 60: "癸亥", 61: "甲子"}),
        ("ideographEnclosedCircle", {1: "㊀", 10: "㊉"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {3: "③"}),
        ("decimalEnclosedParen", {3: "⑶"}),
        ("decimalEnclosedFullstop", {3: "⒊"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 53: "aaa", 781: "781"}),
        ("upperLetter", {2: "B", 28: "BB"}),
        ("lowerRoman", {4: "iv", 1994: "mcmxciv"}),
        ("upperRoman", {9: "IX"}),
        ("none", {1: ""}),
        ("bullet", {1: ""}),
        ("ordinalText", {3: "3"}),
    ],
)  # fmt: skip
def test_numeral_in_each_form(form: str, printed: dict[int, str]) -> None:
    assert {count: numeral(count, form) for count in printed} == printed


@given(st.integers(0, 40_000), st.sampled_from(sorted(FORMS)))
def test_numeral_of_any_count_is_short_text(count: int, form: str) -> None:
    assert 1 <= len(numeral(count, form)) <= 40
