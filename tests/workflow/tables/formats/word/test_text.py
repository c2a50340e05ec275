import docx
import pytest
from docx.table import Table

from tests.workflow.tables.formats.word.files import GRID, codes, grid_of, lines_of, paragraph, put, read, run


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        (run("甲") + run("乙"), "甲乙"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲 乙"),
        ("<w:r><w:t>2021</w:t><w:noBreakHyphen/><w:t>2025</w:t></w:r>", "2021-2025"),
        ("<w:r><w:t>教\u00ad育</w:t><w:softHyphen/><w:t>局\u200b</w:t></w:r>", "教育局"),
        ("<w:r><w:t>2021\u20112025</w:t></w:r>", "2021-2025"),
        ("<w:r><w:t>\n  甲\n</w:t></w:r>" + run("乙"), "甲乙"),
        ('<w:r><w:t xml:space="preserve">甲 </w:t></w:r>' + run("乙"), "甲 乙"),
        (run("\u3000\u00a0甲\u3000"), "甲"),
        (run("甲") + '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="宋体" w:char="2460"/></w:r>', "甲①"),
        (run("甲") + '<w:r><w:sym w:char="xyz"/><w:sym/><w:sym w:char="D800"/><w:sym w:char="99999999"/></w:r>', "甲"),
        (run("甲") + '<w:r><w:footnoteReference w:id="1"/><w:annotationRef/></w:r>', "甲"),
        (f'<w:hyperlink r:id="rId99">{run("甲")}</w:hyperlink>', "甲"),
        (f"<w:r><w:ruby><w:rt>{run('jia')}</w:rt><w:rubyBase>{run('甲')}</w:rubyBase></w:ruby></w:r>", "甲"),
        (run("达到") + "<m:oMath><m:r><m:t>95%</m:t></m:r></m:oMath>", "达到95%"),
        (f'<w:fldSimple w:instr="PAGE">{run("3")}</w:fldSimple>', "3"),
    ],
)  # fmt: skip
def test_paragraph_text(inner: str, line: str) -> None:
    assert lines_of(paragraph(inner)) == (line,)


BEGIN, SEPARATE, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
INSTRUCTION = "<w:r><w:instrText>REF a</w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        (run("甲") + BEGIN + INSTRUCTION + SEPARATE + run("乙") + END + run("丙"), "甲乙丙"),
        (run("甲") + BEGIN + INSTRUCTION + END + run("丙"), "甲丙"),
        (BEGIN + INSTRUCTION + BEGIN + SEPARATE + run("内") + END + SEPARATE + run("外") + END, "外"),
        (SEPARATE + END + run("甲"), "甲"),
        (run("甲") + BEGIN + run("乙"), "甲乙"),
    ],
    ids=["result", "no-result", "nested", "never-begun", "never-ended"],
)
def test_paragraph_field_is_its_result(inner: str, line: str) -> None:
    assert lines_of(paragraph(inner)) == (line,)


def test_cell_lines_are_its_paragraphs_and_breaks() -> None:
    def made(made: Table) -> None:
        blank = paragraph(run(" "))
        put(
            made.cell(1, 1),
            paragraph(run("教育工委")),
            blank,
            paragraph("<w:r><w:t>教体局</w:t><w:br/><w:t>人社局</w:t></w:r>"),
        )

    assert grid_of(made, GRID).rows[1].cells[1].text == "教育工委\n教体局\n人社局"


DELETED = '<w:del w:id="1" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>'
INSERTED = f'<w:ins w:id="2" w:author="a">{run("新")}</w:ins>'


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        (run("甲") + DELETED + INSERTED, "甲新"),
        (run("甲") + f'<w:moveFrom w:id="1">{run("旧")}</w:moveFrom><w:moveTo w:id="2">{run("新")}</w:moveTo>', "甲新"),
        (run("甲") + f'<w:ins w:id="1">{DELETED}{run("新")}</w:ins>', "甲新"),
        (run("甲") + f'<w:hyperlink r:id="rId9">{DELETED}{INSERTED}</w:hyperlink>', "甲新"),
    ],
    ids=["inserted-deleted", "moved", "inserted-then-deleted", "in-a-link"],
)
def test_paragraph_with_tracked_changes_is_the_final_text(inner: str, line: str) -> None:
    document = docx.Document()
    document.element.body.insert(0, paragraph(inner))
    found = read(document)
    assert found.lines_below == (line,)
    assert codes(found) == [("tracked_changes", None)]


@pytest.mark.parametrize("kind", ["del", "moveFrom"])
def test_paragraph_whose_end_was_deleted_goes_on_in_the_next(kind: str) -> None:
    first = paragraph(f'<w:pPr><w:rPr><w:{kind} w:id="1"/></w:rPr></w:pPr>' + run("加强"))
    gone = paragraph(f'<w:pPr><w:rPr><w:{kind} w:id="1"/></w:rPr></w:pPr>' + DELETED)
    assert lines_of(first, gone, paragraph(run("师资")), paragraph(run("乙"))) == ("加强师资", "乙")


@pytest.mark.parametrize("shown", ['<w:vanish w:val="0"/>', '<w:vanish w:val="false"/>', "<w:b/>"])
def test_paragraph_text_that_is_not_hidden_after_all_is_read(shown: str) -> None:
    assert lines_of(paragraph(run("甲", shown))) == ("甲",)
