import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import people
from accounts.models import ADMINISTRATORS, Post, Region, Role, Unit, User

USERNAMES = {Role.SYSTEM_ADMIN: "sysadmin", Role.SECURITY_ADMIN: "secadmin", Role.AUDIT_ADMIN: "auditadmin"}


class Command(BaseCommand):
    help = "Creates the three administrators of a new installation and prints a one-time password for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--region", metavar="CODE", help="code of the region, made if there is none")
        parser.add_argument("--region-name", metavar="NAME")
        parser.add_argument("--unit", metavar="NAME", help="the unit the three work in, made if there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        if Post.objects.current().filter(role__in=ADMINISTRATORS).exists():
            raise CommandError(_("已经有管理员了，请由系统管理员在账号管理里办理。"), returncode=1)
        if taken := User.objects.filter(username__in=USERNAMES.values()).values_list("username", flat=True).first():
            raise CommandError(_("账号“%(username)s”已被占用，请先改名。") % {"username": taken}, returncode=1)
        only = Region.objects.first()
        code = options["region"] or ask(_("行政区划代码"), only.code if only else "000000")
        known = Region.objects.filter(code=code).first()
        name = options["region_name"] or (known.name if known else ask(_("地区名称"), _("本县")))
        unit_name = options["unit"] or ask(_("三员所在单位"), _("信息中心"))
        names = {role: (username, ask(str(role.label), str(role.label))) for role, username in USERNAMES.items()}
        with transaction.atomic():
            region, _made = Region.objects.get_or_create(code=code, defaults={"name": name})
            unit, _made = Unit.objects.get_or_create(
                region=region, name=unit_name, defaults={"full_name": unit_name, "kind": Unit.Kind.GOVERNMENT}
            )
            passwords = people.make_administrators(unit, names)
        for role, (username, person) in names.items():
            self.stdout.write(f"{username}\t{passwords[username]}\t{person}（{role.label}）")
        self.stderr.write(_("密码只显示这一次，首次登录须改。三个账号应交给三个人。"))


def ask(what: str, default: str) -> str:
    """Asked only where somebody can answer."""
    if not sys.stdin.isatty():
        return str(default)
    return input(f"{what}（{default}）：").strip() or str(default)
