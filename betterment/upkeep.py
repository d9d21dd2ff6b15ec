"""Columns that the database fills by itself, out of other rows: triggers, the same ones on SQLite and PostgreSQL.

For what lists are cut or sorted by and no row of their own table says. Whatever writes those other rows, the column
follows in the same transaction, so it is never older than they are. `check_integrity` works it out anew all the same.
"""

from dataclasses import dataclass

from betterment.guards import Operation


@dataclass(frozen=True)
class Upkeep:
    """After `operation` on a row of `table` for which `condition` holds, do `statement`.

    Both are SQL that both databases read alike, and may use NEW. Listed, installed, missed and taken away together
    with a room's guards (betterment.guards).
    """

    name: str
    table: str
    operation: Operation
    statement: str
    condition: str
    vendors: tuple[str, ...] = ("sqlite", "postgresql")

    def create_sql(self, vendor: str) -> list[str]:
        """The statements that put it in place on a database where it is absent."""
        head = f"CREATE TRIGGER {self.name} AFTER {self.operation} ON {self.table} FOR EACH ROW WHEN ({self.condition})"
        if vendor == "postgresql":
            return [
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $upkeep$ "
                f"BEGIN {self.statement}; RETURN NULL; END $upkeep$",
                f"{head} EXECUTE FUNCTION {self.name}()",
            ]
        return [f"{head} BEGIN {self.statement}; END"]

    def drop_sql(self, vendor: str) -> list[str]:
        """The statements that take it away, whether or not it is there."""
        if vendor == "postgresql":
            return [
                f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
                f"DROP FUNCTION IF EXISTS {self.name}()",
            ]
        return [f"DROP TRIGGER IF EXISTS {self.name}"]
