"""Reading a list of people: the file, its headings, its rows; what is wrong is said with the row's number."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from accounts.models import ADMINISTRATORS, Role, Unit, User

Row = Mapping[str, str]
FIELDS = ("name", "phone", "email")  # of a person; a blank cell leaves what is there
HEADINGS = {
    "username": ("账号", "用户名"),
    "name": ("姓名",),
    "unit": ("单位",),
    "role": ("角色", "岗位"),
    "phone": ("电话", "手机"),
    "email": ("邮箱", "电子邮箱"),
}
OPTIONAL = {"phone", "email"}
MOST_UNPACKED = 50 * 1024 * 1024  # bytes of an xlsx
MOST_ROWS, MOST_COLUMNS = 20_000, 200
FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{3,}[0-9]|[A-Za-z]{0,2}[0-9]{6,})|[cC]ount\s*=\s*["'][0-9]{7,}""")
BROKEN = (zipfile.BadZipFile, CalamineError, PasswordError, XmlError, ZipError, IndexError)
USERNAME = RegexValidator(r"^[\w.@-]{1,64}\Z")


class Unreadable(Exception):
    """This file is no list of people; the sentence says what to do about it."""


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken; row 1 is the heading, as a spreadsheet shows it."""

    row: int
    problem: str


@dataclass
class Person:
    """What the rows of one username say together."""

    row: int
    username: str
    fields: dict[str, str]
    posts: dict[tuple[int, str], int] = field(default_factory=dict)  # (unit, role) → row


def read_people(data: bytes) -> list[Row]:
    """The rows below the heading, by English field name; blank rows at the end are left out. Raises Unreadable."""
    cells = _grid(data)
    if not cells:
        raise Unreadable(_("文件是空的。"))
    columns = _columns(cells[0])
    rows: list[Row] = [
        {name: line[at].strip() if at < len(line) else "" for name, at in columns.items()} for line in cells[1:]
    ]
    while rows and not any(rows[-1].values()):
        rows.pop()
    return rows


def _grid(data: bytes) -> list[list[str]]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("这是旧版或加了密码的 Excel 文件，请另存为 xlsx 或 CSV 再导入。"))
    if data.startswith(b"PK"):
        return _sheet(data)
    text = _text(data)
    heading = text.partition("\n")[0]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in heading else ",", strict=True))
    except csv.Error as error:
        raise Unreadable(_("文件不是完整的 CSV，请在 Excel 里另存为 CSV 再导入。")) from error


def _sheet(data: bytes) -> list[list[str]]:
    """The first sheet of an xlsx, from its first row on; its size is asked before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise Unreadable(_("文件展开后太大，请只留人员名单再导入。"))
            # A far cell or a false count makes the reader ask for all the memory between, which ends the process.
            if any(FAR.search(parts.read(part)) for part in parts.infolist()):
                raise Unreadable(_("表格太大，请只留人员名单再导入。"))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise Unreadable(_("表格太大，请只留人员名单再导入。"))
        return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    except BROKEN as error:
        raise Unreadable(_("文件不是完整的 Excel 表，请另存为 xlsx 或 CSV 再导入。")) from error


