"""Letters by e-mail: what one delivery says, and the connection they go out over."""

import logging
import smtplib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import rendering
from notifications.models import Delivery, Message

CHANNEL = "email"
DIGEST_LINES = 200  # more than anyone reads in one letter; the inbox has them all
SUBJECT_LENGTH = 150
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """What goes out; `message_id` is the same each time a delivery is sent, so that a second copy can be recognised."""

    to: str
    subject: str
    body: str
    message_id: str


def compose(delivery: Delivery, messages: Sequence[Message]) -> Letter:
    """The letter of a delivery, in the installation's language; `messages` are those still unread, at least one."""
    with translation.override(settings.LANGUAGE_CODE):
        is_digest = delivery.key.startswith("digest:")
        subject, body = _digest(messages) if is_digest else _single(messages[0])
    subject = rendering.one_line(_("【落实】%(subject)s") % {"subject": subject})[:SUBJECT_LENGTH]
    return Letter(delivery.recipient.email, subject, body, message_id(delivery))


def message_id(delivery: Delivery) -> str:
    name = delivery.key.replace(":", ".")
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{name}.to.{delivery.recipient_id}@{host.encode('idna').decode().replace(':', '-')}>"


def _single(message: Message) -> tuple[str, str]:
    title = rendering.title(message)
    number = rendering.one_line(str(message.context.get("number", "")))
    words = {"title": title, "body": rendering.body(message), "url": _url(message), "site": settings.SITE_URL}
    return f"{number} {title}", render_to_string("notifications/letter.txt", words)


def _digest(messages: Sequence[Message]) -> tuple[str, str]:
    count = len(messages)
    words = {
        "groups": _groups(messages[:DIGEST_LINES]),
        "more": max(0, count - DIGEST_LINES),
        "site": settings.SITE_URL,
    }
    subject = ngettext("%(count)d 条消息", "%(count)d 条消息", count) % {"count": count}
    return subject, render_to_string("notifications/digest.txt", words)


def _groups(messages: Iterable[Message]) -> list[tuple[str, list[dict[str, str]]]]:
    """(name of the group, its lines) in the order of rendering.GROUPS, others last."""
    lines: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for message in messages:
        kind = message.kind if message.kind in rendering.GROUPS else ""
        line = {"title": rendering.title(message), "about": rendering.about(message), "url": _url(message)}
        lines[kind].append(line)
    names = {**rendering.GROUPS, "": rendering.OTHERS}
    return [(str(name), lines[kind]) for kind, name in names.items() if kind in lines]


def _url(message: Message) -> str:
    return f"{settings.SITE_URL}{message.link}" if message.link else ""


class Post:
    """One connection for many letters. Once the server cannot be reached, every further letter fails at once."""

    def __init__(self) -> None:
        self.unreachable = ""
        self._connection: Any = mail.get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._hang_up()

    def send(self, letter: Letter) -> str:
        """The problem, or an empty string once the server has taken the letter."""
        if not self.unreachable:
            try:
                self._connection.open()
            except (OSError, ValueError) as error:
                self.unreachable = problem_of(error)
        if self.unreachable:
            return self.unreachable
        try:
            self._connection.send_messages([_as_email(letter)])
        except (OSError, ValueError) as error:  # SMTPException is an OSError, a bad header a ValueError
            self._hang_up()  # what state the conversation is in nobody knows; the next letter opens a new one
            return problem_of(error)
        return ""

    def _hang_up(self) -> None:
        try:
            self._connection.close()
        except OSError:
            log.info("e-mail: the connection broke while it was closed")


def _as_email(letter: Letter) -> mail.EmailMessage:
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}
    return mail.EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers)


def problem_of(error: Exception) -> str:
    """An error in words fit to be stored and shown: one line, no password."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"SMTPAuthenticationError: {error.smtp_code}"  # some servers repeat what was sent to them
    said = rendering.one_line(f"{type(error).__name__}: {error}")
    return said.replace(settings.EMAIL_HOST_PASSWORD, "***") if settings.EMAIL_HOST_PASSWORD else said
