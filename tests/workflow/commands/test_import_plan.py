import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from workflow import tables

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "fixtures/pingluo/table.txt"


def check(file: Path, **options: str) -> str:
    out = StringIO()
    call_command("import_plan", str(file), check=True, stdout=out, **options)
    return out.getvalue()


def test_check_json_is_the_table() -> None:
    assert json.loads(check(SEED, format="json")) == tables.read(SEED.read_bytes(), "table.txt").as_json()


def test_check_text_tells_what_was_understood() -> None:
    lines = check(SEED).splitlines()
    assert lines[0] == "《平罗县基础教育质量提升行动责任分工》"
    assert lines[1] == "共5个部分、22项任务、48个子项。"
    assert lines[2] == "涉及30个单位，其中8个牵头。"
    assert "  一、实施立德树人工程：10个子项" in lines
    assert "  长期坚持：15个子项，分期办理（每年）" in lines
    assert "  2022年：13个子项，2022-12-31" in lines
    assert "有9处需要核对：" in lines


def test_check_text_without_warnings(tmp_path: Path) -> None:
    file = tmp_path / "table.txt"
    file.write_text("某县分工\n\t任务\n\t牵头单位\n\t完成时限\n\n\t1.甲\n\t教体局\n\t立即\n", encoding="utf-8")
    assert "  立即：1个子项，读不出，需人工明确" in check(file)
    file.write_text("某县分工\n\t任务\n\t牵头单位\n\t完成时限\n\n\t1.甲\n\t教体局\n\t2024年\n", encoding="utf-8")
    assert check(file).splitlines()[-1] == "没有发现需要核对的地方。"


@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\x01\x02", "没有表格".encode()], ids=["no-file", "empty", "binary", "prose"]
)
def test_check_unusable_input_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "table.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        check(file)
    assert refusal.value.returncode == 2
    assert str(refusal.value).count("。") == 1


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    nowhere = {"DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "manage.py", "import_plan", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | nowhere, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_check_from_the_shell_needs_no_database() -> None:
    done = run(str(SEED), "--check", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["items"]) == 48


def test_check_from_the_shell_exits_2_without_traceback(tmp_path: Path) -> None:
    done = run(str(tmp_path), "--check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("CommandError: 打不开文件")
