"""The demo has a time of its own that people move forward; production has the real one and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from workflow import clock
from workflow.errors import Invalid, NotAllowed
from workflow.models import DemoClock

REAL = "2031-05-06T01:02:03+00:00"


@pytest.fixture
def production(settings: Any) -> None:
    settings.PRODUCTION = True


@time_machine.travel(REAL, tick=False)
def test_demo_starts_on_the_day_of_its_plan(db: None) -> None:
    assert clock.now() == clock.START
    assert clock.now().isoformat() == "2021-11-22T01:00:00+00:00"
    assert clock.today() == date(2021, 11, 22)
    assert DemoClock.objects.count() == 1


def test_demo_time_passes_like_the_real_one(db: None) -> None:
    with time_machine.travel(REAL, tick=False) as traveller:
        began = clock.now()
        traveller.shift(timedelta(hours=20))
        assert clock.now() == began + timedelta(hours=20)
        assert clock.today() == date(2021, 11, 23)


@time_machine.travel(REAL, tick=False)
def test_demo_started_again_keeps_its_time(db: None) -> None:
    clock.forward(10)
    assert clock.start_demo(timezone.now()) == clock.START + timedelta(days=10)


@time_machine.travel(REAL, tick=False)
def test_forward_moves_the_clock_and_says_where_it_is(db: None) -> None:
    assert clock.forward(1) == clock.START + timedelta(days=1)
    assert clock.forward(30) == clock.now() == clock.START + timedelta(days=31)


@pytest.mark.parametrize("days", [0, -1, clock.FURTHEST + 1])
def test_forward_by_too_little_or_too_much_is_refused(db: None, days: int) -> None:
    with pytest.raises(Invalid):
        clock.forward(days)
    assert not DemoClock.objects.exists()


def test_now_is_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    clock.now()
    with django_assert_num_queries(1):
        clock.now()


@time_machine.travel(REAL, tick=False)
def test_production_has_the_real_time(
    db: None, production: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    DemoClock.objects.create(pk=clock.ROW, offset_seconds=-1000)
    with django_assert_num_queries(0):
        assert clock.now() == timezone.now()
        with pytest.raises(NotAllowed):
            clock.forward(1)
