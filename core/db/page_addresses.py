"""Page addresses: triggers that redirect every address that was ever public to its page.

A page's address contains the slug of a row, such as `/topics/<slug>/`. If the slug changes, a trigger records in the
table of redirects (core.redirects) that the old address leads to the new one, whichever code changes it. Guards refuse
a slug whose address leads to another page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

from core.db.derived_columns import DerivedColumn
from core.db.guards import Guard
from core.db.triggers import Operation, Trigger

TABLE = "core_redirect"
# The present time as the database writes it, plus a second, because its clock may be behind that of the web server.
# Not CURRENT_TIMESTAMP, which in PostgreSQL is the start of the transaction.
_NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 second')",
    "postgresql": "(clock_timestamp() + interval '1 second')",
}
_NOTHING_TO_REFILL = "SELECT 1"


@dataclass(frozen=True)
class LosingTable:
    """A table whose rows make other rows public, such as the topics of articles.

    `column` refers to the public row. `condition` is SQL that is true of a row (OLD) that made it public, and is
    checked when that row is updated or deleted. It may use {now}.
    """

    table: str
    column: str
    condition: str


@dataclass(frozen=True)
class PageAddress:
    """The rule for a table whose column `slug` is part of public addresses.

    `paths` are the addresses, with {} for the slug. The first is that of the page itself. `was_public` is an SQL
    condition on {row} that is true if readers could open the page at {now} or earlier. If it only reads a column that
    can be switched off, `switch` is the name of that column: the address is then recorded when the column becomes
    false. If the condition depends on rows of another table, `lost_by` does the same when such a row is updated or
    deleted. With `is_confidential`, messages do not name the row.

    An app lists these rules as `page_addresses` of its AppConfig.
    """

    table: str
    paths: tuple[str, ...]
    was_public: str
    switch: str = ""
    lost_by: LosingTable | None = None
    is_confidential: bool = False

    @property
    def name(self) -> str:
        """Return the name of the rule, which messages show and the names of its triggers contain."""
        return f"{self.table}_address"

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables that the triggers are on, and of the table of redirects."""
        return (self.table, TABLE, *([self.lost_by.table] if self.lost_by else []))

    def paths_of(self, slug: str) -> list[str]:
        """Return the addresses of the row with this slug, beginning with that of its page."""
        return [path.format(slug) for path in self.paths]

    def slug_in(self, path: str) -> str:
        """Return the slug in a path that is an address by this rule, or an empty string for any other path."""
        for known in self.paths:
            before, after = known.split("{}")
            slug = path.removeprefix(before).removesuffix(after)
            if slug and "/" not in slug and path == f"{before}{slug}{after}":
                return slug
        return ""

    def triggers(self, vendor: str) -> list[Trigger]:
        """Return the guards against addresses of other pages, and the triggers that record addresses."""
        guards = [trigger for guard in self._guards() for trigger in guard.triggers(vendor)]
        return guards + [trigger for record in self._records(vendor) for trigger in record.triggers(vendor)]

    def catch_up(self, vendor: str) -> list[str]:
        """Return no statements, because nothing tells which addresses changed while the triggers were missing."""
        return []

    def _guards(self) -> Iterator[Guard]:
        what = "this address was public for another page, and leads there"
        taken = f"EXISTS (SELECT 1 FROM {TABLE} r WHERE r.from_path IN ({', '.join(self._sql('NEW'))}))"
        yield Guard(f"{self.name}_insert", self.table, "INSERT", what, taken)
        for place, (old, new) in enumerate(self._moves()):
            others = f"EXISTS (SELECT 1 FROM {TABLE} r WHERE r.from_path = {new} AND r.to_path <> {old})"
            condition = f"OLD.slug <> NEW.slug AND {others}"
            yield Guard(f"{self.name}_update_{place}", self.table, "UPDATE", what, condition)

    def _records(self, vendor: str) -> Iterator[DerivedColumn]:
        public = self.was_public.format(row="OLD", now=_NOW[vendor])
        moves = "; ".join(statement for old, new in self._moves() for statement in _move(old, new, public))
        yield self._record("moved", "UPDATE", moves, "OLD.slug <> NEW.slug")
        keeps = "; ".join(_claim(old, old) for old in self._sql("OLD"))
        yield self._record("deleted", "DELETE", keeps, public)
        if self.switch:
            hidden = f"OLD.{self.switch} AND NOT NEW.{self.switch} AND OLD.slug = NEW.slug"
            yield self._record("hidden", "UPDATE", keeps, hidden)
        if self.lost_by:
            by = self.lost_by
            loses = "; ".join(
                _claim(path, path, f"{self.table} lost WHERE lost.id = OLD.{by.column} AND")
                for path in self._sql("lost")
            )
            condition = by.condition.format(now=_NOW[vendor])
            for operation in ("UPDATE", "DELETE"):
                yield self._record(f"lost_{operation.lower()}", operation, loses, condition, by.table)

    def _record(
        self, name: str, operation: Operation, statement: str, condition: str, table: str = ""
    ) -> DerivedColumn:
        return DerivedColumn(
            f"{self.name}_{name}", table or self.table, operation, statement, condition, _NOTHING_TO_REFILL, (TABLE,)
        )

    def _sql(self, row: str) -> list[str]:
        """Return the SQL expressions for the addresses of this row (OLD, NEW or an alias)."""
        return ["'{}' || {}.slug || '{}'".format(*_split(path, row)) for path in self.paths]

    def _moves(self) -> list[tuple[str, str]]:
        return [(f"({old})", f"({new})") for old, new in zip(self._sql("OLD"), self._sql("NEW"), strict=True)]


def _split(path: str, row: str) -> tuple[str, str, str]:
    before, after = path.split("{}")
    return before, row, after


def _move(old: str, new: str, public: str) -> list[str]:
    """Return the statements that redirect to `new` every address that led to `old`, and `old` itself if it was public.

    The first statement is for a row that returns to an earlier address of its own, which then leads to itself again.
    """
    return [
        f"UPDATE {TABLE} SET to_path = from_path WHERE from_path = {new} AND to_path = {old}",
        f"UPDATE {TABLE} SET to_path = {new} WHERE to_path = {old}",
        _claim(old, new, f"(SELECT 1) moved WHERE ({public}) AND"),
    ]


def _claim(old: str, new: str, source: str = "(SELECT 1) kept WHERE") -> str:
    """Return the statement that records that the address `old` leads to `new`, unless `old` is recorded already."""
    unless = f"NOT EXISTS (SELECT 1 FROM {TABLE} r WHERE r.from_path = {old})"
    return f"INSERT INTO {TABLE} (from_path, to_path) SELECT {old}, {new} FROM {source} {unless}"


def every_address() -> list[PageAddress]:
    """Return the rules of all installed apps."""
    return [rule for config in apps.get_app_configs() for rule in getattr(config, "page_addresses", ())]


def address_rule(table: str) -> PageAddress | None:
    """Return the rule for the rows of a table, or None if they have no public address."""
    return next((rule for rule in every_address() if rule.table == table), None)
