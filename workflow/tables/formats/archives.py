"""The zip around a docx or xlsx, and the XML inside: read with bounds on everything a hostile file could blow up.

Names in the archive are only looked up, never used as a path; nothing is written to disk, nothing fetched.
"""

import zipfile
import zlib
from collections.abc import Collection, Iterator
from io import BytesIO
from struct import error as StructError
from typing import Any

from lxml import etree

from workflow.tables.errors import Unreadable

ENTRY = b"PK\x01\x02"  # begins an entry of the directory
MOST_ENTRIES = 2_000
LARGEST_ARCHIVE = 200 * 1024 * 1024  # inflated, all parts together
LARGEST_PART = 100 * 1024 * 1024
# Word's and Excel's own XML shrinks some twenty times, a table of equal rows some two hundred times.
HIGHEST_RATIO = 400
SMALL_PART = 10 * 1024 * 1024  # may shrink as it likes
# "<" and "=" make elements and attributes: a tree takes up to 250 bytes for each, however short the tags.
MOST_MARKS = 4_000_000
# Of one streamed element, such as a row.
MOST_HELD = 200_000
DEEPEST = 200
CHUNK = 256 * 1024

ENCRYPTED = 0x1 | 0x40 | 0x2000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all the format allows, and the only ones inflated in steps
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
Attributes = dict[str | bytes, str | bytes]  # as the types of lxml have it

# What zipfile lets escape from a directory or a part that lies.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, StructError, EOFError, OSError, ValueError, RuntimeError, ArithmeticError)

BROKEN = "文件打不开，可能没有传完或已损坏：请用 Word、Excel 或 WPS 打开并另存一份后再导入。"
TOO_MUCH = "文件里的内容多得不像一张责任分工表，请确认选对了文件，或删去无关内容后再导入。"
LOCKED = "文件加了密码，无法读取：请取消密码，另存一份后再导入。"
ENTITIES = "文件里含有不允许的实体声明，为安全起见没有读取：请用 Word、Excel 或 WPS 另存一份后再导入。"


class Archive:
    """The parts of a docx or xlsx, by name. Every method raises Unreadable, and nothing else."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        # Some programs write the separator of their own system.
        self._parts = {part.filename.replace("\\", "/"): part for part in opened.infolist()}
        self.names = frozenset(self._parts)

    def read(self, name: str) -> bytes:
        """The inflated bytes of a part; what the archive says about their number is not believed."""
        if name not in self.names:
            raise Unreadable(BROKEN)
        try:
            with self._zip.open(self._parts[name]) as part:
                data = part.read(LARGEST_PART + 1)
        except BROKEN_ZIP:
            raise Unreadable(BROKEN) from None
        if len(data) > LARGEST_PART:
            raise Unreadable(TOO_MUCH)
        return data

    def xml(self, name: str) -> etree._Element:
        """The root of a part. Comments and processing instructions are left out."""
        data = self.read(name)
        if data.count(b"<") + data.count(b"=") > MOST_MARKS:
            raise Unreadable(TOO_MUCH)
        try:
            root = etree.fromstring(data, _parser(data))
        except (etree.XMLSyntaxError, LookupError, ValueError):
            raise Unreadable(BROKEN) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(ENTITIES)
        return root

    def events(self, name: str, tags: Collection[str]) -> Iterator[etree._Element]:
        """Each outermost element named in `tags` as a tree of its own, in order; what lies outside is never kept."""
        data = self.read(name)
        wanted = _Wanted(tags)
        parser = _parser(data, wanted)
        try:
            for start in range(0, len(data), CHUNK):
                parser.feed(data[start : start + CHUNK])
                yield from wanted.taken()
            parser.close()
        except Unreadable:
            raise
        except (etree.XMLSyntaxError, LookupError, ValueError, AssertionError):
            raise Unreadable(BROKEN) from None
        yield from wanted.taken()


def open_archive(data: bytes) -> Archive:
    """The archive, after what its directory says has been found bearable."""
    # Counted in the bytes: the directory of a hostile file takes long to read.
    if data.count(ENTRY) > MOST_ENTRIES:
        raise Unreadable(TOO_MUCH)
    try:
        opened = zipfile.ZipFile(BytesIO(data))
    except BROKEN_ZIP:
        raise Unreadable(BROKEN) from None
    parts = opened.infolist()
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Unreadable(LOCKED)
    if sum(part.file_size for part in parts) > LARGEST_ARCHIVE or any(map(_absurd, parts)):
        raise Unreadable(TOO_MUCH)
    archive = Archive(opened)
    # Of two parts with one name other programs may show the other.
    if len(archive.names) < len(parts) or any(part.compress_type not in METHODS for part in parts):
        raise Unreadable(BROKEN)
    return archive


def _absurd(part: zipfile.ZipInfo) -> bool:
    return part.file_size > max(SMALL_PART, HIGHEST_RATIO * part.compress_size)


def _parser(data: bytes, target: Any = None) -> etree.XMLParser:
    """A parser that fetches, expands and mends nothing; the format knows two encodings, whatever the part declares."""
    return etree.XMLParser(
        encoding="utf-16" if data.startswith(UTF_16) else "utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        target=target,
    )


class _Wanted:
    """Receives the parser's events and builds a tree only inside wanted elements."""

    def __init__(self, tags: Collection[str]) -> None:
        self._tags = frozenset(tags)
        self._builder: etree.TreeBuilder | None = None
        self._depth = self._held = 0
        self._done: list[etree._Element] = []

    def taken(self) -> list[etree._Element]:
        done, self._done = self._done, []
        return done

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise Unreadable(ENTITIES)

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._builder is None:
            if tag not in self._tags:
                return
            self._builder, self._held = etree.TreeBuilder(), 0
        self._depth += 1
        self._held += 1 + len(attributes)
        if self._held > MOST_HELD or self._depth > DEEPEST:
            raise Unreadable(TOO_MUCH)
        self._builder.start(tag, attributes)

    def data(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        if self._builder is None:
            return
        self._builder.end(tag)
        self._depth -= 1
        if not self._depth:
            self._done.append(self._builder.close())
            self._builder = None

    def close(self) -> None:
        self._builder = None
