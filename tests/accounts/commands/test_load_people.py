"""`load_people FILE`: what it prints, how it ends."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Region, Unit, User

HEADING = "账号,姓名,单位,角色,电话,邮箱\n"


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(*lines: str) -> str:
        file = tmp_path / "people.csv"
        file.write_text(HEADING + "\n".join(lines), encoding="gb18030")
        return str(file)

    return write


def load(file: str, *options: str) -> str:
    out = StringIO()
    call_command("load_people", file, *options, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> tuple[int, str, str]:
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("load_people", *arguments, stdout=out)
    return refusal.value.returncode, str(refusal.value), out.getvalue()


def test_good_list_is_counted(unit: Unit, write: Any) -> None:
    file = write("zhang,张三,教体局,经办人,,", "li,李四,教体局,单位负责人,,")
    assert json.loads(load(file, "--check", "--format", "json")) == {"created": 2, "changed": 0, "problems": []}
    assert not User.objects.exists()
    assert load(file) == "已新建 2 人，改动 0 人。\n"
    assert json.loads(load(file, "--format", "json")) == {"created": 0, "changed": 0, "problems": []}


def test_problems_are_listed_and_exit_is_one(unit: Unit, write: Any) -> None:
    file = write("zhang,张三,教体局,经办人,,", "li,李四,海关,经办人,,")
    code, sentence, out = refused(file, "--format", "json")
    assert (code, sentence) == (1, "有 1 处问题，没有写入任何内容。")
    problem = {"row": 3, "problem": "没有“海关”这个单位。"}
    assert json.loads(out) == {"created": 0, "changed": 0, "problems": [problem]}
    assert refused(file)[2] == "第 3 行：没有“海关”这个单位。\n"
    assert not User.objects.exists()


def test_passwords_are_printed_where_asked_for(unit: Unit, write: Any) -> None:
    said, line = load(write("zhang,张三,教体局,经办人,,"), "--passwords").splitlines()
    username, password = line.split("\t")
    assert (said, username) == ("已新建 1 人，改动 0 人。", "zhang")
    assert User.objects.get().check_password(password)


def test_region_is_named_where_there_are_two(unit: Unit, write: Any) -> None:
    file = write("zhang,张三,教体局,经办人,,")
    Region.objects.create(code="640205", name="惠农区")
    assert refused(file)[:2] == (2, "请用 --region 写明是哪个地区。")
    assert refused(file, "--region", "1")[:2] == (2, "没有行政区划代码为 1 的地区。")
    assert load(file, "--region", "640221") == "已新建 1 人，改动 0 人。\n"


def test_unreadable_file_exits_two(unit: Unit, tmp_path: Path) -> None:
    book = tmp_path / "people.xlsx"
    book.write_bytes(b"PK\x03\x04")
    assert refused(str(book))[:2] == (2, "文件不是完整的 Excel 表，请另存为 xlsx 或 CSV 再导入。")
    code, sentence, _out = refused(str(tmp_path / "none.csv"))
    assert code == 2 and sentence.startswith("读不了 ")
