"""Whether what was rendered a moment ago is still so: the one thing that a store of pages asks.

Every change of what readers' pages show leaves a new row in `Change`, in its own transaction. The database's triggers
write it, not the code that makes the change: a bulk update, a command and a line typed into psql are seen as well, and
nobody can forget to tell. Each room lists the tables that its public pages read as `shown` of its app's configuration.

What changes by the clock alone (a scheduled start, an end) is told by rooms that know of it: `next_change_by`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.apps import AppConfig
from django.db import connection as default_connection
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, Subquery

from betterment.guards import triggers
from betterment.models import Change

TABLE = Change._meta.db_table
# A store that has not looked for so many changes still finds a number that it does not know.
KEPT = 64
OPERATIONS = ("INSERT", "UPDATE", "DELETE")

Hook = Callable[[datetime], Sequence[QuerySet]]
_BY_THE_CLOCK: list[Hook] = []


@dataclass(frozen=True)
class Shown:
    """A table that public pages read, and which of its changes they show.

    With `columns`, an update counts only where one of these changes. `on` leaves out what cannot show: a new source
    is cited by nothing that is published.
    """

    table: str
    columns: tuple[str, ...] = ()
    on: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")

    def create_sql(self, vendor: str) -> list[str]:
        """The triggers, for a database where they are absent."""
        return [self._trigger(operation, vendor) for operation in self.on]

    def drop_sql(self, vendor: str) -> list[str]:
        """Takes them away, whether or not they are there."""
        on = f" ON {self.table}" if vendor == "postgresql" else ""
        return [f"DROP TRIGGER IF EXISTS {self.name(operation)}{on}" for operation in OPERATIONS]

    def name(self, operation: str) -> str:
        """Of the trigger for this operation."""
        return f"shown_{self.table}_{operation.lower()}"

    def _trigger(self, operation: str, vendor: str) -> str:
        is_postgresql = vendor == "postgresql"
        head = f"CREATE TRIGGER {self.name(operation)} AFTER {operation} ON {self.table}"
        differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
        columns = self.columns if operation == "UPDATE" else ()
        when = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
        if is_postgresql:
            rows = f"FOR EACH ROW WHEN ({when})" if when else "FOR EACH STATEMENT"
            return f"{head} {rows} EXECUTE FUNCTION betterment_change()"
        body = f"BEGIN DELETE FROM {TABLE}; INSERT INTO {TABLE} (mark) VALUES (lower(hex(randomblob(16)))); END"
        return f"{head} {f'WHEN {when} ' if when else ''}{body}"


# One row for a transaction, and no row that two transactions could wait for: publishing in one place never holds up
# publishing in another, and the numbers of transactions that are still open are missed by nobody once they commit.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION betterment_change() RETURNS trigger LANGUAGE plpgsql AS $change$
BEGIN
    IF current_setting('betterment.changed', true) IS DISTINCT FROM txid_current()::text THEN
        PERFORM set_config('betterment.changed', txid_current()::text, true);
        INSERT INTO {TABLE} (mark) VALUES (replace(gen_random_uuid()::text, '-', ''));
        DELETE FROM {TABLE} WHERE id IN
            (SELECT id FROM {TABLE} ORDER BY id DESC OFFSET {KEPT} FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN NULL;
END $change$
"""


def touch() -> None:
    """Say that something has changed which no listed table holds, in the transaction that is open.

    Every store of pages drops what it keeps, within a second of the commit.
    """
    Change.objects.create()


def state(connection: BaseDatabaseWrapper = default_connection) -> frozenset[int]:
    """What is to be compared with an earlier answer: another set means that something has changed since.

    One query. Raises what the database raises.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {TABLE}")
        return frozenset(number for (number,) in cursor.fetchall())


@dataclass(frozen=True)
class Look:
    """What was so at one moment: a name of the site's state, the same for all who look and another after every change
    (nothing where no change was ever noted); and when, after that, pages next change by the clock alone.
    """

    mark: str
    until: datetime | None


def look(at: datetime, connection: BaseDatabaseWrapper = default_connection) -> Look:
    """The state of the site, and the next change by the clock after the aware time `at`, as one query sees both.

    Raises what the database raises.
    """
    questions = [question.using(connection.alias) for hook in _BY_THE_CLOCK for question in hook(at)]
    moments = {f"moment_{place}": Subquery(question) for place, question in enumerate(questions)}
    rows = Change.objects.using(connection.alias).annotate(**moments).order_by("pk")
    rows = list(rows.values_list("pk", "mark", *moments))
    if not rows:
        return Look("", min(filter(None, (question.first() for question in questions)), default=None))
    words = "".join(f"{number} {mark}\n" for number, mark, *_ in rows)
    return Look(hashlib.sha256(words.encode()).hexdigest(), min(filter(None, rows[0][2:]), default=None))


def next_change_by(hook: Hook) -> Hook:
    """Decorator: this function knows when readers' pages change by the clock alone.

    It gives queries, each of one column and one row: the first aware time of its kind after the one it is given.
    """
    _BY_THE_CLOCK.append(hook)
    return hook


def install(shown: Sequence[Shown], connection: BaseDatabaseWrapper) -> None:
    """Put the triggers of these tables in place, in place of older ones."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in shown:
            for statement in (*table.drop_sql(connection.vendor), *table.create_sql(connection.vendor)):
                cursor.execute(statement)


def remove(shown: Sequence[Shown], connection: BaseDatabaseWrapper) -> None:
    """Take the triggers of these tables away. Only a restore, which fills every table, has a use for it."""
    with connection.cursor() as cursor:
        for table in shown:
            for statement in table.drop_sql(connection.vendor):
                cursor.execute(statement)


def missing(shown: Sequence[Shown], connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should stand in this database and do not."""
    wanted = {table.name(operation) for table in shown for operation in table.on}
    return sorted(wanted - triggers(connection))


def install_after_migrate(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Receiver of `post_migrate`: the triggers of `sender.shown`, where the tables exist.

    Anew after each migrate, because SQLite loses a table's triggers when a migration rebuilds it.
    """
    shown: Sequence[Shown] = getattr(sender, "shown", ())
    connection = connections[using]
    tables = set(connection.introspection.table_names()) if shown else set()
    if TABLE in tables:
        install([table for table in shown if table.table in tables], connection)
