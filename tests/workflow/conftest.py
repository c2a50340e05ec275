"""The published plan of 平罗县 with all its people, as tests of the workflow start from."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.actor import Actor
from accounts.models import User
from tests.county import publish_county
from workflow.models import Plan, SubItem

NOW = datetime(2021, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def pingluo(db: None) -> Plan:
    publish_county(NOW)
    return Plan.objects.get()


@pytest.fixture
def actor(pingluo: Plan) -> Callable[[str], Actor]:
    """`actor("majianjun")`: a person of the county as they act."""
    return lambda username: Actor.of(User.objects.get(username=username))


@pytest.fixture
def item(pingluo: Plan) -> Callable[[str], SubItem]:
    """`item("2.1")`: a sub-item as it stands now."""
    return lambda number: SubItem.objects.with_responsibilities().get(plan=pingluo, number=number)
