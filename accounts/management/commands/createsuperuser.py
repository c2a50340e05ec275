from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "There is no superuser here; first_admins creates the three administrators."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("本系统没有超级用户；三名管理员用 first_admins 建立。", returncode=2)
