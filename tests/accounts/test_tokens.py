"""Bearer tokens: known once, valid for a while, revocable."""

from datetime import timedelta

from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User

NOW = timezone.now()


def test_token_belongs_to_its_person_until_it_expires(officer: User) -> None:
    words = tokens.issue(officer, days=2, now=NOW)
    assert tokens.holder_of(words, now=NOW) == officer
    assert tokens.holder_of(words, now=NOW + timedelta(days=2)) is None
    assert tokens.holder_of(words + "x", now=NOW) is None


def test_only_the_digest_is_kept(officer: User) -> None:
    words = tokens.issue(officer, days=1, now=NOW)
    assert ApiToken.objects.get().digest == tokens.digest(words) != words


def test_revoked_token_and_token_of_a_stopped_person_open_nothing(officer: User) -> None:
    words = tokens.issue(officer, days=1, now=NOW)
    ApiToken.objects.update(revoked_at=NOW)
    assert tokens.holder_of(words, now=NOW) is None
    ApiToken.objects.update(revoked_at=None)
    User.objects.update(is_active=False)
    assert tokens.holder_of(words, now=NOW) is None
