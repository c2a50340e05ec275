import pytest
from lxml import etree

from workflow.tables.formats.word.numbering import Numbering

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def xml(text: str) -> etree._Element:
    """Word's XML with its one prefix left out: every name and attribute is Word's."""
    root = etree.fromstring(text)
    for element in root.iter():
        element.tag = f"{{{W}}}{element.tag}"
        for name in list(element.attrib):
            element.attrib[f"{{{W}}}{name}"] = element.attrib.pop(name)
    return root


def level(at: int, pattern: str, form: str = "decimal", more: str = "", start: int = 1) -> str:
    return f'<lvl ilvl="{at}"><start val="{start}"/><numFmt val="{form}"/>{more}<lvlText val="{pattern}"/></lvl>'


def listed(
    *definitions: str, nums: str = '<num numId="1"><abstractNumId val="0"/></num>', styles: str = ""
) -> Numbering:
    """The numbering of a document; definition n is used by the lists that name it."""
    abstract = "".join(
        f'<abstractNum abstractNumId="{at}">{inner}</abstractNum>' for at, inner in enumerate(definitions)
    )
    return Numbering(xml(f"<numbering>{abstract}{nums}</numbering>"), xml(f"<styles>{styles}</styles>"))


def num(list_id: int, definition: int, overrides: str = "") -> str:
    return f'<num numId="{list_id}"><abstractNumId val="{definition}"/>{overrides}</num>'


def paragraph(at: int | None = 0, list_id: int | None = 1, style: str = "") -> etree._Element:
    stated = "".join(f'<{name} val="{val}"/>' for name, val in (("ilvl", at), ("numId", list_id)) if val is not None)
    named = f'<pStyle val="{style}"/>' if style else ""
    return xml(f"<p><pPr>{named}{f'<numPr>{stated}</numPr>' if stated else ''}</pPr></p>")


def printed(numbering: Numbering, *levels: int, list_id: int = 1) -> list[str]:
    """The numbers of paragraphs at these levels, one after the other."""
    return [numbering.numbered(paragraph(at, list_id), "") for at in levels]


THREE = level(0, "%1、", "chineseCounting") + level(1, "（%2）", "chineseCounting") + level(2, "%3.")


def test_numbered_levels_count_and_restart_below() -> None:
    assert printed(listed(THREE), 0, 1, 1, 2, 2, 1, 2, 0, 1, 2) == [
        "一、", "（一）", "（二）", "1.", "2.", "（三）", "1.", "二、", "（一）", "1.",
    ]  # fmt: skip


def test_numbered_pattern_of_several_levels() -> None:
    numbering = listed(level(0, "第%1章", "upperRoman") + level(1, "%1.%2"))
    assert printed(numbering, 0, 1, 1, 0, 1) == ["第I章", "I.1", "I.2", "第II章", "II.1"]


def test_numbered_pattern_all_in_arabic_digits() -> None:
    assert printed(listed(level(0, "%1", "chineseCounting") + level(1, "%1.%2", more="<isLgl/>")), 0, 0, 1)[-1] == "2.1"


def test_numbered_level_whose_upper_level_never_came_counts_it_as_begun() -> None:
    assert printed(listed(level(0, "%1.") + level(1, "%1.%2")), 1, 1, 0) == ["1.1", "1.2", "2."]


@pytest.mark.parametrize(
    ("restart", "numbers"),
    [
        ("", ["1", "1", "1"]),
        ('<lvlRestart val="0"/>', ["1", "2", "3"]),
        ('<lvlRestart val="1"/>', ["1", "2", "1"]),
    ],
    ids=["after-any", "never", "after-the-first"],
)
def test_numbered_restart_of_a_level(restart: str, numbers: list[str]) -> None:
    numbering = listed(level(0, "%1、") + level(1, "（%2）") + level(2, "%3", more=restart))
    found = printed(numbering, 0, 1, 2, 1, 2, 0, 1, 2)
    assert [found[at] for at in (2, 4, 7)] == numbers


def test_numbered_start() -> None:
    assert printed(listed(level(0, "%1.", start=7)), 0, 0) == ["7.", "8."]


def test_numbered_bullet_and_none_add_nothing() -> None:
    numbering = listed(level(0, "\uf0b7", "bullet") + level(1, "%2", "none") + level(2, ""))
    assert [numbering.numbered(paragraph(at), "甲") for at in (0, 1, 2, 5)] == ["甲"] * 4


@pytest.mark.parametrize(
    ("pattern", "form", "more", "text", "line"),
    [
        ("%1.", "decimal", "", "加强管理", "1.加强管理"),
        ("%1.", "decimal", "", "5万亩", "1. 5万亩"),
        ("%1", "decimal", "", "2022年完成", "1 2022年完成"),
        ("%1", "chineseCounting", "", "加强", "一 加强"),
        ("（%1）", "chineseCounting", "", "2022年", "（一）2022年"),
        ("%1", "decimalEnclosedCircle", "", "加强", "①加强"),
        ("第%1条", "chineseCounting", "", "加强", "第一条 加强"),
        ("%1", "decimal", '<suff val="nothing"/>', "加强", "1加强"),
        ("%1. ", "decimal", '<suff val="space"/>', "", "1."),
    ],
)
def test_numbered_text_stands_behind_its_number(pattern: str, form: str, more: str, text: str, line: str) -> None:
    assert listed(level(0, pattern, form, more)).numbered(paragraph(), text) == line


