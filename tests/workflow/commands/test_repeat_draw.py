"""manage.py repeat_draw: from the file alone, without a database; 0 as published, 1 not, 2 unreadable."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.workflow.test_drawing import RECORD


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "draw.txt"
    path.write_text(RECORD.written(), encoding="utf-8")
    return path


def printed(file: Path, **options: str) -> str:
    out = io.StringIO()
    call_command("repeat_draw", str(file), stdout=out, **options)
    return out.getvalue()


def test_a_published_draw_comes_out_again(file: Path) -> None:
    drawn = [candidate.number for candidate in RECORD.drawn]
    assert json.loads(printed(file, format="json")) == {"seed": RECORD.seed, "drawn": drawn, "faults": []}
    assert f"从 7 项里抽中 {'、'.join(drawn)}" in printed(file)


def test_saved_by_a_windows_editor_it_still_does(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + RECORD.written().replace("\n", "\r\n").encode())
    assert RECORD.seed in printed(file)


def test_a_changed_one_is_found_wanting(file: Path) -> None:
    file.write_text(RECORD.written().replace("# size: 3", "# size: 4"), encoding="utf-8")
    with pytest.raises(CommandError, match="抽中的不是按种子排在最前的 4 项") as refused:
        printed(file)
    assert refused.value.returncode == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", "你好".encode(), None])
def test_what_is_no_record_is_refused_in_a_sentence(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        printed(file)
    assert refused.value.returncode == 2 and "\n" not in str(refused.value)
