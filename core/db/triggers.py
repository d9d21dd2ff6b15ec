"""The triggers that belong to the project: which of them a database should have, and which it has.

Rules are kept by triggers of three kinds: `core.db.guards` refuse a change, `core.db.derived_columns` fills columns and
indexes out of other rows, `pagecache.site_version` notes what readers' pages show. An app lists its rules as `guards`,
`upkeep` and `shown` of its app configuration. The command `migrate` (core/management/commands/migrate.py) takes
all of the project's triggers away before the first migration and puts them back after the last one.

Whatever in the database has a name that begins with `PREFIX` is the project's: a trigger of that kind that no rule asks
for goes with the next `migrate`. Triggers of other names, a database administrator's for instance, are left alone.
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
# Until triggers had the prefix, they were called by the rest of their names, and those of `shown` by this.
UNPREFIXED_SHOWN = "shown_"


@dataclass(frozen=True)
class Function:
    """A PL/pgSQL function of the project. `body` is what PostgreSQL keeps of it, letter for letter."""

    name: str
    body: str
    arguments: str = ""
    returns: str = "trigger"

    def create_sql(self) -> str:
        """The statement that makes the function or replaces it."""
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}({self.arguments}) RETURNS {self.returns} "
            f"LANGUAGE plpgsql AS $body${self.body}$body$"
        )


@dataclass(frozen=True)
class Trigger:
    """One trigger of one database.

    `sql` creates it, in the words in which that database gives it back, so that the two can be compared: conditions
    stand in the function on PostgreSQL, because it rewrites those of a trigger. `functions` are those that it needs
    there; the first of them is the one that it calls.
    """

    name: str
    table: str
    sql: str
    functions: tuple[Function, ...] = ()


class Rule(Protocol):
    """What a guard, an upkeep and a shown table have in common."""

    @property
    def name(self) -> str:
        """What the rule is called in messages; unlike any other's."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables without which its triggers are not made: theirs, and what they keep up to date."""

    def triggers(self, vendor: str) -> list[Trigger]:
        """The triggers that keep it on a database of this kind; none where it is kept otherwise."""

    def catch_up(self, vendor: str) -> list[str]:
        """The statements that make good what its triggers missed while they were away."""


@dataclass(frozen=True)
class InstalledTrigger:
    """A trigger that a database has. `function` is the one that it calls, empty on SQLite."""

    table: str
    sql: str
    function: str
    is_on: bool


def every_rule() -> list[Rule]:
    """The rules of all installed apps."""
    kinds = ("guards", "derived_columns", "watched_tables")
    return [rule for config in apps.get_app_configs() for kind in kinds for rule in getattr(config, kind, ())]


def missing(rules: Iterable[Rule], connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the rules that this database does not keep, in order.

    A rule counts as missing where one of its triggers is absent, switched off or defined otherwise. Two queries.
    """
    standing, bodies = _standing(connection), _bodies(connection)
    return sorted({rule.name for rule in rules for one in _wanting(rule, connection.vendor, standing, bodies)})


def install(rules: Iterable[Rule], connection: BaseDatabaseWrapper) -> None:
    """Make the triggers of these rules where they are missing. Raises what the database raises."""
    standing, bodies = _standing(connection), _bodies(connection)
    with _one_commit_on_sqlite(connection):
        for rule in rules:
            _make(_wanting(rule, connection.vendor, standing, bodies), connection)


def remove(rules: Iterable[Rule], connection: BaseDatabaseWrapper) -> None:
    """Take the triggers of these rules away, for a test that tampers with rows. Raises what the database raises."""
    names = {trigger.name for rule in rules for trigger in rule.triggers(connection.vendor)}
    _drop({name: one for name, one in _standing(connection).items() if name in names}, connection)


def remove_all(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger of the project away, whether or not a rule still asks for it."""
    rest = _unprefixed(connection.vendor)
    _drop({name: one for name, one in _standing(connection).items() if _is_ours(name, one, rest)}, connection)


def install_all(connection: BaseDatabaseWrapper) -> list[str]:
    """Make every trigger that is missing, wherever its tables are, and let it catch up with what it missed.

    Triggers of the project that no rule asks for go. Returns a line for each rule that the database refused, as it
    does between two versions, where a column that the rule fills is yet to come; the others stand all the same.
    """
    vendor, tables = connection.vendor, set(connection.introspection.table_names())
    rules = [rule for rule in every_rule() if tables.issuperset(rule.tables)]
    asked_for = {trigger.name for rule in rules for trigger in rule.triggers(vendor)}
    standing, bodies, rest = _standing(connection), _bodies(connection), _unprefixed(vendor)
    refused: list[str] = []
    done: set[str] = set()
    with _one_commit_on_sqlite(connection):
        stale = {name: one for name, one in standing.items() if name not in asked_for and _is_ours(name, one, rest)}
        _drop(stale, connection)
        for rule in rules:
            wanting = _wanting(rule, vendor, standing, bodies)
            if not wanting:
                continue
            try:
                with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                    _make(wanting, connection)
                    behind = [statement for statement in rule.catch_up(vendor) if statement not in done]
                    for statement in behind:
                        cursor.execute(statement)
            except DatabaseError as error:
                refused.append(f"{rule.name}: {str(error).strip().splitlines()[0]}")
                continue
            if vendor == "sqlite":  # nothing is written between two rules in one transaction: once is enough
                done.update(behind)
    return refused


def _wanting(rule: Rule, vendor: str, standing: dict[str, InstalledTrigger], bodies: dict[str, str]) -> list[Trigger]:
    return [
        trigger
        for trigger in rule.triggers(vendor)
        if trigger.name not in standing
        or not standing[trigger.name].is_on
        or standing[trigger.name].sql != trigger.sql
        or any(bodies.get(function.name) != function.body for function in trigger.functions)
    ]


def _make(triggers: Iterable[Trigger], connection: BaseDatabaseWrapper) -> None:
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
        # A function of the trigger's own name; what several share stays for whatever else calls it.
        for name in {one.function for one in triggers.values()} & set(triggers):
            cursor.execute(f"DROP FUNCTION IF EXISTS {quote(name)}()")


def _one_commit_on_sqlite(connection: BaseDatabaseWrapper) -> AbstractContextManager[object]:
    """SQLite waits for the disk at each commit. PostgreSQL would hold the locks of all tables until the only one."""
    return transaction.atomic(using=connection.alias) if connection.vendor == "sqlite" else nullcontext()


def _is_ours(name: str, one: InstalledTrigger, unprefixed: set[str]) -> bool:
    if name.startswith(PREFIX):
        return True
    if name.startswith(UNPREFIXED_SHOWN):
        return f"{PREFIX}change" in one.sql  # the table that it writes to, or the function that it calls
    return name in unprefixed and one.function in ("", name, name.removesuffix("_all"))


def _unprefixed(vendor: str) -> set[str]:
    return {trigger.name.removeprefix(PREFIX) for rule in every_rule() for trigger in rule.triggers(vendor)}


def _standing(connection: BaseDatabaseWrapper) -> dict[str, InstalledTrigger]:
    """By their names, the triggers on the tables that this connection sees."""
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
    """By their names, what the project's functions do on PostgreSQL."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE starts_with(proname, %s) AND pg_function_is_visible(oid)",
            [PREFIX],
        )
        return dict(cursor.fetchall())
