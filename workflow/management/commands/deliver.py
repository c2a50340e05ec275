"""Sends what is due to be sent."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from notifications.delivery import deliver
from workflow import clock


class Command(BaseCommand):
    help = "Sends what is due to be sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        delivered = asdict(deliver(clock.now()))
        if options["format"] == "json":
            self.stdout.write(json.dumps(delivered))
        else:
            self.stdout.write(
                _("发出 %(sent)d 封，没有发出 %(failed)d 封，放弃 %(dead)d 封，待发 %(pending)d 封。") % delivered
            )
