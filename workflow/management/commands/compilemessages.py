"""In place of Django's own: compiles the catalogues with Babel, so that no gettext tools are needed."""

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles every *.po of this project that is newer than its *.mo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        ours = [Path(app.path) / "locale" for app in apps.get_app_configs()]
        folders = [
            *map(Path, settings.LOCALE_PATHS),
            *(path for path in ours if path.is_relative_to(settings.BASE_DIR)),
        ]
        for source in (po for folder in folders for po in folder.glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if ".venv" in source.parts or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
                continue
            with source.open("rb") as file:
                catalogue = read_po(file)
            fresh = target.with_suffix(".mo.new")
            with fresh.open("wb") as file:
                write_mo(file, catalogue)
            os.replace(fresh, target)  # a running server never reads half a catalogue