def _cell(value: object) -> str:
    """A cell as it is read by a person: whole numbers (telephones) arrive as floats."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _text(data: bytes) -> str:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("文件不是文本，请在 Excel 里另存为 CSV 再导入。"))


def _columns(heading: list[str]) -> dict[str, int]:
    printed = [cell.strip().lower() for cell in heading]
    found = {
        name: printed.index(written)
        for name, chinese in HEADINGS.items()
        for written in (name, *chinese)
        if written in printed
    }
    missing = [HEADINGS[name][0] for name in HEADINGS if name not in found and name not in OPTIONAL]
    if missing:
        raise Unreadable(_("第一行缺这些列：%(columns)s。") % {"columns": "、".join(missing)})
    return found


# --- rows to people --------------------------------------------------------------------------------------------------
def people_of(rows: list[Row], units: dict[str, Unit]) -> tuple[dict[str, Person], list[Problem]]:
    people: dict[str, Person] = {}
    problems: list[Problem] = []
    roles = by_label(Role)
    for number, raw in enumerate(rows, start=2):
        row = {name: (raw.get(name) or "").strip() for name in ("username", *FIELDS, "unit", "role")}
        if wrong := _check_row(row, units, roles):
            problems.append(Problem(number, wrong))
            continue
        username = User.normalize_username(row["username"]).lower()
        fields = {name: row[name] for name in FIELDS}
        person = people.setdefault(username, Person(number, username, fields))
        post = (units[row["unit"]].pk, roles[row["role"]])
        if wrong := _check_against(person, fields, post):
            problems.append(Problem(number, wrong))
            continue
        person.fields = {name: person.fields[name] or value for name, value in fields.items()}
        person.posts[post] = number
    return people, problems


def _check_row(row: dict[str, str], units: dict[str, Unit], roles: dict[str, str]) -> str:
    """What is wrong with this row by itself, in a sentence; empty if nothing."""
    labels = {"username": _("账号"), "name": _("姓名"), "unit": _("单位"), "role": _("角色")}
    missing = [label for name, label in labels.items() if not row[name]]
    if len(missing) == len(labels):
        return _("这一行是空的。")
    if missing:
        return _("缺%(what)s。") % {"what": "、".join(missing)}
    if row["unit"] not in units:
        return _("没有“%(unit)s”这个单位。") % {"unit": row["unit"]}
    if units[row["unit"]].kind == Unit.Kind.GROUP:
        return _("“%(unit)s”是一组单位，请写其中一个单位。") % {"unit": row["unit"]}
    if row["role"] not in roles:
        return _("没有“%(role)s”这个角色。") % {"role": row["role"]}
    return _check_writing(row)


def _check_writing(row: dict[str, str]) -> str:
    if not _passes(USERNAME, row["username"]):
        return _("账号“%(username)s”只能用字母、数字和 . _ @ -，不超过 64 个字。") % row
    if len(row["name"]) > 64:
        return _("姓名超过 64 个字。")
    if len(row["phone"]) > 32:
        return _("电话超过 32 个字。")
    if row["email"] and not (len(row["email"]) <= 254 and _passes(validate_email, row["email"])):
        return _("邮箱“%(email)s”写得不对。") % row
    return ""


def _passes(validator: Callable[[str], None], value: str) -> bool:
    try:
        validator(value)
    except ValidationError:
        return False
    return True


def _check_against(person: Person, fields: dict[str, str], post: tuple[int, str]) -> str:
    """What contradicts the rows read before for the same username."""
    if post in person.posts:
        return _("和第 %(row)s 行重复。") % {"row": person.posts[post]}
    if any(value and person.fields[name] and value != person.fields[name] for name, value in fields.items()):
        return _("账号“%(username)s”在第 %(row)s 行写的姓名、电话或邮箱不一样，一个账号只能是一个人。") % {
            "username": person.username,
            "row": person.row,
        }
    return ""


def check_person(person: Person, user: User | None, held: set[tuple[int, str]]) -> list[Problem]:
    if user and not user.is_active:
        return [Problem(person.row, _("账号“%(username)s”已停用。") % {"username": person.username})]
    wrong = check_roles({role for _unit, role in held | person.posts.keys()})
    return [Problem(person.row, f"{user.name if user else person.fields['name']}：{wrong}")] if wrong else []


def check_roles(roles: Iterable[str]) -> str:
    """Why one person may not hold these roles together: the three administrators are three people without business."""
    held = set(roles)
    if len(held & ADMINISTRATORS) > 1:
        return _("系统、安全、审计三员须由三个人分别担任。")
    if held & ADMINISTRATORS and held - ADMINISTRATORS:
        return _("三员不能兼任业务岗位。")
    return ""


def units_by_any_name(units: list[Unit]) -> dict[str, Unit]:
    """Units by every way they are written; where two share a way, the short name wins."""
    others = {written: unit for unit in reversed(units) for written in unit.names()}
    return others | {unit.name: unit for unit in units}


def by_label(choices: type[Role] | type[Unit.Kind]) -> dict[str, str]:
    """A choice by its code and by its Chinese label, whatever language is on."""
    with override(None):
        labels = {str(choice.label): str(choice.value) for choice in choices}
    return labels | {str(choice.value): str(choice.value) for choice in choices}


def split(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split("、") if part.strip()]
