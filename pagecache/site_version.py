"""Whether what was rendered a moment ago is still so: the one thing that a store of pages asks.

Every change of what readers' pages show leaves a new row in `Change`, in its own transaction. The database's triggers
write it, not the code that makes the change: a bulk update, a command and a line typed into psql are seen as well, and
nobody can forget it. Each app lists the tables that its public pages read as `watched_tables` of its configuration;
`core.db.triggers` puts the triggers into the database.

What changes by the clock alone (a scheduled start, an end) comes from the apps that know of it: `next_change_by`.

Of some tables each row shows on few pages only. Their changes are noted under the names of those parts of the site as
well, so that a page which says on which parts it rests (pagecache.public.rests_on) outlives what happens elsewhere:
`parts_mark`, `parts_until`. A change of any other table is noted for every page.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, Subquery

from core.db.triggers import PREFIX, Function, Trigger
from core.house import memory
from pagecache.models import Change

TABLE = Change._meta.db_table
# What a change is about: each is about the site, and about every page or about parts of the site that apps name.
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
class WatchedTable:
    """A table that public pages read, and which of its changes they show.

    With `columns`, an update counts only where one of these changes. `on` leaves out what cannot show: a new source
    is cited by nothing that is published.

    `parts` is a query that both databases read alike, of one column `part`: the names of the parts of the site on
    which the rows `{rows}` show, and nowhere else. Of these rows it sees the columns `by`, as they were and as they
    are. Without it a change shows on every page.

    `on_article` is a condition in SQL that is true for the rows that the page of an article shows, given the keys
    `%(article)s` and `%(revision)s`; None if it shows none of them. Without it all rows count, which is safe and slow.
    """

    table: str
    columns: tuple[str, ...] = ()
    on: tuple[str, ...] = OPERATIONS
    parts: str | None = None
    by: tuple[str, ...] = ()
    on_article: str | None = "1 = 1"

    @property
    def name(self) -> str:
        """What the rule is called in messages."""
        return f"shown_{self.table}"

    @property
    def tables(self) -> tuple[str, ...]:
        """The table itself, and the one in which changes are noted: without it there is nobody to tell."""
        return (self.table, TABLE)

    def triggers(self, vendor: str) -> list[Trigger]:
        """One for each operation that counts."""
        trigger = self._on_postgresql if vendor == "postgresql" else self._on_sqlite
        return [trigger(operation) for operation in self.on]

    def catch_up(self, vendor: str) -> list[str]:
        """Whatever was changed meanwhile, stores of pages take it as a change of every page."""
        if vendor == "postgresql":
            return [f"SELECT {NOTE_EVERY_PAGE.name}()"]
        return [statement for about in (SITE, EVERY_PAGE) for statement in _note_on_sqlite(f"SELECT '{about}' AS part")]

    def _on_postgresql(self, operation: str) -> Trigger:
        name, functions = self._trigger(operation), (CHANGE, NOTE_EVERY_PAGE, NOTE_ONCE, NOTE)
        if self.parts is not None:
            states = [state for state in ("past", "fresh") if state in _SEEN[operation]]
            parts = self._parts_of([f"SELECT {', '.join(self.by)} FROM {state}" for state in states])
            quoted = parts.replace("'", "''")
            rows, call = f"REFERENCING {_SEEN[operation]} FOR EACH STATEMENT", f"{CHANGE.name}('{quoted}')"
        elif when := self._when(operation, "IS DISTINCT FROM"):
            body = f"BEGIN IF {when} THEN PERFORM {NOTE_EVERY_PAGE.name}(); END IF; RETURN NULL; END"
            functions = (Function(name, body), *functions[1:])
            rows, call = "FOR EACH ROW", f"{name}()"
        else:
            rows, call = "FOR EACH STATEMENT", f"{CHANGE.name}()"
        return Trigger(name, self.table, f"{self._head(operation)} {rows} EXECUTE FUNCTION {call}", functions)

    def _on_sqlite(self, operation: str) -> Trigger:
        when = self._when(operation, "IS NOT")
        about = f"SELECT '{EVERY_PAGE}' AS part"
        if self.parts is not None:
            states = ("NEW", "OLD") if operation == "UPDATE" else ("NEW",) if operation == "INSERT" else ("OLD",)
            rows = [f"SELECT {', '.join(f'{state}.{name} AS {name}' for name in self.by)}" for state in states]
            about = self._parts_of(rows)
        notes = [note for parts in (f"SELECT '{SITE}' AS part", about) for note in _note_on_sqlite(parts)]
        action = f"{f'WHEN {when} ' if when else ''}BEGIN {'; '.join(notes)}; END"
        return Trigger(self._trigger(operation), self.table, f"{self._head(operation)} {action}")

    def _parts_of(self, rows: Sequence[str]) -> str:
        parts = self.parts.format(rows=f"({' UNION '.join(rows)}) changed")
        return f"SELECT DISTINCT part FROM ({parts}) parts"

    def _head(self, operation: str) -> str:
        return f"CREATE TRIGGER {self._trigger(operation)} AFTER {operation} ON {self.table}"

    def _trigger(self, operation: str) -> str:
        return f"{PREFIX}{self.name}_{operation.lower()}"

    def _when(self, operation: str, differs: str) -> str:
        columns = self.columns if operation == "UPDATE" else ()
        return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def _note_on_sqlite(parts: str) -> list[str]:
    """The statements that note a change of the parts of the site that this query gives."""
    return [
        f"DELETE FROM {TABLE} WHERE about IN (SELECT part FROM ({parts}))",
        f"INSERT INTO {TABLE} (about, mark) SELECT part, lower(hex(randomblob(16))) FROM ({parts})",
    ]


# A new row each time, and no row that two transactions could wait for: publishing in one place never holds up
# publishing in another. Whoever sees the same rows a second time knows that nothing was committed in between, whatever
# the order of the numbers: a row goes only where another has come that is newer, and is there or was followed by one
# that is. A transaction leaves one row about the site, and one about every page.
NOTE = Function(
    f"{PREFIX}note",
    f"""
