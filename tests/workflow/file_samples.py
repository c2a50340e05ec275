"""Small real files of every kind that is taken, and the tools to bend them."""

import struct
import zipfile
import zlib
from io import BytesIO

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation.main+xml"),
}


def zipped(parts: dict[str, bytes | str]) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return whole.getvalue()


def parts_list(main: str, content_type: str) -> str:
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{content_type}"/></Types>'
    )


def office_parts(kind: str) -> dict[str, bytes | str]:
    main, content_type = MAIN[kind]
    return {
        "[Content_Types].xml": parts_list(main, content_type),
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"/>',
        main: f"{XML}<root/>",
    }


def pdf() -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>",
    ]
    whole, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj%sendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 4\n0000000000 65535 f \n%strailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n" % (rows, len(whole))
    return whole + table + b"%%EOF\n"


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def jpg() -> bytes:
    return bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") + b"\x01" * 65 + b"\xff\xd9"


def ofd() -> bytes:
    root = f'{XML}<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody>'
    root += "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    return zipped({"OFD.xml": root, "Doc_0/Document.xml": f"{XML}<ofd:Document/>"})


SAMPLES: dict[str, bytes] = {
    "pdf": pdf(),
    **{kind: zipped(office_parts(kind)) for kind in MAIN},
    "jpg": jpg(),
    "png": png(),
    "ofd": ofd(),
    "txt": "教育质量提升行动进展：已完成。\r\n\t第二行".encode(),
    "csv": "编号,单位\r\n2.1,教体局\r\n".encode("gb18030"),
}


def encrypted(data: bytes) -> bytes:
    """The zip with the bit set that says a part is encrypted."""
    bent = bytearray(data)
    at = bent.index(b"PK\x01\x02")
    bent[at + 8] |= 1
    return bytes(bent)


def declared_size(data: bytes, size: int) -> bytes:
    """The zip whose directory says of every part that it unpacks to so many bytes."""
    bent, at = bytearray(data), -1
    while (at := bent.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", bent, at + 24, size)
    return bytes(bent)
