"""Guards: database triggers that refuse a change. The same guards work on SQLite and PostgreSQL.

An app defines its guards in its `guards.py` and lists them as `guards` of its AppConfig; `core.db.triggers` installs
them. The condition of a guard is SQL that both databases understand; it may use OLD, NEW and subqueries. If the
condition is true, the operation is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.db.triggers import PREFIX, Function, Operation, Trigger


@dataclass(frozen=True)
class Guard:
    """A rule that refuses `operation` on each row of `table` for which `condition` is true.

    Without a condition, the operation is refused on every row. `message` is the text of the database error and must not
    contain quotes.
    """

    name: str
    table: str
    operation: Operation
    message: str
    condition: str = ""
    vendors: tuple[str, ...] = ("sqlite", "postgresql")

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the name of the guarded table.

        Other tables that the condition names are not included. If one of them does not exist, every guarded operation
        fails.
        """
        return (self.table,)

    def triggers(self, vendor: str) -> list[Trigger]:
        """Return the BEFORE trigger for this kind of database, or an empty list if it is not one of `vendors`.

        On PostgreSQL, a guard against DELETE has a second trigger for TRUNCATE, which fires no row triggers. It always
        refuses, because no condition can tell which rows would be deleted.
        """
        if vendor not in self.vendors:
            return []
        name, row = f"{PREFIX}{self.name}", "OLD" if self.operation == "DELETE" else "NEW"
        if vendor == "sqlite":
            when = f"WHEN {self.condition} " if self.condition else ""
            action = f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            sql = f"CREATE TRIGGER {name} BEFORE {self.operation} ON {self.table} FOR EACH ROW {when}{action}"
            return [Trigger(name, self.table, sql)]
        # OR does not promise an order, and OLD has no columns in a trigger for a statement.
        refused = f"(CASE WHEN TG_OP = 'TRUNCATE' THEN TRUE ELSE {self.condition or 'TRUE'} END)"
        refuse = Function(
            name,
            f"BEGIN IF {refused} THEN "
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {row}; END",
        )
        events: dict[str, tuple[str, str]] = {name: (self.operation, "ROW")}
        if self.operation == "DELETE":
            events[f"{name}_all"] = ("TRUNCATE", "STATEMENT")
        return [
            Trigger(
                trigger,
                self.table,
                f"CREATE TRIGGER {trigger} BEFORE {event} ON {self.table} FOR EACH {each} EXECUTE FUNCTION {name}()",
                (refuse,),
            )
            for trigger, (event, each) in events.items()
        ]

    def catch_up(self, vendor: str) -> list[str]:
        """Return no statements, because a guard changes no rows.

        `check_integrity` finds rows that were written while it was missing.
        """
        return []


def append_only(table: str, what: str) -> tuple[Guard, Guard]:
    """Return the two guards that forbid updating and deleting rows of a table. `what` names a row in error messages."""
    return (
        Guard(f"{table}_no_update", table, "UPDATE", f"{what} is never changed"),
        never_deleted(table, what),
    )


def never_deleted(table: str, what: str) -> Guard:
    """Return the guard that forbids deleting rows of a table. `what` names a row in error messages."""
    return Guard(f"{table}_no_delete", table, "DELETE", f"{what} is never deleted")


def column_fixed(table: str, columns: Iterable[str], what: str) -> Guard:
    """Return the guard that forbids changing these columns once a row is inserted. NULL counts as a value.

    `what` names the columns in error messages.
    """
    return Guard(f"{table}_fixed", table, "UPDATE", f"{what} is never changed", changed(columns))


def changed(columns: Iterable[str]) -> str:
    """Return the condition that an UPDATE changes one of these columns. NULL counts as a value."""
    return " OR ".join(
        f"(OLD.{column} <> NEW.{column} OR (OLD.{column} IS NULL) <> (NEW.{column} IS NULL))" for column in columns
    )
