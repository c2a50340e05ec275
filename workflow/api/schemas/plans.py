"""Plans and their totals."""

from datetime import datetime

from ninja import Field, Schema


class PlanRow(Schema):
    id: int
    title: str
    region: str
    owner: str
    published_at: datetime | None = Field(description="null: a draft, which its coordinators alone see")


class Task(Schema):
    number: str
    title: str


class SectionOut(Task):
    tasks: list[Task]


class PlanOut(PlanRow):
    supervisors: list[str] = Field(description="the supervising units, in the order that decides who verifies")
    officers_may_submit: bool
    asks_supports_at_dispatch: bool
    leads_never_verify: bool
    sections: list[SectionOut]


class Tally(Schema):
    name: str
    total: int
    green: int
    yellow: int
    red: int
    grey: int
    blue: int


class HolderTally(Schema):
    name: str
    items: int = Field(description="that it has now")
    working_days: int = Field(description="that it had running items in their present rounds, each item by itself")
    overdue_days: int


class Stats(Schema):
    by_state: dict[str, int]
    by_light: dict[str, int]
    by_unit: list[Tally] = Field(description="lead units in the order of the region; an item counts for each lead")
    by_section: list[Tally]
    by_holder: list[HolderTally] = Field(description="units that have or had running items in their present rounds")
