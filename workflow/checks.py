"""What must not be set up wrongly: Django refuses to start on these."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def evidence_is_not_public(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Evidence is served by a view that asks who is there; below a folder of static files anybody could fetch it."""
    folder = Path(settings.EVIDENCE_DIR)
    if not folder.is_absolute():
        return [Error("EVIDENCE_DIR must be an absolute path.", id="workflow.E001")]
    return [
        Error(f"EVIDENCE_DIR lies in {public}, which is served to everybody.", id="workflow.E002")
        for public in _public_folders()
        if folder.resolve().is_relative_to(public.resolve())
    ]


def _public_folders() -> Iterator[Path]:
    named = [settings.STATIC_ROOT, settings.MEDIA_ROOT, getattr(settings, "WHITENOISE_ROOT", None)]
    yield from (Path(folder) for folder in named if folder)
    for folder in settings.STATICFILES_DIRS:
        yield Path(folder[1] if isinstance(folder, (list, tuple)) else folder)
    yield from (Path(app.path) / "static" for app in apps.get_app_configs())