DECLARE
    number bigint;
BEGIN
    INSERT INTO {TABLE} (about, mark) VALUES (what, replace(gen_random_uuid()::text, '-', '')) RETURNING id INTO number;
    DELETE FROM {TABLE} WHERE id IN (
        SELECT id FROM {TABLE} WHERE about = what AND id < number ORDER BY id DESC OFFSET kept - 1
        FOR UPDATE SKIP LOCKED
    );
END
""",
    arguments="what text, kept integer",
    returns="void",
)
NOTE_ONCE = Function(
    f"{PREFIX}note_once",
    f"""
DECLARE
    noted text := 'betterment.noted_' || replace(what, ' ', '_');
BEGIN
    IF current_setting(noted, true) IS DISTINCT FROM txid_current()::text THEN
        PERFORM set_config(noted, txid_current()::text, true);
        PERFORM {NOTE.name}(what, kept);
    END IF;
END
""",
    arguments="what text, kept integer",
    returns="void",
)
NOTE_EVERY_PAGE = Function(
    f"{PREFIX}note_every_page",
    f"""
BEGIN
    PERFORM {NOTE_ONCE.name}('{SITE}', {KEPT});
    PERFORM {NOTE_ONCE.name}('{EVERY_PAGE}', {KEPT_OF_A_PART});
END
""",
    returns="void",
)
CHANGE = Function(
    f"{PREFIX}change",
    f"""
DECLARE
    part text;
BEGIN
    IF TG_NARGS = 0 THEN
        PERFORM {NOTE_EVERY_PAGE.name}();
    ELSE
        PERFORM {NOTE_ONCE.name}('{SITE}', {KEPT});
        FOR part IN EXECUTE TG_ARGV[0] LOOP
            PERFORM {NOTE.name}(part, {KEPT_OF_A_PART});
        END LOOP;
    END IF;
    RETURN NULL;
END
""",
)


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
class VersionReading:
    """What was so at one moment: a name of the site's state, the same for all who look and another after every change
    (nothing where no change was ever noted); and when, after that, pages next change by the clock alone.
    """

    mark: str
    until: datetime | None


def look(at: datetime, connection: BaseDatabaseWrapper = default_connection) -> VersionReading:
    """The state of the site, and the next change by the clock after the aware time `at`, as one query sees both.

    The house settings are read anew after a change: what is rendered for this state shows those that belong to it.

    Raises what the database raises.
    """
    questions = [question.using(connection.alias) for hook in _BY_THE_CLOCK for question in hook(at, None)]
    moments = {f"moment_{place}": Subquery(question) for place, question in enumerate(questions)}
    rows = Change.objects.using(connection.alias).filter(about=SITE).annotate(**moments).order_by("pk")
    rows = list(rows.values_list("pk", "mark", *moments))
    memory.at_site_version(" ".join(mark for _number, mark, *_moments in rows))
    if not rows:
        return VersionReading("", min(filter(None, (question.first() for question in questions)), default=None))
    words = "".join(f"{number} {mark}\n" for number, mark, *_ in rows)
    return VersionReading(hashlib.sha256(words.encode()).hexdigest(), min(filter(None, rows[0][2:]), default=None))


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
