"""`issue_token USERNAME`: the token and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User


def test_token_is_all_that_is_printed(officer: User) -> None:
    out = StringIO()
    call_command("issue_token", "majianjun", "--days", "3", stdout=out)
    (words,) = out.getvalue().splitlines()
    now = timezone.now()
    assert tokens.holder_of(words, now=now) == officer
    assert tokens.holder_of(words, now=now + timedelta(days=3)) is None


def test_token_is_good_for_ninety_days(officer: User) -> None:
    call_command("issue_token", "majianjun", stdout=StringIO())
    token = ApiToken.objects.get()
    assert token.expires_at - token.issued_at == timedelta(days=90)


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["nobody"], "没有账号“nobody”，或者已停用。"),
        (["stopped"], "没有账号“stopped”，或者已停用。"),
        (["majianjun", "--days", "0"], "有效天数应在 1 到 366 之间。"),
    ],
)
def test_bad_input_exits_two_with_a_sentence(officer: User, arguments: list[str], sentence: str) -> None:
    User.objects.create(username="stopped", name="停", is_active=False)
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("issue_token", *arguments, stdout=out)
    assert (refusal.value.returncode, str(refusal.value), out.getvalue()) == (2, sentence, "")
    assert not ApiToken.objects.exists()
