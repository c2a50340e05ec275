"""Raises every escalation due by a moment, once."""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import clock
from workflow.actions import escalations


class Command(BaseCommand):
    help = "Raises every escalation due by now, or by another moment, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="ISO-8601", help="that moment; without a zone it is local time")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = clock.now() if options["as_of"] is None else moment_of(options["as_of"])
        if settings.PRODUCTION and as_of > timezone.now():
            raise CommandError(_("--as-of 不能晚于现在：正式环境只按真实时间催办。"), returncode=2)
        started = time.monotonic()
        swept = escalations.sweep(now=as_of)
        seconds = round(time.monotonic() - started, 3)
        result = {"as_of": timezone.localtime(as_of).isoformat(), **asdict(swept), "seconds": seconds}
        if options["format"] == "json":
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(_words(as_of, result))


def moment_of(text: str) -> datetime:
    """Read ISO 8601; a day alone is its midnight, and without a zone it is local time. Raises CommandError."""
    try:
        moment = datetime.fromisoformat(text)
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        moment.astimezone(UTC)  # the ends of the calendar cannot be told in every zone
    except (ValueError, OverflowError):
        problem = _("--as-of 要写成 2021-11-22T09:00 这样的 ISO 8601 时间，读不懂“%(text)s”。")
        raise CommandError(problem % {"text": text}, returncode=2) from None
    return moment


def _words(as_of: datetime, result: dict[str, Any]) -> str:
    words = _("按 %(when)s：查看 %(examined)d 项，催办 %(raised)d 次，消息 %(messages)d 条，用时 %(seconds).2f 秒。")
    return words % {**result, "when": f"{timezone.localtime(as_of):%Y-%m-%d %H:%M}"}
