"""Whether what was rendered a moment ago is still so: the one thing that a store of pages asks.

Every change of what readers' pages show leaves a new row in `Change`, in its own transaction. The database's triggers
write it, not the code that makes the change: a bulk update, a command and a line typed into psql are seen as well, and
nobody can forget to tell. Each room lists the tables that its public pages read as `shown` of its app's configuration.

What changes by the clock alone (a scheduled start, an end) is told by rooms that know of it: `next_change_by`.

Of some tables each row shows on few pages only. Their changes are noted under the names of those parts of the site as
well, so that a page which says on which parts it rests (betterment.http.rests_on) outlives what happens elsewhere:
`parts_mark`, `parts_until`. A change of any other table is noted for every page.
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
# What a change is about: each is about the site, and about every page or about parts of the site that rooms name.
SITE, EVERY_PAGE = "site", "every page"
# How many of the last changes of the site stand there, and how many of anything else: the proof below holds for any.
KEPT, KEPT_OF_A_PART = 64, 1
OPERATIONS = ("INSERT", "UPDATE", "DELETE")
# The `parts` of a table whose rows show on no page that says on which parts it rests.
NO_PART = "SELECT '' AS part WHERE 1 = 0"
# What PostgreSQL calls the rows that a statement has changed.
_SEEN = {
    "INSERT": "NEW TABLE AS fresh",
    "UPDATE": "OLD TABLE AS past NEW TABLE AS fresh",
    "DELETE": "OLD TABLE AS past",
}

Hook = Callable[[datetime, Sequence[str] | None], Sequence[QuerySet]]
_BY_THE_CLOCK: list[Hook] = []


@dataclass(frozen=True)
class Shown:
    """A table that public pages read, and which of its changes they show.

    With `columns`, an update counts only where one of these changes. `on` leaves out what cannot show: a new source
    is cited by nothing that is published.

    `parts` is a query that both databases read alike, of one column `part`: the names of the parts of the site on
    which the rows `{rows}` show, and nowhere else. Of these rows it sees the columns `by`, as they were and as they
    are. Without it a change shows on every page.
    """

    table: str
    columns: tuple[str, ...] = ()
    on: tuple[str, ...] = OPERATIONS
    parts: str | None = None
    by: tuple[str, ...] = ()

    def create_sql(self, vendor: str) -> list[str]:
        """The triggers, for a database where they are absent."""
        trigger = self._on_postgresql if vendor == "postgresql" else self._on_sqlite
        return [trigger(operation) for operation in self.on]

    def drop_sql(self, vendor: str) -> list[str]:
        """Takes them away, whether or not they are there."""
        on = f" ON {self.table}" if vendor == "postgresql" else ""
        return [f"DROP TRIGGER IF EXISTS {self.name(operation)}{on}" for operation in OPERATIONS]

    def name(self, operation: str) -> str:
        """Of the trigger for this operation."""
        return f"shown_{self.table}_{operation.lower()}"

    def _on_postgresql(self, operation: str) -> str:
        if self.parts is None:
            when = self._when(operation, "IS DISTINCT FROM")
            rows = f"FOR EACH ROW WHEN ({when})" if when else "FOR EACH STATEMENT"
            return f"{self._head(operation)} {rows} EXECUTE FUNCTION betterment_change()"
        rows = [f"SELECT {', '.join(self.by)} FROM {state}" for state in ("past", "fresh") if state in _SEEN[operation]]
        parts = self._parts_of(rows).replace("'", "''")
        seen = f"REFERENCING {_SEEN[operation]} FOR EACH STATEMENT"
        return f"{self._head(operation)} {seen} EXECUTE FUNCTION betterment_change('{parts}')"

    def _on_sqlite(self, operation: str) -> str:
        when = self._when(operation, "IS NOT")
        about = f"SELECT '{EVERY_PAGE}' AS part"
        if self.parts is not None:
            states = ("NEW", "OLD") if operation == "UPDATE" else ("NEW",) if operation == "INSERT" else ("OLD",)
            rows = [f"SELECT {', '.join(f'{state}.{name} AS {name}' for name in self.by)}" for state in states]
            about = self._parts_of(rows)
        notes = "".join(
            f"DELETE FROM {TABLE} WHERE about IN (SELECT part FROM ({parts})); "
            f"INSERT INTO {TABLE} (about, mark) SELECT part, lower(hex(randomblob(16))) FROM ({parts}); "
            for parts in (f"SELECT '{SITE}' AS part", about)
        )
        return f"{self._head(operation)} {f'WHEN {when} ' if when else ''}BEGIN {notes}END"

    def _parts_of(self, rows: Sequence[str]) -> str:
        parts = self.parts.format(rows=f"({' UNION '.join(rows)}) changed")
        return f"SELECT DISTINCT part FROM ({parts}) parts"

    def _head(self, operation: str) -> str:
        return f"CREATE TRIGGER {self.name(operation)} AFTER {operation} ON {self.table}"

    def _when(self, operation: str, differs: str) -> str:
        columns = self.columns if operation == "UPDATE" else ()
        return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


# A new row each time, and no row that two transactions could wait for: publishing in one place never holds up
# publishing in another. Whoever sees the same rows a second time knows that nothing was committed in between, whatever
# the order of the numbers: a row goes only where another has come that is newer, and is there or was followed by one
# that is. A transaction leaves one row about the site, and one about every page.
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION betterment_note(what text, kept integer) RETURNS void LANGUAGE plpgsql AS $note$
DECLARE
    number bigint;
BEGIN
    INSERT INTO {TABLE} (about, mark) VALUES (what, replace(gen_random_uuid()::text, '-', '')) RETURNING id INTO number;
    DELETE FROM {TABLE} WHERE id IN (
        SELECT id FROM {TABLE} WHERE about = what AND id < number ORDER BY id DESC OFFSET kept - 1
        FOR UPDATE SKIP LOCKED
    );
END $note$;
CREATE OR REPLACE FUNCTION betterment_note_once(what text, kept integer) RETURNS void LANGUAGE plpgsql AS $once$
DECLARE
    noted text := 'betterment.noted_' || replace(what, ' ', '_');
BEGIN
    IF current_setting(noted, true) IS DISTINCT FROM txid_current()::text THEN
        PERFORM set_config(noted, txid_current()::text, true);
        PERFORM betterment_note(what, kept);
    END IF;
END $once$;
CREATE OR REPLACE FUNCTION betterment_change() RETURNS trigger LANGUAGE plpgsql AS $change$
DECLARE
    part text;
BEGIN
    PERFORM betterment_note_once('{SITE}', {KEPT});
    IF TG_NARGS = 0 THEN
        PERFORM betterment_note_once('{EVERY_PAGE}', {KEPT_OF_A_PART});
    ELSE
        FOR part IN EXECUTE TG_ARGV[0] LOOP
            PERFORM betterment_note(part, {KEPT_OF_A_PART});
        END LOOP;
    END IF;
    RETURN NULL;
END $change$
"""


