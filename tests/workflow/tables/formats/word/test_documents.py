import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.workflow.tables.formats.word.files import (
    GRID,
    HIDDEN,
    MAIN,
    W,
    bare,
    codes,
    document_with,
    lines_of,
    paragraph,
    read,
    repacked,
    run,
    saved,
    table,
    texts,
    word,
)
from workflow.tables.errors import Unreadable
from workflow.tables.formats.word.documents import document_of
from workflow.tables.grid import Cell


def test_document_lines_above_each_table_and_below_the_last() -> None:
    document = docx.Document()
    document.add_paragraph("附件")
    document.add_paragraph("  ")
    document.add_paragraph(" 某县分工\n（第一批） ")
    table(document, GRID)
    document.add_paragraph("表二")
    table(document, GRID[:1])
    document.add_paragraph("注：完。")
    found = read(document)
    assert [grid.lines_above for grid in found.grids] == [("附件", "某县分工", "（第一批）"), ("表二",)]
    assert [grid.table for grid in found.grids] == [1, 2]
    assert texts(found.grids[0]) == GRID
    assert [row.number for row in found.grids[0].rows] == [1, 2, 3]
    assert found.lines_below == ("注：完。",)
    assert (found.grids[0].sheet, found.notices) == (None, ())


def test_document_without_table_is_its_lines() -> None:
    assert lines_of(paragraph(run("一、工程")), paragraph(run("1.甲。牵头单位：教体局"))) == (
        "一、工程",
        "1.甲。牵头单位：教体局",
    )


def test_document_numbers_stand_in_front_of_its_lines() -> None:
    document = docx.Document()
    for text in ("甲", "乙"):
        document.add_paragraph(text, style="List Number")
    gone = document.add_paragraph(style="List Number")
    gone._p.get_or_add_pPr().append(word('<w:rPr><w:del w:id="1"/></w:rPr>'))
    document.add_paragraph("丙", style="List Number")
    document.add_paragraph("丁", style="List Bullet")
    assert read(document).lines_below == ("1.甲", "2.乙", "3.丙", "丁")


@pytest.mark.parametrize("name", ["sdt", "customXml", "smartTag"])
def test_document_opens_wrappers_around_blocks_and_runs(name: str) -> None:
    opening, closing = ("<w:sdtContent>", "</w:sdtContent>") if name == "sdt" else ("", "")
    inner = f"<w:p><w:{name}>{opening}{run('甲')}{closing}</w:{name}></w:p>"
    assert lines_of(word(f"<w:{name}>{opening}{inner}{closing}</w:{name}>")) == ("甲",)


