"""Columns and indexes that the database fills by itself, out of other rows: triggers.

For what lists are cut, sorted or searched by and no row of their own table says. Whatever writes those other rows, the
column follows in the same transaction, so it is never older than they are. `check_integrity` works it out anew all the
same.
"""

from dataclasses import dataclass

from core.db.triggers import PREFIX, Function, Operation, Trigger


@dataclass(frozen=True)
class DerivedColumn:
    """After `operation` on a row of `table` for which `condition` holds, do `statement`.

    Both are SQL of the databases `vendors`, and may use NEW and OLD. `needs` are the tables without which there is
    nothing to fill. `refill` works everything out from the beginning, for after a time in which the trigger was away.
    Apps list theirs as `derived_columns` of their configuration (core.db.triggers).
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
        """The one that is watched, and those that are filled."""
        return (self.table, *self.needs)

    def triggers(self, vendor: str) -> list[Trigger]:
        """A trigger on the rows of the table, after they were written."""
        if vendor not in self.vendors:
            return []
        name = f"{PREFIX}{self.name}"
        head = f"CREATE TRIGGER {name} AFTER {self.operation} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            return [Trigger(name, self.table, f"{head} WHEN ({self.condition}) BEGIN {self.statement}; END")]
        body = f"BEGIN IF {self.condition} THEN {self.statement}; END IF; RETURN NULL; END"
        return [Trigger(name, self.table, f"{head} EXECUTE FUNCTION {name}()", (Function(name, body),))]

    def catch_up(self, vendor: str) -> list[str]:
        """The statement that works everything out anew."""
        return [self.refill]
