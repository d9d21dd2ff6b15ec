"""Records in the database that readers see something else than before: the triggers of the tables behind public pages.

They insert a row in the transaction that makes the change, so a bulk update and a line typed into psql count as well.
pagecache.site_version reads these rows.
"""

from dataclasses import dataclass

from core.db.triggers import PREFIX, Function, Operation, Trigger

TABLE = "pagecache_change"
KEPT = 20  # changes; the version of the site is right with any number, and with more `why_stale` can say more

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

    `on_article` is a condition in SQL that is true for the rows that the page of an article shows, given the keys
    `%(article)s` and `%(revision)s`; None if it shows none of them (website.article_state). By default all rows count,
    which is safe and slow.
    """

    table: str
    columns: tuple[str, ...] = ()
    on: tuple[Operation, ...] = ("INSERT", "UPDATE", "DELETE")
    on_article: str | None = "1 = 1"

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