def test_document_reads_a_table_row_and_cell_in_content_controls() -> None:
    document = document_with()
    for tag in ("w:tc", "w:tr", "w:tbl"):
        inside = next(document.element.body.iter(qn(tag)))
        control = word("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
        inside.getparent().replace(inside, control)
        control[1].append(inside)
    assert texts(read(document).grids[0]) == GRID


def test_document_placeholder_of_an_empty_content_control_is_no_text() -> None:
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击输入')}</w:sdtContent></w:sdt>"
    assert lines_of(paragraph(run("甲") + control)) == ("甲",)


def box(*inner: str) -> str:
    content = f"<w:txbxContent>{''.join(inner)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps">'
        f"<w:drawing><w:anchor>{content}</w:anchor></w:drawing></mc:Choice><mc:Fallback>"
        f"<w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_document_reads_a_text_box_once() -> None:
    in_box = f"<w:p>{run('某县分工')}</w:p>"
    assert lines_of(paragraph(run("附件") + box(in_box))) == ("附件", "某县分工")


def test_document_reads_a_text_box_of_older_files() -> None:
    old = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p>{run('某县分工')}</w:p></w:txbxContent>"
    assert lines_of(paragraph(old + "</v:textbox></v:shape></w:pict></w:r>")) == ("某县分工",)


def test_document_table_in_a_text_box_is_a_table() -> None:
    document = docx.Document()
    inner = etree.tostring(table(document, GRID)._tbl, encoding="unicode")
    document.element.body.remove(document.tables[0]._tbl)
    document.element.body.insert(0, paragraph(box(inner, "<w:p/>")))
    assert texts(read(document).grids[0]) == GRID


def test_document_table_deleted_as_a_whole_is_none() -> None:
    document = docx.Document()
    document.add_paragraph("题")
    for row in table(document, GRID).rows:
        row._tr.get_or_add_trPr().append(word('<w:del w:id="1"/>'))
    table(document, GRID)
    found = read(document)
    assert [(grid.table, grid.lines_above) for grid in found.grids] == [(1, ("题",))]


def test_document_hidden_text_between_tables_is_noticed_once() -> None:
    document = docx.Document()
    for text in ("密", "密"):
        document.element.body.insert(0, paragraph(run(text, HIDDEN)))
    table(document, GRID)
    found = read(document)
    assert codes(found) == [("hidden_text", None)]
    assert found.grids[0].lines_above == ()
    assert codes(found.grids[0]) == []


@pytest.mark.parametrize(
    ("kind", "notices"),
    [("subDocument", [("external_link", None)]), ("oleObject", [("external_link", None)]), ("image", []),
     ("hyperlink", []), ("attachedTemplate", [])],
)  # fmt: skip
def test_document_link_to_another_file_is_noticed_where_it_carries_text(
    kind: str, notices: list[tuple[str, int | None]]
) -> None:
    document = document_with()
    relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    document.part.relate_to("http://127.0.0.1:9/other.docx", relation, is_external=True)
    found = read(document)
    assert codes(found) == notices
    assert texts(found.grids[0]) == GRID


def test_document_with_an_embedded_document_is_noticed() -> None:
    document = document_with()
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    used = document.part.relate_to(document.part.numbering_part, relation)
    document.element.body.insert(0, word(f'<w:altChunk r:id="{used}"/>'))
    assert codes(read(document)) == [("embedded_document", None)]


def test_document_in_strict_namespaces_is_read() -> None:
    strict = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    document = document_with()
    document.tables[0].cell(0, 0).merge(document.tables[0].cell(0, 1))
    found = read(repacked(document, {MAIN: lambda xml: xml.replace(*strict)}))
    assert found.grids[0].rows[0].cells == (Cell("内容\n牵头", span=2), Cell("时限"))


def test_document_part_of_another_name_is_found_by_its_relationship() -> None:
    document = document_with()
    with zipfile.ZipFile(BytesIO(saved(document))) as whole:
        xml = whole.read(MAIN)
    moved = {
        MAIN: None,
        "word/document2.xml": xml,
        "_rels/.rels": lambda links: links.replace(b"word/document.xml", b"/word/document2.xml"),
    }
    assert texts(read(repacked(document, moved)).grids[0]) == GRID


@pytest.mark.parametrize(
    "main",
    [None, b"", b"<a/>", f'<w:document xmlns:w="{W}"/>'.encode(),
     b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w>&e;</w>'],
    ids=["missing", "empty", "other", "no-body", "doctype"],
)  # fmt: skip
def test_document_without_a_body_is_unreadable(main: bytes | None) -> None:
    with pytest.raises(Unreadable):
        read(repacked(document_with(), {MAIN: main}))


@pytest.mark.parametrize(
    "part", ["word/styles.xml", "word/numbering.xml", "_rels/.rels", "word/_rels/document.xml.rels"]
)
def test_document_without_an_optional_part_is_read(part: str) -> None:
    assert texts(read(repacked(document_with(), {part: None})).grids[0]) == GRID


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_document_cut_short_is_unreadable(cut: float) -> None:
    data = saved(document_with())
    with pytest.raises(Unreadable):
        read(data[: int(len(data) * cut)])


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ("<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>"),
        ("<w:ins>", "</w:ins>"),
        ("<mc:AlternateContent><mc:Choice>", "</mc:Choice></mc:AlternateContent>"),
        ("<w:p><w:r><w:ruby><w:rubyBase>", "</w:rubyBase></w:ruby></w:r></w:p>"),
    ],
)
@pytest.mark.parametrize("times", [3, 40, 60, 80, 120, 250, 10_000])
def test_document_nested_deeply_is_read_or_unreadable(opening: str, closing: str, times: int) -> None:
    try:
        read(bare(f"{opening * times}<w:p/>{closing * times}"))
    except Unreadable as refusal:
        assert times > 3, refusal


@pytest.mark.parametrize(
    "body",
    ["<w:tbl>" + "<w:tr><w:tc/></w:tr>" * 20_001 + "</w:tbl>", "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>" * 201],
    ids=["rows", "tables"],
)
def test_document_of_too_many_rows_or_tables_is_unreadable(body: str) -> None:
    with pytest.raises(Unreadable, match="超过"):
        read(bare(body))


def test_document_reports_its_progress() -> None:
    reports: list[tuple[int, int]] = []
    document_of(bare("<w:tbl>" + "<w:tr><w:tc/></w:tr>" * 900 + "</w:tbl>"), lambda *report: reports.append(report))
    assert len(reports) > 3
    assert reports == sorted(reports)
    assert reports[-1] == (900, 900)


TAGS = (
    "p",
    "r",
    "t",
    "tbl",
    "tr",
    "tc",
    "tcPr",
    "gridSpan",
    "vMerge",
    "hMerge",
    "sdt",
    "sdtContent",
    "ins",
    "del",
    "fldChar",
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> str:
    tag = draw(st.sampled_from(TAGS))
    val = draw(st.sampled_from(("", ' w:val="restart"', ' w:val="-1"', ' w:val="99"', ' w:fldCharType="end"')))
    inner = "".join(draw(st.lists(trees(depth=depth + 1), max_size=3))) if depth < 6 else "甲"
    return f"<w:{tag}{val}>{inner}</w:{tag}>"


@settings(max_examples=100, deadline=None)
@given(trees())
def test_document_of_any_elements_is_read(tree: str) -> None:
    for grid in read(bare(f"<w:tbl>{tree}</w:tbl>{tree}")).grids:
        assert all(cell.span >= 1 for row in grid.rows for cell in row.cells)
