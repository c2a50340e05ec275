import pytest

from workflow.tables.errors import Unreadable
from workflow.tables.formats.text import LARGEST, text_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_any_usual_encoding(encoding: str) -> None:
    assert text_of("附件\n\t牵头单位".encode(encoding)) == "附件\n\t牵头单位"


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\v", "\u2028"])
def test_text_of_any_line_end(line_end: str) -> None:
    assert text_of(f"教育工委{line_end}教体局".encode()) == "教育工委\n教体局"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的，请确认选对了文件。"),
        (b" \n\t\n", "文件是空的，请确认选对了文件。"),
        (b"\xef\xbb\xbf", "文件是空的，请确认选对了文件。"),
        (b"\tab\x00c", "文件里有二进制内容，不是纯文本，请把表格另存为纯文本（.txt，UTF-8 编码）后再导入。"),
        (b"\xff\xff\xff", "认不出文件的文字编码，请把表格另存为 UTF-8 编码的纯文本（.txt）后再导入。"),
        (b"\xff\xfe\x00", "认不出文件的文字编码，请把表格另存为 UTF-8 编码的纯文本（.txt）后再导入。"),
        (b"%PDF-1.7", "这是PDF文件，目前只能读取纯文本：请把表格另存为纯文本（.txt，UTF-8 编码）后再导入。"),
        (b"x" * (LARGEST + 1), "文件超过 20 MB，不像一张责任分工表，请确认选对了文件。"),
    ],
    ids=["empty", "blank", "bom", "nul", "no-encoding", "half-utf-16", "pdf", "too-large"],
)
def test_text_of_unreadable(data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        text_of(data)
    assert refusal.value.sentence == sentence
