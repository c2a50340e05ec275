"""Reading a large responsibility table, against merely parsing the same file.

Ours is `workflow.tables.read`: cells as printed, merges, headings, units, deadlines and every check. The limit is
calamine handing over the bare cells of the sheet. Both read the same workbook in turn; the ratio is of their times
(1 = as fast as parsing). Publishing that table as a plan is timed beside it.
"""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("LUOSHI_ENV", "demo")

from benchmarks.database import own_database
from workflow.tables import Table, read

TITLE = "平罗县高质量发展三年行动责任分工表"
COLUMNS = ("重点任务", "具体内容", "牵头单位", "责任人", "配合单位", "完成时限", "联系电话", "备注")
ITEMS_A_TASK, TASKS_A_SECTION = 13, 40
UNITS = (
    *("教体局", "发改局", "财政局", "人社局", "住建局", "自然资源局", "卫健局", "民政局", "公安局", "市场监管局"),
    *("审批局", "文广局", "应急管理局", "司法局", "科协", "妇联", "残联", "团县委", "退役军人事务局", "网信办"),
)
DEADLINES = (
    "2026年",
    "2025年底前",
    "长期坚持",
    "2026年6月底",
    "2025年第三季度",
    "每年",
    "2026-09-30",
    "2027年12月31日前",
)
WORK = ("新建", "改造提升", "建立健全", "组织开展", "督促落实", "全面推进")
SUBJECT = (
    "农村公路养护管理机制",
    "城区幼儿园普惠性学位",
    "老旧小区供热管网",
    "乡镇卫生院标准化建设",
    "高标准农田灌溉设施",
)
GOAL = ("，建成并投入使用{}个", "，覆盖率达到{}%以上，群众满意度持续提高", "，每季度通报一次进展，年内培训{}人次")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="within 30 seconds")
    parser.add_argument("--only-read", metavar="FILE", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.only_read:
        read(Path(said.only_read).read_bytes(), "t.xlsx")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    rows, rounds = (2_000, 5) if said.quick else (10_000, 9)
    print(json.dumps(measure(rows, rounds), ensure_ascii=False))


def measure(rows: int, rounds: int) -> dict[str, Any]:
    data = workbook(rows)
    table = ours(data)
    assert len(table.items) == rows, len(table.items)
    limit(data)  # both sides warm
    spent: dict[str, list[float]] = {"ours": [], "limit": []}
    for _round in range(rounds):
        spent["ours"].append(seconds(ours, data))
        spent["limit"].append(seconds(limit, data))
    ratios = [one / other for one, other in zip(spent["ours"], spent["limit"], strict=True)]
    return {
        "benchmark": "tables",
        "ours": round(statistics.median(spent["ours"]), 3),
        "limit": round(statistics.median(spent["limit"]), 3),
        "unit": "s",
        "ratio": round(statistics.median(ratios), 2),
        "better": "lower",
        "spread": [round(min(ratios), 2), round(max(ratios), 2)],
        "rows": rows,
        "file_mb": round(len(data) / 2**20, 2),
        "peak_mb": peak_mb(data),
        "publish_s": round(publish_seconds(table), 2),
    }


def seconds(work: Callable[[bytes], object], data: bytes) -> float:
    start = time.perf_counter()
    work(data)
    return time.perf_counter() - start


def ours(data: bytes) -> Table:
    return read(data, "t.xlsx")


def limit(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def peak_mb(data: bytes) -> int:
    """The most memory a fresh process holds that does nothing but read the file."""
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        said = subprocess.check_output([sys.executable, __file__, "--only-read", file.name], text=True)
    return round(int(said) / (2**20 if sys.platform == "darwin" else 2**10))


def publish_seconds(table: Table) -> float:
    """Publishing the table as a plan of 平罗县, its units and people, in a database of its own."""
    with own_database():
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from accounts.actor import Actor
        from workflow import demo
        from workflow.actions.drafts import start
        from workflow.actions.plans import publish

        call_command("migrate", verbosity=0)
        try:
            now = datetime(2025, 1, 6, 9, tzinfo=UTC)
            draft = start(table, region=demo.load_county(), by=Actor.system(), now=now)
            began = time.perf_counter()
            published = publish(draft.pk, by=Actor.system(), now=now)
            spent = time.perf_counter() - began
            assert published.items == len(table.items), published.items
        finally:
            connection.close()
    return spent


# --- the workbook -----------------------------------------------------------------------------------------------------
def workbook(rows: int) -> bytes:
    """A table as counties write it: title, headings across the sheet, tasks merged downwards, several units a cell."""
    file, chance = BytesIO(), random.Random(rows)
    with xlsxwriter.Workbook(file) as book:
        sheet, cell = book.add_worksheet("责任分工"), book.add_format({"text_wrap": True, "border": 1})
        last = len(COLUMNS) - 1
        sheet.merge_range(0, 0, 0, last, TITLE, cell)
        sheet.write_row(1, 0, COLUMNS, cell)
        at = 2
        for task, first in enumerate(range(0, rows, ITEMS_A_TASK)):
            if task % TASKS_A_SECTION == 0:
                sheet.merge_range(at, 0, at, last, f"{chinese(task // TASKS_A_SECTION + 1)}、重点工程", cell)
                at += 1
            items = min(ITEMS_A_TASK, rows - first)
            for item in range(items):
                sheet.write_row(at + item, 1, [f"{item + 1}.{text(chance)}", *cells(chance)], cell)
            sheet.merge_range(at, 0, at + items - 1, 0, f"{task + 1}.{chance.choice(SUBJECT)}", cell)
            at += items
    return file.getvalue()


def text(chance: random.Random) -> str:
    return f"{chance.choice(WORK)}{chance.choice(SUBJECT)}{chance.choice(GOAL).format(chance.randint(3, 95))}。"


def cells(chance: random.Random) -> list[str]:
    """牵头单位 to 备注."""
    leads, supports = (chance.sample(UNITS, count) for count in (chance.choice((1, 1, 1, 2)), chance.randint(0, 6)))
    separator = chance.choice(("、", "\n"))
    phone = f"0952-60{chance.randint(10000, 99999)}"
    note = chance.choice(("", "", "", "列入年度考核"))
    return ["\n".join(leads), "某某某", separator.join(supports), chance.choice(DEADLINES), phone, note]


def chinese(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    signs = " 一二三四五六七八九"
    return f"{signs[tens] if tens > 1 else ''}{'十' if tens else ''}{signs[ones]}".strip()


if __name__ == "__main__":
    main()