def test_numbered_lists_of_one_definition_go_on_counting() -> None:
    numbering = listed(THREE, nums=num(1, 0) + num(2, 0))
    assert printed(numbering, 0, 0) + printed(numbering, 0, list_id=2) == ["一、", "二、", "三、"]


def test_numbered_lists_of_two_definitions_count_apart() -> None:
    numbering = listed(level(0, "%1."), level(0, "%1)"), nums=num(1, 0) + num(2, 1))
    assert printed(numbering, 0, 0) + printed(numbering, 0, list_id=2) + printed(numbering, 0) == [
        "1.",
        "2.",
        "1)",
        "3.",
    ]


def test_numbered_list_that_starts_anew_does_so_once() -> None:
    again = '<lvlOverride ilvl="0"><startOverride val="1"/></lvlOverride>'
    numbering = listed(level(0, "%1."), nums=num(1, 0) + num(2, 0, again))
    assert printed(numbering, 0, 0) + printed(numbering, 0, 0, list_id=2) == ["1.", "2.", "1.", "2."]


def test_numbered_list_may_replace_a_level() -> None:
    other = f'<lvlOverride ilvl="0">{level(0, "%1)", "lowerLetter")}</lvlOverride>'
    assert printed(listed(THREE, nums=num(1, 0, other)), 0, 0) == ["a)", "b)"]


def test_numbered_list_style_lends_its_levels() -> None:
    style = '<style type="numbering" styleId="S"><pPr><numPr><numId val="2"/></numPr></pPr></style>'
    numbering = listed('<numStyleLink val="S"/>', level(0, "%1)"), nums=num(1, 0) + num(2, 1), styles=style)
    assert printed(numbering, 0, 0) == ["1)", "2)"]


HEADINGS = """
<style type="paragraph" styleId="H"><pPr><numPr><numId val="1"/></numPr></pPr></style>
<style type="paragraph" styleId="H2"><basedOn val="H"/><pPr><numPr><ilvl val="1"/></numPr></pPr></style>
<style type="paragraph" styleId="Plain"><basedOn val="H"/></style>
<style type="paragraph" styleId="Out"><basedOn val="H"/><pPr><numPr><numId val="0"/></numPr></pPr></style>
<style type="paragraph" styleId="A"><basedOn val="B"/></style>
<style type="paragraph" styleId="B"><basedOn val="A"/></style>
"""


@pytest.mark.parametrize(
    ("style", "at", "list_id", "line"),
    [
        ("H", None, None, "一、"),
        ("H2", None, None, "（一）"),
        ("Plain", None, None, "一、"),
        ("Out", None, None, ""),
        ("H", 0, 0, ""),
        ("H", 1, None, "（一）"),
        ("A", None, None, ""),
        ("unknown", None, None, ""),
        ("", None, None, ""),
        ("", None, 1, "一、"),
        ("", 0, 99, ""),
        ("", 7, 1, ""),
        ("", 99, 1, ""),
    ],
)
def test_numbered_through_a_style(style: str, at: int | None, list_id: int | None, line: str) -> None:
    assert listed(THREE, styles=HEADINGS).numbered(paragraph(at, list_id, style), "") == line


def test_numbered_style_named_by_a_level_has_that_level() -> None:
    styles = '<style type="paragraph" styleId="T"><pPr><numPr><numId val="1"/></numPr></pPr></style>'
    numbering = listed(level(0, "%1、") + level(1, "%2.", more='<pStyle val="T"/>'), styles=styles)
    assert numbering.numbered(paragraph(None, None, "T"), "") == "1."


def test_numbered_default_style_numbers_paragraphs_without_one() -> None:
    styles = HEADINGS.replace('styleId="H"', 'styleId="H" default="1"')
    assert listed(THREE, styles=styles).numbered(paragraph(None, None), "") == "一、"


def test_numbered_absurd_values_cost_nothing() -> None:
    wild = level(0, "%1" * 10_000, "lowerLetter", start=9**99) + level(10**9, "%9") + '<lvl ilvl="x"/>'
    start = f'<lvlOverride ilvl="0"><startOverride val="-{9**99}"/></lvlOverride>'
    numbering = listed(wild, "", nums=num(1, 0) + num(2, 0, start) + num(3, 7) + "<num/>")
    assert all(len(printed(numbering, 0, list_id=list_id)[0]) < 1000 for list_id in (1, 2, 3))


def test_numbered_without_lists_or_styles_is_the_text() -> None:
    assert Numbering(None, None).numbered(paragraph(), "甲") == "甲"
