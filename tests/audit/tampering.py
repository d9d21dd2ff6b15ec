"""What the attacker of these tests does to the database, and how the integrity check answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article
from core.db import triggers
from core.db.page_addresses import every_address
from tests.conftest import ALL_GUARDS


@contextmanager
def unguarded() -> Iterator[None]:
    """Remove our guards from the database during the block, and the triggers that record addresses."""
    connection.check_constraints()  # PostgreSQL alters no table that still has pending deferred checks
    in_the_way = [*ALL_GUARDS, *every_address()]
    triggers.remove(in_the_way, connection)
    try:
        yield
    finally:
        connection.check_constraints()
        triggers.install(in_the_way, connection)


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


@contextmanager
def without_constraints(table: str) -> Iterator[None]:
    """Run the block without the rules of a table, other than triggers, that would refuse what the attacker writes.

    On SQLite they come back at the end of the block, on PostgreSQL when the test's transaction is rolled back.
    """
    connection.check_constraints()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            try:
                yield
            finally:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'x')", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield


def check(capsys) -> tuple[list[str], str]:
    """Run the command on a tampered site; return the lines that it wrote and the error that ended it."""
    with pytest.raises(CommandError) as ended:
        call_command("check_integrity")
    return capsys.readouterr().out.splitlines(), str(ended.value)


def names(line: str, article: Article) -> bool:
    return "Tampered with" in line and article.slug in line


def tells(lines: list[str], article: Article, words: str) -> bool:
    """Return whether a line that names the article has these words, and no line speaks of anything else.

    The sealed log, which says otherwise than changed rows, names the entry instead of the article.
    """
    of_rows = [line for line in lines if not line.startswith("sealed log")]
    return all(article.slug in line for line in of_rows) and any(
        names(line, article) and words in line for line in of_rows
    )
