import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from workflow import drawing

WANTING, UNUSABLE_INPUT = 1, 2


class Command(BaseCommand):
    help = "Repeats a published draw (回头看) from its file alone; exit 1 if it does not come out as published."
    requires_system_checks: tuple[str, ...] = ()  # no database, no settings of an installation

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the published record; - reads standard input")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        text = _text(options["file"])
        try:
            record, faults = drawing.read(text), drawing.faults(text)
        except drawing.Unreadable as problem:
            raise CommandError(str(problem), returncode=UNUSABLE_INPUT) from None
        drawn = [candidate.number for candidate in record.drawn]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"seed": record.seed, "drawn": drawn, "faults": faults}, ensure_ascii=False))
        else:
            words = {"seed": record.seed, "among": len(record.candidates), "drawn": "、".join(drawn)}
            self.stdout.write(_("种子 %(seed)s；从 %(among)s 项里抽中 %(drawn)s。") % words)
        if faults:
            raise CommandError("\n".join(faults), returncode=WANTING)


def _text(name: str) -> str:
    """Raises CommandError."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, ValueError):
        raise CommandError(_("读不了文件 %(name)s。") % {"name": name}, returncode=UNUSABLE_INPUT) from None
