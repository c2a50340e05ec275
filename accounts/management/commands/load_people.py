import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts import people
from accounts.models import Region
from accounts.people_rows import Row, Unreadable, read_people


class Command(BaseCommand):
    help = "Creates and changes people and posts from a CSV or xlsx list; deletes nothing; all rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="账号,姓名,单位,角色,电话,邮箱; one row a post")
        parser.add_argument("--check", action="store_true", help="write nothing")
        parser.add_argument("--region", metavar="CODE", help="default: the only region")
        parser.add_argument("--passwords", action="store_true", help="print a one-time password for each new person")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, file: str, check: bool, passwords: bool, format: str, **options: Any) -> None:
        loaded = people.load_people(region_of(options["region"]), rows_of(file), check=check, passwords=passwords)
        if format == "json":
            self.stdout.write(json.dumps(as_json(loaded), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines(loaded, check=check)))
        if loaded.problems:
            raise CommandError(
                _("有 %(count)s 处问题，没有写入任何内容。") % {"count": len(loaded.problems)}, returncode=1
            )


def rows_of(file: str) -> list[Row]:
    try:
        return read_people(Path(file).read_bytes())
    except OSError as error:
        raise CommandError(
            _("读不了 %(file)s：%(why)s") % {"file": file, "why": error.strerror}, returncode=2
        ) from None
    except Unreadable as refusal:
        raise CommandError(str(refusal), returncode=2) from None


def region_of(code: str | None) -> Region:
    regions = list(Region.objects.filter(code=code) if code else Region.objects.all()[:2])
    if len(regions) == 1:
        return regions[0]
    if code:
        raise CommandError(_("没有行政区划代码为 %(code)s 的地区。") % {"code": code}, returncode=2)
    raise CommandError(_("请用 --region 写明是哪个地区。"), returncode=2)


def as_json(loaded: people.Loaded) -> dict[str, Any]:
    words = asdict(loaded)
    return words if loaded.passwords else {name: words[name] for name in ("created", "changed", "problems")}


def lines(loaded: people.Loaded, *, check: bool) -> list[str]:
    if loaded.problems:
        return [_("第 %(row)s 行：%(problem)s") % asdict(problem) for problem in loaded.problems]
    said = (
        _("将新建 %(created)s 人，改动 %(changed)s 人。")
        if check
        else _("已新建 %(created)s 人，改动 %(changed)s 人。")
    )
    counts = {"created": loaded.created, "changed": loaded.changed}
    return [said % counts, *(f"{username}\t{password}" for username, password in loaded.passwords.items())]
