"""A field of a form, as partials/field.html shows it."""

from typing import Any

from django.utils.translation import gettext as _

LONGEST = 5000  # characters of a text, as the actions take them


def file_field() -> dict[str, Any]:
    """One or several files at once."""
    hint = _("PDF、Word、Excel、PPT、OFD、图片、文本，可以一次选多份。")
    return field("file", _("材料"), "file", required=True, hint=hint, multiple=True)


def field(
    name: str, label: str, kind: str, *, required: bool = False, value: Any = None, **more: Any
) -> dict[str, Any]:
    return {"name": name, "label": label, "kind": kind, "required": required, "value": value, **more}
