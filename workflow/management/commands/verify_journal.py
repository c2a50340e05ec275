import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from workflow import queries
from workflow.models import Plan

BROKEN, UNUSABLE_INPUT = 1, 2


class Command(BaseCommand):
    help = "Recomputes every journal chain and names the first broken entry of each; exit 1 if one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", type=int, metavar="ID", help="one plan only")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] is not None and not Plan.objects.filter(pk=options["plan"]).exists():
            raise CommandError(_("没有编号为 %(plan)s 的方案。") % {"plan": options["plan"]}, returncode=UNUSABLE_INPUT)
        checked = queries.verify_journal(options["plan"])
        if options["format"] == "json":
            self.stdout.write(json.dumps({"entries": checked.entries, "broken": checked.broken}, ensure_ascii=False))
        else:
            self.stdout.write(_("校验了 %(n)s 条流程记录。") % {"n": checked.entries})
        if checked.broken:
            line = _("子项 %(sub_item)s 第 %(seq)s 条：%(problem)s")
            raise CommandError("\n".join(line % found for found in checked.broken), returncode=BROKEN)
