"""Rules that the database itself keeps: triggers, the same ones on SQLite and PostgreSQL.

A room lists its `Guard`s in its `guards.py`; they are installed anew after every `migrate`, because SQLite
loses a table's triggers whenever a migration rebuilds that table.

A guard's condition is SQL that both databases read alike. It may use OLD and NEW and sub-queries. The
operation is refused where the condition is true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

Operation = Literal["INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True)
class Guard:
    """Refuse `operation` on a row of `table` where `condition` holds, with `message` (no quotes in it)."""

    name: str
    table: str
    operation: Operation
    message: str
    condition: str = ""
    vendors: tuple[str, ...] = ("sqlite", "postgresql")

    def create_sql(self, vendor: str) -> list[str]:
        """The statements that put the guard in place on a database where it is absent."""
        if vendor == "postgresql":
            row = "OLD" if self.operation == "DELETE" else "NEW"
            condition = self.condition or "TRUE"
            statements = [
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
                f"BEGIN IF {condition} THEN "
                f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; "
                f"END IF; RETURN {row}; END $guard$",
                f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table} "
                f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
            ]
            if self.operation == "DELETE":  # TRUNCATE deletes every row and fires no trigger of a row
                statements.append(
                    f"CREATE TRIGGER {self.name}_all BEFORE TRUNCATE ON {self.table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {self.name}()"
                )
            return statements
        when = f"WHEN {self.condition} " if self.condition else ""
        return [
            f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        """The statements that take the guard away, whether or not it is there."""
        if vendor == "postgresql":
            return [
                f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
                f"DROP TRIGGER IF EXISTS {self.name}_all ON {self.table}",
                f"DROP FUNCTION IF EXISTS {self.name}()",
            ]
        return [f"DROP TRIGGER IF EXISTS {self.name}"]


def append_only(table: str, what: str) -> tuple[Guard, Guard]:
    """The two guards of a table whose rows are written once: no UPDATE, no DELETE."""
    return (
        Guard(f"{table}_no_update", table, "UPDATE", f"{what} is never changed"),
        never_deleted(table, what),
    )


def never_deleted(table: str, what: str) -> Guard:
    """The guard of a table whose rows may be completed but stay for good."""
    return Guard(f"{table}_no_delete", table, "DELETE", f"{what} is never deleted")


def column_fixed(table: str, columns: Iterable[str], what: str) -> Guard:
    """The guard of columns that keep what they were first given (NULL counts as a value)."""
    changed = " OR ".join(
        f"(OLD.{column} <> NEW.{column} OR (OLD.{column} IS NULL) <> (NEW.{column} IS NULL))" for column in columns
    )
    return Guard(f"{table}_fixed", table, "UPDATE", f"{what} is never changed", changed)


def install(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> None:
    """Put the guards in place, replacing older ones of the same name."""
    with connection.cursor() as cursor:
        for guard in guards:
            for statement in guard.drop_sql(connection.vendor):
                cursor.execute(statement)
            if connection.vendor in guard.vendors:
                for statement in guard.create_sql(connection.vendor):
                    cursor.execute(statement)


def remove(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> None:
    """Take the guards away. Only a test that empties tables between two runs has a use for it."""
    with connection.cursor() as cursor:
        for guard in guards:
            for statement in guard.drop_sql(connection.vendor):
                cursor.execute(statement)


def triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that stand in this database and are not switched off."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def missing(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> list[str]:
    """The names of guards that should stand in this database and do not."""
    present = triggers(connection)
    return sorted(guard.name for guard in guards if connection.vendor in guard.vendors and guard.name not in present)


def install_after_migrate(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Receiver of `post_migrate`: installs `sender.guards` where the app's tables exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    install((guard for guard in sender.guards if guard.table in tables), connection)
