"""Derived columns: columns and indexes that database triggers compute from other rows.

Lists are filtered, sorted and searched by them. Whatever writes the other rows, the trigger updates the column in the
same transaction, so it is never out of date. `check_integrity` computes them again all the same.
"""

from dataclasses import dataclass

from core.db.triggers import PREFIX, Function, Operation, Trigger


@dataclass(frozen=True)
class DerivedColumn:
    """A trigger that runs `statement` after `operation` on a row of `table` for which `condition` is true.

    `statement` and `condition` are SQL that the databases `vendors` understand; they may use NEW and OLD. `needs` names
    the tables that the statement writes to. `refill` is the statement that computes all values again, after the trigger
    was removed for a while. Apps list theirs as `derived_columns` of their configuration (core.db.triggers).
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
        """The table with the trigger and the tables that it writes to."""
        return (self.table, *self.needs)

    def triggers(self, vendor: str) -> list[Trigger]:
        """Return the AFTER trigger for this database, or no trigger if only another database has the column."""
        if vendor not in self.vendors:
            return []
        name = f"{PREFIX}{self.name}"
        head = f"CREATE TRIGGER {name} AFTER {self.operation} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            return [Trigger(name, self.table, f"{head} WHEN ({self.condition}) BEGIN {self.statement}; END")]
        body = f"BEGIN IF {self.condition} THEN {self.statement}; END IF; RETURN NULL; END"
        return [Trigger(name, self.table, f"{head} EXECUTE FUNCTION {name}()", (Function(name, body),))]

    def catch_up(self, vendor: str) -> list[str]:
        """Return the statement that computes all values again."""
        return [self.refill]
