"""Turns every round whose last day has passed, and resumes what was suspended up to it."""

import json
import time
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import clock, turning
from workflow.management.commands.sweep import moment_of


class Command(BaseCommand):
    help = "Renews or lapses the rounds that ended by now, or by another moment, and ends suspensions; once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="ISO-8601", help="that moment; without a zone it is local time")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = clock.now() if options["as_of"] is None else moment_of(options["as_of"])
        if settings.PRODUCTION and as_of > timezone.now():
            raise CommandError(_("--as-of 不能晚于现在：正式环境只按真实时间转期。"), returncode=2)
        started = time.monotonic()
        turned = turning.turn_rounds(now=as_of)
        seconds = round(time.monotonic() - started, 3)
        if options["format"] == "json":
            said = {"as_of": timezone.localtime(as_of).isoformat(), **asdict(turned), "seconds": seconds}
            self.stdout.write(json.dumps(said))
            return
        words = {"when": f"{timezone.localtime(as_of):%Y-%m-%d %H:%M}", "seconds": seconds}
        words["done"] = turning.in_words(turned) or _("没有到期的")
        self.stdout.write(_("按 %(when)s：%(done)s，用时 %(seconds).2f 秒。") % words)
