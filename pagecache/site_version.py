"""The version of the site: another one after every committed change of what readers see.

The database's triggers record a row in `Change` in the transaction that makes the change, so a bulk update and a line
typed into psql count as well. Each app lists the tables that its public pages read as `watched_tables` of its
configuration; core.db.triggers installs the triggers. Scheduled starts and ends have no commit: apps name the next one
by `next_change_by`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Subquery

from core.db.triggers import PREFIX, Function, Operation, Trigger
from pagecache.models import Change

TABLE = Change._meta.db_table
KEPT = 20  # changes; the version is right with any number, and more of them say more in `why_stale`
_NEXT_CHANGES: list[Callable[[datetime], Sequence[QuerySet]]] = []

# No transaction waits for another one, as it would for a counter. Two readings with the same ids have no commit between
# them, in whatever order the ids were committed: a transaction deletes only ids lower than the one that it leaves.
_RECORD = f"""
DECLARE
    recorded bigint;
BEGIN
    IF (%s) AND current_setting('betterment.recorded', true) IS DISTINCT FROM txid_current()::text THEN
        PERFORM set_config('betterment.recorded', txid_current()::text, true);
        INSERT INTO {TABLE} (table_name) VALUES (TG_TABLE_NAME) RETURNING id INTO recorded;
        DELETE FROM {TABLE} WHERE id IN (
            SELECT id FROM {TABLE} WHERE id < recorded ORDER BY id DESC OFFSET {KEPT - 1} FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN NULL;
END
"""


@dataclass(frozen=True)
class WatchedTable:
    """A table that public pages read. Its changes make another version of the site.

    With `columns`, an update counts only if it changes one of these. `on` can leave out operations that no reader sees:
    a new source, for instance, is not cited yet.
    """

    table: str
    columns: tuple[str, ...] = ()
    on: tuple[Operation, ...] = ("INSERT", "UPDATE", "DELETE")

    @property
    def name(self) -> str:
        """The name of the rule in messages."""
        return f"shown_{self.table}"

    @property
    def tables(self) -> tuple[str, ...]:
        """The table, and the one in which its changes are recorded."""
        return (self.table, TABLE)

    def triggers(self, vendor: str) -> list[Trigger]:
        """Return a trigger for each operation."""
        return [self._trigger(operation, vendor == "postgresql") for operation in self.on]

    def catch_up(self, vendor: str) -> list[str]:
        """Return a statement that records a change: some may have been missed without the triggers."""
        return [f"INSERT INTO {TABLE} (table_name) VALUES ('all tables')"]

    def _trigger(self, operation: Operation, is_postgresql: bool) -> Trigger:
        name = f"{PREFIX}{self.name}_{operation.lower()}"
        head = f"CREATE TRIGGER {name} AFTER {operation} ON {self.table}"
        columns = self.columns if operation == "UPDATE" else ()
        differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
        when = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
        if is_postgresql:
            each = "ROW" if when else "STATEMENT"
            function = Function(name, _RECORD % (when or "TRUE"))
            return Trigger(name, self.table, f"{head} FOR EACH {each} EXECUTE FUNCTION {name}()", (function,))
        record = f"INSERT INTO {TABLE} (table_name) VALUES ('{self.table}')"
        delete = f"DELETE FROM {TABLE} WHERE id <= (SELECT max(id) FROM {TABLE}) - {KEPT}"
        return Trigger(name, self.table, f"{head} {f'WHEN {when} ' if when else ''}BEGIN {record}; {delete}; END")


@dataclass(frozen=True)
class SiteVersion:
    """What one query found: (id, time) of the latest changes, and the aware time of the next scheduled start or end.

    The times tell a restored database, whose ids may begin anew, from the one before.
    """

    changes: tuple[tuple[int, datetime], ...]
    until: datetime | None

    @property
    def number(self) -> int:
        """The highest id, for people: a transaction that commits late makes another version with the same number."""
        return self.changes[-1][0]


def read(at: datetime, using: str = "default") -> SiteVersion:
    """Return the version of the site, and the next start or end after the aware time `at`. One query.

    Without a recorded change, as before `migrate` has installed the triggers, both are empty. Raises DatabaseError.
    """
    questions = [question for hook in _NEXT_CHANGES for question in hook(at)]
    moments = {f"moment_{place}": Subquery(question) for place, question in enumerate(questions)}
    rows = Change.objects.using(using).annotate(**moments).order_by("pk")
    rows = list(rows.values_list("pk", "at", *moments))
    return SiteVersion(tuple(row[:2] for row in rows), min(filter(None, rows[0][2:] if rows else ()), default=None))


def next_change_by(hook: Callable[[datetime], Sequence[QuerySet]]) -> Callable[[datetime], Sequence[QuerySet]]:
    """Decorator: the function returns, for an aware time, queries of one column and one row: the next times at which
    public pages change without a commit.
    """
    _NEXT_CHANGES.append(hook)
    return hook
