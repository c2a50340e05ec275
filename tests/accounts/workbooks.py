"""An xlsx as small as one can be, built by hand."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

SPACE = "http://schemas.openxmlformats.org"
PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{SPACE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{SPACE}/package/2006/relationships"><Relationship Id="r1"
 Type="{SPACE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{SPACE}/package/2006/relationships"><Relationship Id="r1"
 Type="{SPACE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{SPACE}/spreadsheetml/2006/main"
 xmlns:r="{SPACE}/officeDocument/2006/relationships"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets>
</workbook>""",
}


def workbook(rows: Sequence[Sequence[str | int]], padding: int = 0, more: str = "") -> bytes:
    """The rows as one sheet, with `more` rows as XML; `padding` bytes that pack to almost nothing beside it."""
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows) + more
    sheet = f'<worksheet xmlns="{SPACE}/spreadsheetml/2006/main"><sheetData>{lines}</sheetData></worksheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in {**PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            parts.writestr(name, text)
        if padding:
            parts.writestr("xl/padding.bin", bytes(padding))
    return packed.getvalue()


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
