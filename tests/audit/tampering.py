"""What the attacker of these tests does to the database, and how the integrity check answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article
from core.db import triggers
from tests.conftest import ALL_GUARDS


@contextmanager
def unguarded() -> Iterator[None]:
    """Remove our guards from the database during the block."""
    connection.check_constraints()  # PostgreSQL alters no table that still has pending deferred checks
    triggers.remove(ALL_GUARDS, connection)
    try:
        yield
    finally:
        connection.check_constraints()
        triggers.install(ALL_GUARDS, connection)


def tamper(statement: str, *values: object) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


@contextmanager
def unchecked(table: str, constraint: str) -> Iterator[None]:
    """The table without this check: on PostgreSQL until the test ends, on SQLite with no check on any table."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
            yield
            return
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def check(capsys) -> tuple[list[str], str]:
    """Run the command on a tampered site; return the lines that it wrote and the error that ended it."""
    with pytest.raises(CommandError) as ended:
        call_command("check_integrity")
    return capsys.readouterr().out.splitlines(), str(ended.value)


def names(line: str, article: Article) -> bool:
    return "Tampered with" in line and article.slug in line
