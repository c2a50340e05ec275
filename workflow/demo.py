"""The demo: 平罗县 from fixtures/, through the same doors a county uses.

Its people are invented; production refuses them.
"""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Region
from accounts.people import load_people, load_units
from workflow.actions.drafts import start
from workflow.actions.plans import Published, publish
from workflow.defaults import FIXTURES, rows
from workflow.models import Plan
from workflow.tables import read

REGION = {"code": "640221", "name": "平罗县"}


def load_county() -> Region:
    """Region, units and people; loading them again changes nothing. Rules and calendar are the defaults."""
    with transaction.atomic():
        region, _created = Region.objects.get_or_create(code=REGION["code"], defaults={"name": REGION["name"]})
        load_units(region, rows("pingluo/units.csv"))
        loaded = load_people(region, rows("pingluo/people.csv"))
        if loaded.problems:
            raise ValueError(loaded.problems)
    return region


def publish_plan(region: Region, *, now: datetime) -> Published:
    """Publish the county's table as the clock's own act: the demo has no coordinator at the keyboard."""
    table = FIXTURES / "pingluo/table.txt"
    draft = start(read(table.read_bytes(), table.name), region=region, by=Actor.system(), now=now)
    return publish(draft.pk, by=Actor.system(), now=now)


def is_loaded() -> bool:
    return Plan.objects.published().filter(region__code=REGION["code"]).exists()
