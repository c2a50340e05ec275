"""Two ways in: a bearer token, or the session of the pages with its CSRF token. Both put the actor on the request."""

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from accounts import tokens
from accounts.actor import Actor
from accounts.models import User
from workflow.api.problems import CsrfMissing


class ApiRequest(HttpRequest):
    """A request that was let in."""

    actor: Actor


class BearerToken(HttpBearer):
    """A token acts for its person here and opens nothing else: `request.user` stays what the session says."""

    def authenticate(self, request: HttpRequest, token: str) -> User:
        user = tokens.holder_of(token, now=timezone.now())  # real time: it guards a real door
        if user is None:
            raise AuthenticationError  # and no second chance by session for who shows a bad token
        request.actor = Actor.of(user)  # type: ignore[attr-defined]
        return user


class PageSession(APIKeyCookie):
    """The session of the pages; ActorMiddleware has put the actor. Who is not logged in is told so before CSRF."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # ninja's own check answers 403 to who has no session at all

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        if not isinstance(request.user, User):
            return None
        try:
            refused = check_csrf(request)  # reads the form, if that is what came
        except (MultiPartParserError, SuspiciousOperation):
            refused = None  # unreadable: whoever reads the body says so in its turn
        if refused:
            raise CsrfMissing
        return request.user
