"""Lists: `limit` and `offset` in, `{"count", "items"}` out; three kinds of filter values."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Field, Schema
from pydantic import BeforeValidator

from workflow.actions.details import text

LARGEST_ID = 2**63 - 1  # what the database's key can hold
LARGEST_OFFSET = 10**7

Row = TypeVar("Row")


def blank_is_all(value: Any) -> Any:
    """`?plan=` without a value narrows nothing."""
    return None if value == "" else value


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and value else blank_is_all(value)


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]  # in a path: what is out of bounds names nothing, 404
IdOrAll = Annotated[Annotated[int, Field(ge=0, le=LARGEST_ID)] | None, BeforeValidator(blank_is_all)]
DayOrAll = Annotated[date | None, BeforeValidator(_day)]
Words = Annotated[str, BeforeValidator(text), Field(max_length=200)]


class Paging(Schema):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=LARGEST_OFFSET)] = 0


class Page(Schema, Generic[Row]):
    count: int = Field(description="all that match, not only this page")
    items: list[Row]


def page(
    rows: QuerySet[Any], paging: Paging, show: Callable[[Any], Row], load: Callable[[Any], Iterable[Any]] = iter
) -> dict[str, Any]:
    """`load` reads for all rows of the page at once what no query set can."""
    window = rows[paging.offset : paging.offset + paging.limit]
    return {"count": rows.count(), "items": [show(row) for row in load(window)]}
