"""What a region starts with until its people set their own: the default rule pack and the national calendar."""

import csv
import json
from pathlib import Path
from typing import Any

from django.conf import settings

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def rule_pack() -> dict[str, Any]:
    """The default rule pack as JSON."""
    pack: dict[str, Any] = json.loads((FIXTURES / "rules.json").read_text(encoding="utf-8"))
    return pack


def calendar_days() -> list[list[str]]:
    """Holidays and make-up days as [day, kind, name]."""
    return [list(row.values()) for row in rows("calendar.csv")]


def rows(name: str) -> list[dict[str, Any]]:
    """A csv of fixtures/, a dict a row."""
    with (FIXTURES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
