"""Functions that compare the triggers of a database with those that the apps declare, and install or remove them.

There are four kinds of rules: `core.db.guards` refuse a change, `core.db.derived_columns` compute columns and indexes
from other rows, `core.db.page_addresses` record old addresses, and `core.db.watched_tables` record changes to what
readers see. An app lists its rules as `guards`, `derived_columns`, `page_addresses` and `watched_tables` of its
AppConfig. The command `migrate` (core/management/commands/migrate.py) removes all of the project's triggers before the
first migration and installs them after the last one.

Every trigger whose name begins with `PREFIX` belongs to the project: if no rule declares it, the next `migrate` removes
it. Other triggers, such as those of a database administrator, are left alone.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal, Protocol

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Operation = Literal["INSERT", "UPDATE", "DELETE"]

PREFIX = "betterment_"
# Older triggers have no PREFIX: those of watched tables begin with this, and the others with the name of their rule.
UNPREFIXED_SHOWN = "shown_"


@dataclass(frozen=True)
class Function:
    """A PL/pgSQL function of the project. `body` is its source exactly as PostgreSQL stores it."""

    name: str
    body: str
    arguments: str = ""
    returns: str = "trigger"

    def create_sql(self) -> str:
        """Return the statement that creates or replaces the function."""
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}({self.arguments}) RETURNS {self.returns} "
            f"LANGUAGE plpgsql AS $body${self.body}$body$"
        )


@dataclass(frozen=True)
class Trigger:
    """A trigger for one kind of database.

    `sql` is the statement that creates the trigger, written exactly as the database reports it, so that the two can be
    compared. PostgreSQL rewrites the condition of a trigger, so on PostgreSQL the condition is part of the function.
    `functions` are the PL/pgSQL functions that the trigger needs; it calls the first of them.
    """

    name: str
    table: str
    sql: str
    functions: tuple[Function, ...] = ()


class Rule(Protocol):
    """The interface of the four kinds of rules."""

    @property
    def name(self) -> str:
        """Return the unique name of the rule, which is used in messages."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables that must exist before the triggers of the rule are created.

        These are the tables that have a trigger and the tables that a trigger writes to.
        """

    def triggers(self, vendor: str) -> list[Trigger]:
        """Return the triggers of the rule for this kind of database, or an empty list if it needs none."""

    def catch_up(self, vendor: str) -> list[str]:
        """Return the statements to run after the triggers of the rule have been missing."""


@dataclass(frozen=True)
class InstalledTrigger:
    """A trigger found in a database; `is_on` says whether it is enabled.

    `function` is the name of the function that it calls, or "" on SQLite.
    """

    table: str
    sql: str
    function: str
    is_on: bool


def every_rule() -> list[Rule]:
    """Return the rules of all installed apps."""
    kinds = ("guards", "derived_columns", "page_addresses", "watched_tables")
    return [rule for config in apps.get_app_configs() for kind in kinds for rule in getattr(config, kind, ())]


def missing(rules: Iterable[Rule], connection: BaseDatabaseWrapper) -> list[str]:
    """Return the sorted names of the rules with a trigger that is missing, disabled or different.

    Makes two queries on PostgreSQL and one on SQLite.
    """
    installed, bodies = _installed(connection), _bodies(connection)
    return sorted({rule.name for rule in rules for one in _outdated(rule, connection.vendor, installed, bodies)})


def install(rules: Iterable[Rule], connection: BaseDatabaseWrapper) -> None:
    """Create those triggers of these rules that are missing, disabled or different.

    Raise DatabaseError if the database refuses one.
    """
    installed, bodies = _installed(connection), _bodies(connection)
    with _one_commit_on_sqlite(connection):
        for rule in rules:
            _create(_outdated(rule, connection.vendor, installed, bodies), connection)


def remove(rules: Iterable[Rule], connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers of these rules, for tests that tamper with rows.

    Raise DatabaseError if the database refuses.
    """
    names = {trigger.name for rule in rules for trigger in rule.triggers(connection.vendor)}
    _drop({name: one for name, one in _installed(connection).items() if name in names}, connection)


