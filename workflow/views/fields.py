"""A field of a form, as partials/field.html shows it."""

from typing import Any

LONGEST = 5000  # characters of a text, as the actions take them


def field(
    name: str, label: str, kind: str, *, required: bool = False, value: Any = None, **more: Any
) -> dict[str, Any]:
    return {"name": name, "label": label, "kind": kind, "required": required, "value": value, **more}
