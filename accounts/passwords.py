"""Password complexity of 等保 2.0: at least three of upper case, lower case, digits and signs."""

import re
import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9]")


class ThreeKindsValidator:
    def validate(self, password: str, user: object = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("密码要含大写字母、小写字母、数字、符号中的至少三种。")


def one_time_password() -> str:
    """Random words to hand over on paper: no letter that looks like another, and always three kinds."""
    letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    while True:
        words = "-".join("".join(secrets.choice(letters) for _place in range(5)) for _group in range(3))
        if sum(bool(re.search(kind, words)) for kind in KINDS) == len(KINDS):
            return words
