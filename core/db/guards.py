"""Rules that the database itself keeps: triggers, the same ones on SQLite and PostgreSQL.

A room lists its `Guard`s in its `guards.py`; `core.db.triggers` puts them into the database.

A guard's condition is SQL that both databases read alike. It may use OLD and NEW and sub-queries. The
operation is refused where the condition is true.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.db.triggers import PREFIX, Function, Operation, Trigger


@dataclass(frozen=True)
class Guard:
    """Refuse `operation` on a row of `table` where `condition` holds, with `message` (no quotes in it)."""

    name: str
    table: str
    operation: Operation
    message: str
    condition: str = ""
    vendors: tuple[str, ...] = ("sqlite", "postgresql")

    @property
    def tables(self) -> tuple[str, ...]:
        """The guarded one. Where another that the condition names is absent, every such operation is refused."""
        return (self.table,)

    def triggers(self, vendor: str) -> list[Trigger]:
        """A trigger on the rows. On PostgreSQL one on TRUNCATE as well, which deletes rows without their triggers."""
        if vendor not in self.vendors:
            return []
        name, row = f"{PREFIX}{self.name}", "OLD" if self.operation == "DELETE" else "NEW"
        if vendor == "sqlite":
            when = f"WHEN {self.condition} " if self.condition else ""
            action = f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            sql = f"CREATE TRIGGER {name} BEFORE {self.operation} ON {self.table} FOR EACH ROW {when}{action}"
            return [Trigger(name, self.table, sql)]
        refuse = Function(
            name,
            f"BEGIN IF {self.condition or 'TRUE'} THEN "
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {row}; END",
        )
        events = {name: (self.operation, "ROW")}
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
        """Nothing: what a guard did not refuse is for `check_integrity` to find."""
        return []


def append_only(table: str, what: str) -> tuple[Guard, Guard]:
    """The two guards of a table whose rows are written once: no UPDATE, no DELETE."""
    return (
        Guard(f"{table}_no_update", table, "UPDATE", f"{what} is never changed"),
        never_deleted(table, what),
    )


def never_deleted(table: str, what: str) -> Guard:
    """The guard of a table whose rows may be completed but stay for good."""
    return Guard(f"{table}_no_delete", table, "DELETE", f"{what} is never deleted")


def column_fixed(table: str, columns: Iterable[str], what: str) -> Guard:
    """The guard of columns that keep what they were first given (NULL counts as a value)."""
    changed = " OR ".join(
        f"(OLD.{column} <> NEW.{column} OR (OLD.{column} IS NULL) <> (NEW.{column} IS NULL))" for column in columns
    )
    return Guard(f"{table}_fixed", table, "UPDATE", f"{what} is never changed", changed)
