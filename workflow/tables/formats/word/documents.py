"""A Word file (.docx, .docm) → its tables in their order, with the lines between them.

What is read is the text as it would be printed with all tracked changes accepted. Macros and linked files are never
looked at.
"""

from collections.abc import Iterator

from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import open_archive
from workflow.tables.formats.word.numbering import Numbering
from workflow.tables.formats.word.package import document_name, optional_part, relationships
from workflow.tables.formats.word.tables import TableReader
from workflow.tables.formats.word.text import Story
from workflow.tables.formats.word.xml import CHANGES, TR, Element, find, transitional
from workflow.tables.grid import Document, Grid, Notice, Progress, Row

MOST_TABLES = 200
MOST_ROWS = 20_000
ROWS_A_REPORT = 200
CARRIERS = ("subDocument", "aFChunk", "oleObject")  # relationships whose target is part of what people read

NOT_WORD = "文件里没有 Word 正文，请确认选对了文件，或用 Word、WPS 另存为 .docx 后再导入。"
NOTICES = {
    "tracked_changes": "文件带有修订标记，已按全部接受修订后的文字读入：请核对，或先在 Word 中接受或拒绝修订。",
    "hidden_text": "表格之外有隐藏文字，没有读入：如需要请在 Word 中取消隐藏。",
    "external_link": "文件链接了外部文件，其中的内容没有读入：如属于这张表，请把内容粘贴进来后再导入。",
    "embedded_document": "文件里嵌有另一份文档，其中的内容没有读入：请用 Word 打开并另存一份后再导入。",
}


def document_of(data: bytes, on_progress: Progress) -> Document:
    """The tables of a Word file. Raises Unreadable, and nothing else."""
    archive = open_archive(data)
    name = document_name(archive)
    root = transitional(archive.xml(name)) if name in archive.names else None
    body = None if root is None else find(root, "body")
    if body is None:
        raise Unreadable(NOT_WORD)
    links = list(relationships(archive, name))
    numbering = Numbering(optional_part(archive, links, "numbering"), optional_part(archive, links, "styles"))
    reader = BodyReader(body, Story(numbering), on_progress)
    grids = tuple(reader.grids())
    seen = {
        "tracked_changes": next(body.iter(*CHANGES), None) is not None,
        "hidden_text": reader.hid,
        # Part of the document for people, but standing in another file, or in another format inside this one.
        "external_link": any(link.external and link.kind in CARRIERS for link in links),
        "embedded_document": any(not link.external and link.kind == "aFChunk" for link in links),
    }
    return Document(grids, tuple(reader.lines), tuple(Notice(code, NOTICES[code]) for code in seen if seen[code]))


class BodyReader:
    """Goes through the body once; `lines` are those since the last table."""

    def __init__(self, body: Element, story: Story, on_progress: Progress) -> None:
        self._body = body
        self._story = story
        self._on_progress = on_progress
        self._total = max(1, sum(1 for _ in body.iter(TR)))
        self._done = 0
        self.lines: list[str] = []
        self.hid = False
        if self._total > MOST_ROWS:
            raise Unreadable(f"文件里的表格超过{MOST_ROWS}行，不像责任分工表，请确认选对了文件。")

    def grids(self) -> Iterator[Grid]:
        position = 0
        for block in self._story.blocks(self._body):
            self._note_hidden()
            if isinstance(block, str):
                self.lines.append(block)
            elif grid := self._grid(block, position + 1):
                position += 1
                yield grid
        self._note_hidden()
        self._on_progress(self._total, self._total)

    def _note_hidden(self) -> None:
        """What the story left out since the last look stood outside tables; inside, each row says it itself."""
        self.hid |= self._story.hid
        self._story.hid = False

    def _grid(self, table: Element, position: int) -> Grid | None:
        """None for a table whose rows were all deleted."""
        if position > MOST_TABLES:
            raise Unreadable(f"文件里的表格超过{MOST_TABLES}张，请只留下责任分工表后再导入。")
        reader = TableReader(table, self._story)
        rows = tuple(self._reporting(reader.rows()))
        self._story.hid = False
        if not rows:
            return None
        above, self.lines = tuple(self.lines), []
        return Grid(rows, above, table=position, notices=tuple(reader.notices))

    def _reporting(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            yield row
            self._done += 1
            if self._done % ROWS_A_REPORT == 0:
                self._on_progress(self._done, self._total)
