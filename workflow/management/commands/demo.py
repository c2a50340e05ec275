from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import clock, demo


class Command(BaseCommand):
    help = "Loads 平罗县: region, units, invented people, rules, calendar; publishes the plan. The demo only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing when there is nothing to do")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("演示数据只能装进演示环境，正式环境不装。"), returncode=2)
        if demo.is_loaded():
            if not options["quiet"]:
                self.stdout.write(_("演示数据已经装好，没有改动。"))
            return
        clock.start_demo(timezone.now())
        now = clock.now()
        published = demo.publish_plan(demo.load_county(), now=now)
        words = {"items": published.items, "today": timezone.localdate(now)}
        self.stdout.write(_("已发布平罗县责任分工，共 %(items)s 项；演示的今天是 %(today)s。") % words)
