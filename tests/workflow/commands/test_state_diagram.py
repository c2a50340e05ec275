from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def test_the_page_in_docs_is_what_the_declaration_says() -> None:
    printed = StringIO()
    call_command("state_diagram", stdout=printed)
    assert (Path(settings.BASE_DIR) / "docs/states.md").read_text(encoding="utf-8") == printed.getvalue()
