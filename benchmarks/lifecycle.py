"""Moves through the real action, against a psycopg transaction that writes the same rows and decides nothing.

Each item goes accept, submit, reject, submit, approve, close. Both sides run interleaved, item by item, on the same
server in the same run; the ratio is of their rates (1 = as fast as writing the rows by hand).
"""

import argparse
import json
import os
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("LUOSHI_ENV", "demo")

from benchmarks.database import own_database

MOVES = ("accept", "submit", "reject", "submit", "approve", "close")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="within 30 seconds")
    rounds = 3 if parser.parse_args().quick else 20
    with own_database() as url:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        try:
            print(json.dumps(measure(url, rounds), ensure_ascii=False))
        finally:
            connection.close()


def measure(url: str, rounds: int) -> dict[str, Any]:
    ours = Ours()
    hand = ByHand(url, ours)
    ours.life(), hand.life()  # both sides warm: prepared statements, caches
    ratios: list[float] = []
    rates: dict[str, list[float]] = {"ours": [], "limit": []}
    for _round in range(rounds):
        spent = {"ours": 0.0, "limit": 0.0}
        for _item in range(10):
            spent["ours"] += ours.life()
            spent["limit"] += hand.life()
        for side, seconds in spent.items():
            rates[side].append(10 * len(MOVES) / seconds)
        ratios.append(spent["limit"] / spent["ours"])
    hand.connection.close()
    return {
        "benchmark": "lifecycle",
        "ours": round(statistics.median(rates["ours"]), 1),
        "limit": round(statistics.median(rates["limit"]), 1),
        "unit": "moves/s",
        "ratio": round(statistics.median(ratios), 3),
        "better": "higher",
        "spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "statements": ours.statements(),
    }


