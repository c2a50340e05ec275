import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from workflow.management.commands import run


@pytest.fixture(autouse=True)
def never_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*args: Any) -> None:
        raise AssertionError("it went on")

    monkeypatch.setattr(run, "prepare", started)


def test_a_taken_port_is_named_in_one_sentence() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = str(door.getsockname()[1])
        with pytest.raises(CommandError, match=rf"^[^\n]*{port}[^\n]*$"):
            call_command("run", port=port)


@pytest.mark.parametrize("port", ["eight", "70000", "-1"])
def test_what_is_no_port_is_named_in_one_sentence(port: str) -> None:
    with pytest.raises(CommandError, match=rf"^PORT [^\n]*{port}[^\n]*$"):
        call_command("run", port=port)


def test_production_is_refused(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("run", port="0")


def test_its_children_are_modules_as_scripts_break_in_a_path_with_a_space() -> None:
    with run.listening("0") as door:
        for words in run.commands(door).values():
            assert words[1] == "-m"
            assert Path(words[0]).name.startswith("python")