def remove_all(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger of the project, including those that no rule declares any more.

    Raise DatabaseError if the database refuses.
    """
    rest = _unprefixed(connection.vendor)
    _drop({name: one for name, one in _installed(connection).items() if _is_ours(name, one, rest)}, connection)


def install_all(connection: BaseDatabaseWrapper) -> list[str]:
    """Create every missing or outdated trigger whose tables exist, and run the `catch_up` statements of its rule.

    The project's triggers that no rule declares any more are removed. Return a line for each rule that the database
    refused; the others are installed. A rule is refused if it names a column that does not exist yet, as can happen
    while only some of the migrations are applied.
    """
    vendor, tables = connection.vendor, set(connection.introspection.table_names())
    rules = [rule for rule in every_rule() if tables.issuperset(rule.tables)]
    asked_for = {trigger.name for rule in rules for trigger in rule.triggers(vendor)}
    installed, bodies, rest = _installed(connection), _bodies(connection), _unprefixed(vendor)
    refused: list[str] = []
    done: set[str] = set()
    with _one_commit_on_sqlite(connection):
        stale = {name: one for name, one in installed.items() if name not in asked_for and _is_ours(name, one, rest)}
        _drop(stale, connection)
        for rule in rules:
            outdated = _outdated(rule, vendor, installed, bodies)
            if not outdated:
                continue
            try:
                with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                    _create(outdated, connection)
                    behind = [statement for statement in rule.catch_up(vendor) if statement not in done]
                    for statement in behind:
                        cursor.execute(statement)
            except DatabaseError as error:
                refused.append(f"{rule.name}: {str(error).strip().splitlines()[0]}")
                continue
            if vendor == "sqlite":  # in a single transaction, running a statement once is enough
                done.update(behind)
    return refused


def _outdated(rule: Rule, vendor: str, installed: dict[str, InstalledTrigger], bodies: dict[str, str]) -> list[Trigger]:
    return [
        trigger
        for trigger in rule.triggers(vendor)
        if trigger.name not in installed
        or not installed[trigger.name].is_on
        or installed[trigger.name].sql != trigger.sql
        or any(bodies.get(function.name) != function.body for function in trigger.functions)
    ]


def _create(triggers: Iterable[Trigger], connection: BaseDatabaseWrapper) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for trigger in triggers:
            on = f" ON {quote(trigger.table)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {quote(trigger.name)}{on}")
            for function in trigger.functions:
                cursor.execute(function.create_sql())
            cursor.execute(trigger.sql)


def _drop(triggers: dict[str, InstalledTrigger], connection: BaseDatabaseWrapper) -> None:
    quote, is_postgresql = connection.ops.quote_name, connection.vendor == "postgresql"
    with _one_commit_on_sqlite(connection), connection.cursor() as cursor:
        for name, one in triggers.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {quote(name)}{f' ON {quote(one.table)}' if is_postgresql else ''}")
        # Drop only functions named like their trigger: a function with another name may be called by other triggers.
        for name in {one.function for one in triggers.values()} & set(triggers):
            cursor.execute(f"DROP FUNCTION IF EXISTS {quote(name)}()")


def _one_commit_on_sqlite(connection: BaseDatabaseWrapper) -> AbstractContextManager[object]:
    """Return a context manager that opens a transaction on SQLite, and does nothing on PostgreSQL.

    SQLite waits for the disk at each commit, so one commit is faster. On PostgreSQL a single transaction would hold the
    locks of all tables until its end.
    """
    return transaction.atomic(using=connection.alias) if connection.vendor == "sqlite" else nullcontext()


def _is_ours(name: str, one: InstalledTrigger, unprefixed: set[str]) -> bool:
    if name.startswith(PREFIX):
        return True
    if name.startswith(UNPREFIXED_SHOWN):
        return f"{PREFIX}change" in one.sql  # the table that it writes to, or the function that it calls
    return name in unprefixed and one.function in ("", name, name.removesuffix("_all"))


def _unprefixed(vendor: str) -> set[str]:
    return {trigger.name.removeprefix(PREFIX) for rule in every_rule() for trigger in rule.triggers(vendor)}


def _installed(connection: BaseDatabaseWrapper) -> dict[str, InstalledTrigger]:
    """Return the triggers on the tables that are visible to this connection, by the name of the trigger."""
    query = (
        "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid, true), p.proname, t.tgenabled IN ('O', 'A') "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name, sql, '', 1 FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: InstalledTrigger(*rest) for name, *rest in cursor.fetchall()}


def _bodies(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the source of the project's functions on PostgreSQL by name, or an empty dict on SQLite."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE starts_with(proname, %s) AND pg_function_is_visible(oid)",
            [PREFIX],
        )
        return dict(cursor.fetchall())
