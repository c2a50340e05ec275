"""`manage.py import_plan FILE`: read a responsibility table; with --check only say what was understood."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow import tables
from workflow.states import DeadlineKind
from workflow.tables import Item, Table

FOUND_WANTING = 1
UNUSABLE_INPUT = 2


class Command(BaseCommand):
    """Exit 0 done, however many warnings; 2 for a file that is no table: one sentence, nothing written."""

    help = "读取责任分工表；加 --check 只检查、不写入，也不需要数据库。"
    # --check must work before there is a database, or any working installation.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="责任分工表（docx、xlsx、csv 或纯文本）")
        parser.add_argument("--check", action="store_true", help="只检查，不写入，不需要数据库")
        parser.add_argument("--publish", action="store_true", help="导入后立即发布")
        parser.add_argument("--region", metavar="CODE", help="行政区划代码")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式，默认 text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = _bytes_of(options["file"])
            table = tables.read(data, filename=options["file"])
        except tables.Unreadable as reason:
            raise CommandError(reason.sentence, returncode=UNUSABLE_INPUT) from reason
        if options["format"] == "json":
            self.stdout.write(json.dumps(table.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_summary(table)))
        if options["check"]:
            return
        document = (options["file"], data)
        _store(table, document, code=options["region"], publish=options["publish"], say=self.stderr.write)


def _store(
    table: Table, document: tuple[str, bytes], *, code: str | None, publish: bool, say: Callable[[str], object]
) -> None:
    """Keep the table as a draft plan, and publish it if asked; what cannot be published is not kept either."""
    # Late: --check must work without a database, models included.
    from accounts.actor import Actor
    from workflow import clock
    from workflow.actions import drafts, plans
    from workflow.errors import WorkflowError

    now, system = clock.now(), Actor.system()
    try:
        region = _region(code)
        if publish and (problems := plans.publishing_problems(table, region)):
            raise CommandError("\n".join(problems), returncode=FOUND_WANTING)
        if same := plans.published_as(table.title, region):
            say(f"请注意：本地区已有同名方案在办，编号 {same.pk}。")
        plan = drafts.start(table, region=region, by=system, now=now, document=document)
        if not publish:
            say(f"已存为草稿，编号 {plan.pk}。")
            return
        published = plans.publish(plan.pk, by=system, now=now)
    except WorkflowError as refusal:
        raise CommandError(str(refusal), returncode=FOUND_WANTING) from None
    say(f"已发布，编号 {plan.pk}，共 {published.items} 个子项。")
    if published.passed:
        say(f"这些子项的完成时限已过，时限不变，催办从今天算起：{'、'.join(published.passed)}。")


def _region(code: str | None) -> Any:
    """The region of that code, or the only one there is. Raises CommandError."""
    from accounts.models import Region  # late, as in _store

    regions = list(Region.objects.filter(code=code) if code else Region.objects.all()[:2])
    if len(regions) == 1:
        return regions[0]
    if code:
        raise CommandError(f"没有行政区划代码为“{code}”的地区。", returncode=UNUSABLE_INPUT)
    raise CommandError(
        "请用 --region 写明行政区划代码。" if regions else "还没有地区，请先建立地区和单位。", returncode=UNUSABLE_INPUT
    )


def _bytes_of(file: str) -> bytes:
    """The file's bytes, no more than can be a table. Raises CommandError with one sentence."""
    try:
        with Path(file).open("rb") as opened:
            return opened.read(tables.LARGEST + 1)
    except (OSError, ValueError) as problem:  # ValueError: a NUL byte in the name
        name = file.encode("utf-8", "replace").decode()
        raise CommandError(f"打不开文件“{name}”，请确认文件存在并且可以读取。", returncode=UNUSABLE_INPUT) from problem


def _summary(table: Table) -> Iterator[str]:
    """What was understood, for somebody who sees the software for the first time."""
    items = table.items
    leads = {unit for item in items for unit in item.leads}
    units = leads | {unit for item in items for unit in item.supports}
    sections = Counter(_heading(item) for item in items)
    tasks = {(_heading(item), item.task_no, item.task) for item in items}
    yield f"《{table.title}》"
    yield f"共{len(sections)}个部分、{len(tasks)}项任务、{len(items)}个子项。"
    yield f"涉及{len(units)}个单位，其中{len(leads)}个牵头。"
    yield from (
        "",
        "各部分：",
        *(f"  {heading or '（未分部分）'}：{count}个子项" for heading, count in sections.items()),
    )
    yield from ("", "完成时限：", *_deadlines(items))
    yield from ("", *_besides(table))
    if table.warnings:
        yield f"有{len(table.warnings)}处需要核对："
        yield from (f"  {at}. {warning.message}" for at, warning in enumerate(table.warnings, start=1))
    else:
        yield "没有发现需要核对的地方。"


def _besides(table: Table) -> Iterator[str]:
    """The rows that are no tasks, and the numbers that could be measured."""
    if kinds := Counter(row.kind for row in table.other_rows):
        counted = "、".join(f"{kind.label}{count}行" for kind, count in kinds.items())
        yield f"没有作为任务读入：{counted}。"
    if targets := [target for item in table.items for target in item.targets]:
        yield f"正文里可以作指标的数字：{len(targets)}处。"


def _heading(item: Item) -> str:
    return "、".join(filter(None, (item.section_no, item.section)))


def _deadlines(items: tuple[Item, ...]) -> Iterator[str]:
    """Each printed deadline with what it was understood to mean."""
    for (raw, deadline), count in Counter((item.deadline_raw, item.deadline) for item in items).most_common():
        printed = " ".join(raw.split()) or "（空白）"
        days = " 至 ".join(day.isoformat() for day in (deadline.start_on, deadline.due_on) if day)
        rounds = f"分期办理（{deadline.freq.label}）" if deadline.freq else ""
        meaning = days if deadline.kind in (DeadlineKind.DATE, DeadlineKind.RANGE) else rounds or "读不出，需人工明确"
        yield f"  {printed}：{count}个子项，{meaning}"
