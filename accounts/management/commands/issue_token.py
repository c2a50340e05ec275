from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.models import User

MOST_DAYS = 366


class Command(BaseCommand):
    help = "Prints a new bearer token of USERNAME for the API, once, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=90, help="how long it is valid, default 90")

    def handle(self, *args: Any, username: str, days: int, **options: Any) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(_("有效天数应在 1 到 %(most)s 之间。") % {"most": MOST_DAYS}, returncode=2)
        user = User.objects.filter(username__iexact=username.strip(), is_active=True).first()
        if user is None:
            raise CommandError(_("没有账号“%(username)s”，或者已停用。") % {"username": username}, returncode=2)
        self.stdout.write(tokens.issue(user, days=days, now=timezone.now()))
