"""Gives the role that web and worker log in with what they need, and not the means to rewrite history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from workflow.models.triggers import TABLE

STATEMENTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # Owning no table, the role cannot lift the triggers either.
    "REVOKE UPDATE, DELETE, TRUNCATE ON {journal} FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)


class Command(BaseCommand):
    help = "Grants ROLE its rights on every table; run it as the owner after every migrate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles; DATABASE_URL names another database.", returncode=2)
        names = {"role": sql.Identifier(role), "journal": sql.Identifier(TABLE)}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in STATEMENTS:
                    cursor.execute(sql.SQL(statement).format(**names))
        except DatabaseError as error:
            raise CommandError(
                f"The rights of {role} stay as they were: {str(error).splitlines()[0]}", returncode=2
            ) from None
        self.stdout.write(f"{role} may read and write, and may only add to {TABLE}.")