class Ours:
    """The real thing: plan, people and items of 平罗县, moves by `make_move`."""

    def __init__(self) -> None:
        from accounts.actor import Actor
        from accounts.models import User
        from workflow import demo

        self.now = datetime(2021, 11, 22, 9, tzinfo=UTC)
        self.region = demo.load_county()
        people = {"accept": "majianjun", "submit": "dinghaiyan", "close": "wangxuewen"}
        people["reject"] = people["approve"] = "yangjing"
        self.by = {move: Actor.of(User.objects.get(username=name)) for move, name in people.items()}
        self.items: list[int] = []

    def life(self) -> float:
        """One item from assigned to closed; the seconds its six moves took."""
        from workflow.actions.reports import report_progress

        item, version, seconds = self.next_item(), 1, 0.0
        for place, name in enumerate(MOVES):
            if place == 1:  # without a report there is nothing to hand in; it is no move and not timed
                report_progress(item, by=self.by["accept"], now=self.now, percent=50, words="进行中。")
                version += 1
            start = time.perf_counter()
            version = self.move(item, name, version)
            seconds += time.perf_counter() - start
        return seconds

    def move(self, item: int, name: str, version: int) -> int:
        from workflow.actions.moves import make_move

        details = {"summary": "请审核。", "comment": "请补材料。"}
        return make_move(item, name, by=self.by[name], now=self.now, version=version, details=details).seq

    def next_item(self) -> int:
        from django.db.models import Count, Q

        from workflow import demo
        from workflow.models import SubItem

        if not self.items:
            demo.publish_plan(self.region, now=self.now)
            led = SubItem.objects.filter(seq=1, holder__name="教体局", verifier__name="教育工委", kind="date")
            alone = led.alias(leads=Count("responsibilities", filter=Q(responsibilities__duty="lead"))).filter(leads=1)
            self.items = list(alone.values_list("pk", flat=True))  # nobody has to countersign
        return self.items.pop()

    def statements(self) -> dict[str, int]:
        """SQL statements of each move, BEGIN and COMMIT included."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from workflow.actions.reports import report_progress

        item, version, counts = self.next_item(), 1, {}
        for place, name in enumerate(MOVES):
            if place == 1:
                report_progress(item, by=self.by["accept"], now=self.now, percent=50, words="进行中。")
                version += 1
            with CaptureQueriesContext(connection) as captured:
                version = self.move(item, name, version)
            counts[name] = len(captured)
        return counts


class ByHand:
    """The same rows for other items, in one psycopg transaction a move: lock, update, insert, commit."""

    def __init__(self, url: str, ours: Ours) -> None:
        self.ours = ours
        self.connection = psycopg.connect(url, prepare_threshold=1)
        item = ours.next_item()
        self.rows = self._rows_of(item)

    def _rows_of(self, item: int) -> list[dict[str, Any]]:
        """What our own moves write for an item, read back: the rows the hand will write again."""
        from workflow.actions.reports import report_progress

        steps, version = [], 1
        for place, name in enumerate(MOVES):
            if place == 1:
                report_progress(item, by=self.ours.by["accept"], now=self.ours.now, percent=50, words="进行中。")
                version += 1
            version = self.ours.move(item, name, version)
            steps.append({"name": name, **self._written(item, version)})
        return steps

    def _written(self, item: int, seq: int) -> dict[str, Any]:
        from notifications.models import Message
        from workflow.models import JournalEntry, SubItem, Submission

        found = SubItem.objects.get(pk=item)
        dedupe = f"{found.uid}:{seq}:"
        return {
            "item": SubItem.objects.filter(pk=item).values(*ITEM).get(),
            "entry": JournalEntry.objects.filter(item=item, seq=seq).values(*ENTRY).get(),
            "submission": Submission.objects.filter(item=item).order_by("-pk").values(*SUBMISSION).first(),
            "messages": list(Message.objects.filter(dedupe_key__startswith=dedupe).values(*MESSAGE)),
        }

    def life(self) -> float:
        item, fresh = self.ours.next_item(), uuid4().hex
        start = time.perf_counter()
        submission = 0
        for step in self.rows:
            with self.connection.transaction():
                submission = self._write(item, fresh, step, submission)
        return time.perf_counter() - start

    def _write(self, item: int, fresh: str, step: dict[str, Any], submission: int) -> int:
        run = self.connection.execute
        run("SELECT * FROM workflow_subitem WHERE id = %s FOR NO KEY UPDATE", [item])
        values = [_plain(value) for value in step["item"].values()]
        run(f"UPDATE workflow_subitem SET {', '.join(f'{name} = %s' for name in ITEM)} WHERE id = %s", [*values, item])
        _insert(run, "workflow_journalentry", {**step["entry"], "item_id": item})
        if step["name"] == "submit":
            row = {**step["submission"], "item_id": item}
            submission = _insert(run, "workflow_submission", row, tail=" RETURNING id").fetchone()[0]
        elif step["name"] in ("reject", "approve"):
            verdict = [step["submission"][name] for name in VERDICT]
            sql = f"UPDATE workflow_submission SET {', '.join(f'{name} = %s' for name in VERDICT)} WHERE id = %s"
            run(sql, [*verdict, submission])
        keys = [f"{fresh}:{step['entry']['seq']}:{place}" for place, _message in enumerate(step["messages"])]
        told = [{**message, "dedupe_key": key} for message, key in zip(step["messages"], keys, strict=True)]
        if told:
            _insert(run, "notifications_message", *told)
        return submission


VERDICT = ("status", "comment", "reviewed_by_id", "reviewed_at")
ITEM = (
    *("state", "holder_id", "held_since", "assignee_id", "awaited", "pause", "approved_by_id", "participants"),
    *(
        "round_no",
        "start_on",
        "due_on",
        "yellow_on",
        "handed_in_on",
        "reported_at",
        "clocks",
        "alarm_at",
        "seq",
        "head",
    ),
)
ENTRY = (
    *("seq", "action", "from_state", "to_state", "round_no", "actor_id", "actor_name", "unit_name", "role", "at"),
    *("comment", "details", "prev_hash", "hash"),
)
SUBMISSION = (
    *("round_no", "number", "status", "summary", "unit_id", "drafted_by_id", "drafted_at", "submitted_by_id"),
    *("submitted_at", "verifier_id", "reviewed_by_id", "reviewed_at", "comment"),
)
MESSAGE = ("recipient_id", "kind", "context", "link", "instant", "at", "read_at")


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


def _insert(run: Any, table: str, *rows: dict[str, Any], tail: str = "") -> Any:
    marks = f"({', '.join(['%s'] * len(rows[0]))})"
    values = [_plain(value) for row in rows for value in row.values()]
    return run(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES {', '.join([marks] * len(rows))}{tail}", values)


if __name__ == "__main__":
    main()
