"""Bearer tokens of the API: shown once, kept as SHA-256, with the rights of their person."""

import hashlib
import secrets
from datetime import datetime, timedelta

from accounts.models import ApiToken, User


def issue(user: User, *, days: int, now: datetime) -> str:
    """A new token, valid for `days` from `now`; this is the only time its words are known."""
    words = f"luoshi_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, digest=digest(words), issued_at=now, expires_at=now + timedelta(days=days))
    return words


def holder_of(words: str, *, now: datetime) -> User | None:
    """The active person a token belongs to; None if it is unknown, expired or revoked."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(words), expires_at__gt=now, revoked_at=None, user__is_active=True)
        .first()
    )
    return token.user if token else None


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
