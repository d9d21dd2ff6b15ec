"""Derived columns: columns and indexes that database triggers compute from other rows.

Lists are filtered, sorted and searched by derived columns. A trigger updates the column in the same transaction that
changes the other rows, whichever code changes them, so the column is never out of date. `check_integrity` nevertheless
compares the stored times of approvals with the approvals themselves.
"""

from dataclasses import dataclass

from core.db.triggers import PREFIX, Function, Operation, Trigger


@dataclass(frozen=True)
class DerivedColumn:
    """A trigger that runs `statement` after `operation` on each row of `table` for which `condition` is true.

    `statement` and `condition` are SQL that the databases in `vendors` understand; they may use NEW and OLD. `needs`
    names the tables that the statement writes to. `refill` is the statement that recomputes all values after the
    trigger has been missing. An app lists its derived columns as `derived_columns` of its AppConfig (core.db.triggers).
    """

    name: str
    table: str
    operation: Operation
    statement: str
    condition: str
    refill: str
    needs: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ("sqlite", "postgresql")

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the name of the table that has the trigger, and the names of the tables that the trigger writes to."""
        return (self.table, *self.needs)

    def triggers(self, vendor: str) -> list[Trigger]:
        """Return the AFTER trigger for this kind of database, or an empty list if it is not one of `vendors`."""
        if vendor not in self.vendors:
            return []
        name = f"{PREFIX}{self.name}"
        head = f"CREATE TRIGGER {name} AFTER {self.operation} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            return [Trigger(name, self.table, f"{head} WHEN ({self.condition}) BEGIN {self.statement}; END")]
        body = f"BEGIN IF {self.condition} THEN {self.statement}; END IF; RETURN NULL; END"
        return [Trigger(name, self.table, f"{head} EXECUTE FUNCTION {name}()", (Function(name, body),))]

    def catch_up(self, vendor: str) -> list[str]:
        """Return a list with the one statement that recomputes all values."""
        return [self.refill]
