"""What is taken as evidence and what is refused, with the sentence that says why."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.file_samples import MAIN, SAMPLES, declared_size, encrypted, office_parts, parts_list, zipped
from workflow.checks import evidence_is_not_public
from workflow.errors import Invalid
from workflow.evidence_files import Examined, examine, open_blob, received
from workflow.evidence_files.bound import FILES_AT_ONCE
from workflow.evidence_files.store import path_of

DAMAGED = "文件已损坏，请重新保存后再传。"
MACROS = "文件里有宏，请另存为不带宏的文档再传。"
NOT_TAKEN = "不收这种文件，可以传 PDF、OFD、docx、xlsx、pptx、图片（jpg、png）、txt 和 csv。"
PATH = "文件名里带了路径，请只留文件名再传。"
UNSEEN = "文件名里有看不见的控制字符，请改名后再传。"
EDGES = "文件名不能以点或空格开头、结尾，请改名后再传。"
PACKED = "文件后面夹带了压缩包，请重新导出后再传。"
CUT = "文件不完整，请重新导出后再传。"
OLD = "文件有密码或是旧格式，请去掉密码、另存为 docx 再传。"
PAGE = b"<!doctype html><script>alert(document.cookie)</script>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DOCX, PDF = SAMPLES["docx"], SAMPLES["pdf"]
UTF_16_PAGE = "\ufeff中文".encode("utf-16-le")


def not_a(label: str) -> str:
    return f"文件内容不是 {label}，和扩展名不符，请检查后再传。"


def examined(data: bytes, name: str) -> Examined:
    return examine(BytesIO(data), name)


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Invalid) as caught:
        examined(data, name)
    assert caught.value.status == 422
    return str(caught.value)


def with_part(name: str, content: bytes | str = b"", kind: str = "docx") -> bytes:
    return zipped(office_parts(kind) | {name: content})


def with_list(words: bytes | str, kind: str = "docx") -> bytes:
    return zipped(office_parts(kind) | {"[Content_Types].xml": words})


# --- what is taken ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_is_recognised(kind: str) -> None:
    data = SAMPLES[kind]
    assert examined(data, f"材料.{kind}") == Examined(kind, len(data), hashlib.sha256(data).hexdigest(), f"材料.{kind}")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (SAMPLES["jpg"], "照片.JPEG", "jpg"),
        (PDF, "A.B.C.PDF", "pdf"),
        (PDF + b"\n\n", "印章.pdf", "pdf"),
        (PAGE, "page.txt", "txt"),  # inert: it goes out as an attachment of plain text
        (UTF_16_PAGE, "记录.txt", "txt"),
        (b"\xef\xbb\xbfa,b", "表.csv", "csv"),
        ("龘\U00020000".encode("gb18030"), "生僻字.txt", "txt"),
        (zipped(office_parts("pptx") | {"ppt/embeddings/Sheet1.xlsx": SAMPLES["xlsx"]}), "演示.pptx", "pptx"),
        (with_list(parts_list(*MAIN["docx"]).encode("utf-16")), "十六位.docx", "docx"),
        (PDF, "名" * 116 + ".pdf", "pdf"),
        (PDF, "方案：第一稿..pdf", "pdf"),
        (PDF, "console.pdf", "pdf"),
    ],
)
def test_unusual_file_is_taken(data: bytes, name: str, kind: str) -> None:
    assert examined(data, name).kind == kind


def test_long_text_is_decoded_across_chunks() -> None:
    assert examined(b"x" + "中".encode() * 100_000, "长.txt").size == 300_001


# --- what is not ------------------------------------------------------------------------------------------------------
HOSTILE = {
    "empty": (b"", "空.pdf", "文件是空的，请检查后再传。"),
    "executable": (EXE, "安装.exe", NOT_TAKEN),
    "executable as pdf": (EXE, "报告.pdf", not_a("PDF")),
    "executable as text": (EXE, "报告.txt", not_a("纯文本")),
    "executable behind two extensions": (EXE, "报告.pdf.exe", NOT_TAKEN),
    "page as pdf": (PAGE, "报告.pdf", not_a("PDF")),
    "page as picture": (PAGE, "照片.png", not_a("PNG 图片")),
    "page": (PAGE, "报告.html", NOT_TAKEN),
    "drawing with script": (b"<svg onload='alert(1)'/>", "图.svg", NOT_TAKEN),
    "no extension": (PDF, "报告", NOT_TAKEN),
    "pdf as picture": (PDF, "照片.jpg", not_a("JPG 图片")),
    "pdf as text": (b"%PDF-1.4 %%EOF", "报告.txt", not_a("纯文本")),
    "pdf after something else": (b"GIF89a" + PDF, "报告.pdf", not_a("PDF")),
    "pdf cut off": (PDF[:60], "报告.pdf", CUT),
    "png cut off": (SAMPLES["png"][:40], "图.png", CUT),
    "pdf with a zip behind it": (PDF + zipped({"a.class": b"x"}), "报告.pdf", PACKED),
    "picture with a zip behind it": (SAMPLES["jpg"] + DOCX, "照片.jpg", PACKED),
    "word as excel": (DOCX, "表.xlsx", not_a("Excel 表格")),
    "excel as word": (SAMPLES["xlsx"], "报告.docx", not_a("Word 文档")),
    "ofd as word": (SAMPLES["ofd"], "报告.docx", not_a("Word 文档")),
    "zip as word": (zipped({"a.txt": b"x"}), "报告.docx", not_a("Word 文档")),
    "zip": (zipped({"a.txt": b"x"}), "全部.zip", NOT_TAKEN),
    "old word": (OLE, "报告.doc", "不收 doc 格式，请另存为 docx 再传。"),
    "old word renamed, or one with a password": (OLE, "报告.docx", OLD),
    "old word as pdf": (OLE, "报告.pdf", not_a("PDF")),
    "wps": (OLE, "报告.wps", "不收 wps 格式，请另存为 docx 再传。"),
    "macros": (with_part("word/vbaProject.bin"), "报告.docx", MACROS),
    "macros in capitals": (with_part("word/VBAPROJECT.BIN"), "报告.docx", MACROS),
    "macros under another name": (
        with_list(parts_list("word/x.bin", "application/vnd.ms-office.vbaProject")),
        "报告.docx",
        MACROS,
    ),
    "macro document": (
        with_list(parts_list(MAIN["docx"][0], "application/vnd.ms-word.document.macroEnabled.main+xml")),
        "报告.docx",
        MACROS,
    ),
    "macro document inside": (with_part("word/embeddings/a.docm"), "报告.docx", MACROS),
    "macro sheet": (with_part("xl/macrosheets/sheet1.xml", kind="xlsx"), "表.xlsx", MACROS),
    "macro extension": (with_part("word/vbaProject.bin"), "报告.docm", NOT_TAKEN),
    "encrypted": (encrypted(DOCX), "报告.docx", "文件有密码，审核人打不开，请去掉密码后再传。"),
    "bomb by its own word": (declared_size(DOCX, 2**31), "报告.docx", "文件解压后太大，请重新保存或分开传。"),
    "bomb in the list of parts": (
        with_list(parts_list(*MAIN["docx"]) + " " * 2_000_000),
        "报告.docx",
        DAMAGED,
    ),
    "bomb that lies": (
        declared_size(with_list(parts_list(*MAIN["docx"]) + " " * 2_000_000), 100),
        "报告.docx",
        DAMAGED,
    ),
    "word and excel in one": (
        zipped(office_parts("docx") | {"[Content_Types].xml": parts_list(*MAIN["docx"]) + parts_list(*MAIN["xlsx"])}),
        "报告.docx",
        not_a("Word 文档"),
    ),
    "two lists of parts": (with_part("[content_types].xml", "<Types/>"), "报告.docx", not_a("Word 文档")),
    "word and ofd in one": (with_part("OFD.xml", "<ofd:DocRoot/>"), "报告.docx", not_a("Word 文档")),
    "word by its list alone": (
        zipped({"[Content_Types].xml": parts_list(*MAIN["docx"])}),
        "报告.docx",
        not_a("Word 文档"),
    ),
    "list with entities": (
        with_list('<!DOCTYPE x [<!ENTITY a "b">]>' + parts_list(*MAIN["docx"])),
        "报告.docx",
        not_a("Word 文档"),
    ),
    "part that leads out": (with_part("../../etc/cron.d/x"), "报告.docx", not_a("Word 文档")),
    "part at the root of a disk": (with_part("/etc/passwd"), "报告.docx", not_a("Word 文档")),
    "zip before the zip": (zipped({"a": b"x"}) + DOCX, "报告.docx", DAMAGED),
    "something after the zip": (DOCX + b"<script>", "报告.docx", DAMAGED),
    "zip cut off": (DOCX[:-30], "报告.docx", DAMAGED),
    "zip of 4 GB and more": (
        DOCX[:-22] + b"PK\x06\x07" + bytes(16) + DOCX[-22:],
        "报告.docx",
        DAMAGED,
    ),
    "text with nul": (b"a\0b", "记录.txt", not_a("纯文本")),
    "text with escape codes": (b"\x1b[2Ja", "记录.txt", not_a("纯文本")),
    "text in no code": (b"\xff\xff\xff", "记录.txt", not_a("纯文本")),
    "text that ends in half a letter": ("中".encode()[:2] * 3 + b"\xe4", "表.csv", not_a("CSV 表格")),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_in_one_sentence(case: str) -> None:
    data, name, sentence = HOSTILE[case]
    assert refusal(data, name) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../材料.pdf", PATH),
        ("..材料.pdf", PATH),
        ("/etc/材料.pdf", PATH),
        ("桌面\\材料.pdf", PATH),
        ("C:材料.pdf", PATH),
        ("材料.pdf:流", PATH),
        ("材\0料.pdf", UNSEEN),
        ("材\r\n料.pdf", UNSEEN),
        ("材\u202efdp.exe.pdf", UNSEEN),
        ("材\u2066料.pdf", UNSEEN),
        ("材\u200b料.pdf", UNSEEN),
        ("\ud800.pdf", UNSEEN),
        (".pdf", EDGES),
        (" 材料.pdf", EDGES),
        ("材料.pdf ", EDGES),
        ("材料.pdf.", EDGES),
        ("", "文件没有名字，请起个名字再传。"),
        ("  ", "文件没有名字，请起个名字再传。"),
        ("名" * 117 + ".pdf", "文件名超过 120 个字，请改短后再传。"),
        ("CON.pdf", "“CON.pdf”是电脑的保留名称，请改名后再传。"),
        ("lpt1.2024.pdf", "“lpt1.2024.pdf”是电脑的保留名称，请改名后再传。"),
    ],
)
def test_hostile_name_is_refused_not_cleaned(name: str, sentence: str) -> None:
    assert refusal(PDF, name) == sentence


@override_settings(EVIDENCE_MAX_BYTES=1024 * 1024)
def test_too_large_file_is_read_no_further_than_one_chunk() -> None:
    endless = BytesIO(PDF + bytes(5 * 1024 * 1024))
    with pytest.raises(Invalid, match="文件超过 1 MB，请压缩或分开传。"):
        examine(endless, "大.pdf")
    assert endless.tell() <= 1024 * 1024 + 64 * 1024


@override_settings(EVIDENCE_MAX_BYTES=len(PDF))
def test_file_of_just_the_size_allowed_is_taken() -> None:
    assert examined(PDF, "正好.pdf").size == len(PDF)


# --- any bytes under any name -----------------------------------------------------------------------------------------
NAMES = st.one_of(st.text(max_size=130), st.sampled_from([f"材料.{kind}" for kind in (*SAMPLES, "jpeg", "doc", "exe")]))


@st.composite
def bent(draw: st.DrawFn) -> bytes:
    """A real file with some bytes changed, taken out or put in."""
    data = bytearray(draw(st.sampled_from(list(SAMPLES.values()))))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(data)


@settings(deadline=None)  # a disk may be slow
@given(data=st.one_of(st.binary(max_size=400), bent()), name=NAMES)
def test_any_bytes_are_examined_or_refused_and_nothing_is_left(data: bytes, name: str) -> None:
    upload = SimpleUploadedFile("x", data)
    upload._name = name  # type: ignore[attr-defined]  # as it came: Django's own setter cuts paths off
    with received(upload) as file:
        try:
            found = file.examined()
        except Invalid as error:
            assert str(error)
        else:
            assert (found.size, found.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert files() == []


# --- where it lies ----------------------------------------------------------------------------------------------------
def files() -> list[Path]:
    return [path for path in Path(django_settings.EVIDENCE_DIR).rglob("*") if path.is_file()]


def upload(data: bytes = PDF, name: str = "材料.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_kept_file_lies_under_a_random_name_for_this_process_alone() -> None:
    with received(upload()) as file:
        file.place()
        file.kept = True
    [path] = files()
    root = Path(django_settings.EVIDENCE_DIR)
    assert path == root / file.name[:2] / file.name == path_of(file.name)
    assert [oct(each.stat().st_mode)[-3:] for each in (root, path.parent, path)] == ["700", "700", "600"]
    with open_blob(file) as stored:
        assert stored.read() == PDF


@pytest.mark.parametrize("place", [True, False])
def test_file_that_is_not_kept_is_gone(place: bool) -> None:
    with received(upload()) as file:
        assert len(files()) == 1
        if place:
            file.place()
    assert files() == []


def test_disk_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"), received(upload()):
        pass
    assert files() == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n"])
def test_stored_name_that_is_none_opens_nothing(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a stored file"):
        path_of(name)


# --- while it comes in ------------------------------------------------------------------------------------------------
@pytest.fixture
def bounded(settings: Any) -> Iterator[None]:
    settings.EVIDENCE_MAX_BYTES = 100_000
    settings.FILE_UPLOAD_HANDLERS = [
        "workflow.evidence_files.bound.BoundedUpload",
        *settings.FILE_UPLOAD_HANDLERS,
    ]
    yield


def test_body_is_cut_soon_after_the_size_allowed(bounded: None) -> None:
    request = RequestFactory().post("/", {"file": upload(PDF + bytes(900_000))})
    [file] = request.FILES.getlist("file")
    assert 100_000 < file.size < 100_000 + 2 * 64 * 1024
    with received(file) as stored, pytest.raises(Invalid, match="文件超过"):
        stored.examined()


def test_body_within_the_size_allowed_comes_in_whole(bounded: None) -> None:
    request = RequestFactory().post("/", {"file": upload(PDF), "caption": "说明"})
    assert request.FILES["file"].read() == PDF
    assert request.POST["caption"] == "说明"


def test_body_of_too_many_files_is_not_read(bounded: None) -> None:
    request = RequestFactory().post("/", {"file": upload(bytes(FILES_AT_ONCE * 100_000))})
    with pytest.raises(RequestDataTooBig):
        request.FILES  # noqa: B018 - reading it parses the body


# --- where it may not lie ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("folder", "problem"),
    [
        ("evidence", "workflow.E001"),
        (django_settings.STATIC_ROOT / "evidence", "workflow.E002"),
        (django_settings.STATIC_ROOT, "workflow.E002"),
        (django_settings.STATICFILES_DIRS[0] / "a" / "..", "workflow.E002"),
        (django_settings.BASE_DIR / "workflow" / "static" / "evidence", "workflow.E002"),
    ],
)
def test_evidence_that_anybody_could_fetch_is_an_error(settings: Any, folder: Any, problem: str) -> None:
    settings.EVIDENCE_DIR = folder
    assert {error.id for error in evidence_is_not_public(None)} == {problem}


def test_link_into_a_public_folder_is_seen_through(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.EVIDENCE_DIR.symlink_to(settings.STATIC_ROOT)
    assert [error.id for error in evidence_is_not_public(None)] == ["workflow.E002"]


def test_usual_folder_is_no_error() -> None:
    assert evidence_is_not_public(None) == []
