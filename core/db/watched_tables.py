"""Watched tables: the tables behind public pages, with triggers that record in the database that they have changed.

A trigger inserts a row in the transaction that makes the change, so bulk updates and statements typed into psql are
recorded as well. core.db.site_version reads these rows.
"""

from dataclasses import dataclass

from core.db.triggers import PREFIX, Function, Operation, Trigger

TABLE = "core_sitechange"
KEPT = 20  # changes; any number suffices for the version of the site, and a higher one lets `why_stale` say more

# Changes are recorded as rows and not in a counter, so that no transaction waits for another one. If two readings find
# the same ids, nothing was committed between them, in whatever order the ids were committed: a transaction deletes only
# ids lower than its own.
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
    """A table that public pages read. Every change to it makes a new version of the site.

    With `columns`, an update counts only if it changes one of these columns. `on` can leave out operations that readers
    do not see: a new source, for instance, is not cited yet.

    `on_article` is an SQL condition that is true for the rows that the page of an article shows, with the parameters
    `%(article)s` and `%(revision)s` for the primary keys. It is None if the page shows none of the rows
    (website.article_state). By default all rows count, which is safe but slow.
    """

    table: str
    columns: tuple[str, ...] = ()
    on: tuple[Operation, ...] = ("INSERT", "UPDATE", "DELETE")
    on_article: str | None = "1 = 1"

    @property
    def name(self) -> str:
        """Return the name of the rule, which messages show and the names of its triggers contain."""
        return f"shown_{self.table}"

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the name of this table and of the table in which its changes are recorded."""
        return (self.table, TABLE)

    def triggers(self, vendor: str) -> list[Trigger]:
        """Return a trigger for each operation."""
        return [self._trigger(operation, vendor == "postgresql") for operation in self.on]

    def catch_up(self, vendor: str) -> list[str]:
        """Return a statement that records a change, because some may have been missed without the triggers."""
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
