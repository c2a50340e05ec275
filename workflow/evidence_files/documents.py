"""Word, Excel, PowerPoint and OFD are zip files; their parts tell them apart.

Nothing is unpacked but the list of parts, and of that no more than a megabyte.
"""

import re
import struct
import zipfile
import zlib
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from workflow.errors import Invalid

LARGEST_PART = 1024 * 1024  # bytes, of the one part that is read
LARGEST_DIRECTORY = 1024 * 1024  # bytes, some 10,000 parts
LARGEST_WHOLE = 1024 * 1024 * 1024  # bytes unpacked, as declared: what a reader's computer would have to hold
ENCRYPTED = 0x1
LAST_RECORD = struct.Struct("<4s4H2LH")
PARTS_LIST, OFD_ROOT = "[content_types].xml", "ofd.xml"
MAIN_PARTS = {
    "docx": ("word/", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/", b"presentationml.presentation.main+xml"),
}
MACROS = re.compile(r"vbaproject.*\.bin$|(^|/)macrosheets/|\.(docm|dotm|xlsm|xltm|xlsb|xlam|pptm|potm|ppsm)$")
MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")
TRICKS = (b"<!", b"&#")  # no office program writes them there; they hide words from a search like ours
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
)


class LastRecord(NamedTuple):
    """The end of a zip, which says where its directory is."""

    position: int  # in the tail it was found in
    entries: int
    directory_size: int
    directory_at: int


def last_record(tail: bytes) -> LastRecord | None:
    """The record that makes these the last bytes of a zip, or None."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < LAST_RECORD.size:
        return None
    *_disks, entries, size, offset, comment = LAST_RECORD.unpack_from(tail, at)
    return LastRecord(at, entries, size, offset) if at + LAST_RECORD.size + comment == len(tail) else None


def recognise(stream: IO[bytes], tail: bytes, size: int) -> str | None:
    """docx, xlsx, pptx or ofd; None for any other zip. Raises Invalid on macros, passwords, bombs and damage."""
    record = last_record(tail)
    if record is None or not _is_plain(record, tail, size):
        raise Invalid(_("文件已损坏，请重新保存后再传。"))
    try:
        with zipfile.ZipFile(stream) as archive:
            return _kind(archive)
    except UNREADABLE as error:
        raise Invalid(_("文件已损坏，请重新保存后再传。")) from error


def _is_plain(record: LastRecord, tail: bytes, size: int) -> bool:
    """A directory of bearable size that ends where the record begins: nothing before the zip, nothing between."""
    at = record.position
    is_zip64 = tail[max(0, at - 20) : at].startswith(b"PK\x06\x07")  # for more than 4 GB; its sizes would overrule
    fits = record.directory_size <= LARGEST_DIRECTORY
    return fits and not is_zip64 and record.directory_at + record.directory_size == size - len(tail) + at


def _kind(archive: zipfile.ZipFile) -> str | None:
    parts = archive.infolist()
    names = [part.orig_filename.lower() for part in parts]
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Invalid(_("文件有密码，审核人打不开，请去掉密码后再传。"))
    if sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise Invalid(_("文件解压后太大，请重新保存或分开传。"))
    if any(map(_leads_out, names)):
        return None
    if any(MACROS.search(name) for name in names):
        raise _macros()
    roots = [part for part, name in zip(parts, names, strict=True) if name in (PARTS_LIST, OFD_ROOT)]
    if len(roots) != 1:  # of two lists each reader would believe another
        return None
    said = _read(archive, roots[0]).replace(b"\0", b"")  # UTF-16 as well
    return _ofd(said) if roots[0].orig_filename.lower() == OFD_ROOT else _office(said, names)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/")


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    # zipfile bounds what it unpacks at a time for these two methods only.
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.file_size > LARGEST_PART:
        raise zipfile.BadZipFile("a list of parts that is too large or oddly packed")
    with archive.open(part) as file:
        return file.read(LARGEST_PART)


def _ofd(said: bytes) -> str | None:
    return "ofd" if b"DocRoot" in said else None


def _office(said: bytes, names: list[str]) -> str | None:
    if any(word in said.lower() for word in MACRO_TYPES):
        raise _macros()
    if any(trick in said for trick in TRICKS):
        return None
    kinds = [kind for kind, (_folder, main) in MAIN_PARTS.items() if main in said]
    if len(kinds) != 1:
        return None
    folder = MAIN_PARTS[kinds[0]][0]
    return kinds[0] if any(name.startswith(folder) for name in names) else None


def _macros() -> Invalid:
    return Invalid(_("文件里有宏，请另存为不带宏的文档再传。"))