def touch() -> None:
    """Say that something has changed which no listed table holds, in the transaction that is open.

    Every store of pages drops what it keeps, within a second of the commit.
    """
    Change.objects.create(about=SITE)
    Change.objects.create(about=EVERY_PAGE)


def state(connection: BaseDatabaseWrapper = default_connection) -> frozenset[int]:
    """What is to be compared with an earlier answer: another set means that something has changed since.

    One query. Raises what the database raises.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {TABLE} WHERE about = %s", [SITE])
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
    questions = [question.using(connection.alias) for hook in _BY_THE_CLOCK for question in hook(at, None)]
    moments = {f"moment_{place}": Subquery(question) for place, question in enumerate(questions)}
    rows = Change.objects.using(connection.alias).filter(about=SITE).annotate(**moments).order_by("pk")
    rows = list(rows.values_list("pk", "mark", *moments))
    if not rows:
        return Look("", min(filter(None, (question.first() for question in questions)), default=None))
    words = "".join(f"{number} {mark}\n" for number, mark, *_ in rows)
    return Look(hashlib.sha256(words.encode()).hexdigest(), min(filter(None, rows[0][2:]), default=None))


def parts_mark(parts: Sequence[str], connection: BaseDatabaseWrapper = default_connection) -> str:
    """A name of the state in which these parts of the site are: another after every change of one of them, and of what
    shows on every page. Empty where that was never noted.

    One query, in plain SQL: of the ORM, a hundred parts cost five times as much. Raises what the database raises.
    """
    names = [EVERY_PAGE, *parts]
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT about, mark FROM {TABLE} WHERE about IN ({places}) ORDER BY id", names)
        rows = cursor.fetchall()
    if all(about != EVERY_PAGE for about, _ in rows):
        return ""
    return hashlib.sha256("".join(mark for _, mark in rows).encode()).hexdigest()


def parts_until(
    parts: Sequence[str], after: datetime, connection: BaseDatabaseWrapper = default_connection
) -> datetime | None:
    """When these parts of the site next change by the clock alone, after that aware time.

    A query for each kind of moment. Raises what the database raises.
    """
    questions = [question.using(connection.alias) for hook in _BY_THE_CLOCK for question in hook(after, parts)]
    return min(filter(None, (question.first() for question in questions)), default=None)


def next_change_by(hook: Hook) -> Hook:
    """Decorator: this function knows when readers' pages change by the clock alone.

    It gives queries, each of one column and one row: the first aware time of its kind after the one it is given. Given
    parts of the site as well, it may leave out moments that show on none of them.
    """
    _BY_THE_CLOCK.append(hook)
    return hook


def install(shown: Sequence[Shown], connection: BaseDatabaseWrapper) -> None:
    """Put the triggers of these tables in place, in place of older ones."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTIONS)
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
