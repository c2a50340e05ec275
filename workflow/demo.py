"""The demo: 平罗县 from fixtures/, through the same doors a county uses.

Its people are invented; production refuses them.
"""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.actor import Actor
from accounts.models import Region
from accounts.people import load_people, load_units
from workflow.actions.plans import Published, publish, save_draft
from workflow.models import CalendarVersion, Plan, RulePackVersion
from workflow.tables import read

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
REGION = {"code": "640221", "name": "平罗县"}


def load_county(*, now: datetime) -> Region:
    """Region, units, people, rules and calendar; loading them again changes nothing."""
    with transaction.atomic():
        region, _created = Region.objects.get_or_create(code=REGION["code"], defaults={"name": REGION["name"]})
        load_units(region, rows("pingluo/units.csv"))
        loaded = load_people(region, rows("pingluo/people.csv"))
        if loaded.problems:
            raise ValueError(loaded.problems)
        rules = json.loads((FIXTURES / "pingluo/rules.json").read_text(encoding="utf-8"))
        RulePackVersion.store(region, rules, now)
        CalendarVersion.store([list(row.values()) for row in rows("calendar.csv")], now)
    return region


def publish_plan(region: Region, *, now: datetime) -> Published:
    """Publish the county's table as the clock's own act: the demo has no coordinator at the keyboard."""
    table = FIXTURES / "pingluo/table.txt"
    draft = save_draft(read(table.read_bytes(), table.name), region=region, by=Actor.system(), now=now)
    return publish(draft.pk, by=Actor.system(), now=now)


def is_loaded() -> bool:
    return Plan.objects.published().filter(region__code=REGION["code"]).exists()


def rows(name: str) -> list[dict[str, Any]]:
    with (FIXTURES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
