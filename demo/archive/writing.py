"""Write rows in bulk, by COPY on PostgreSQL and a prepared INSERT on SQLite. Triggers and constraints stay active."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import NOT_PROVIDED, Max, Model

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Keys:
    """The last primary key used in a table, shared by every BulkTable that writes to it."""

    def __init__(self, model: type[Model]) -> None:
        self.column = model._meta.pk.attname
        is_counted = model._meta.pk.remote_field is None
        self.last = (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) if is_counted else 0


class BulkTable:
    """Rows of one model that are to be written to its table. `add` assigns their primary keys."""

    def __init__(self, model: type[Model], keys: "Keys | None" = None) -> None:
        self.model = model
        self.fields = model._meta.concrete_fields
        self.columns = [field.attname for field in self.fields]
        self.defaults = {
            field.attname: field.default
            if field.default is not NOT_PROVIDED and not callable(field.default)
            else ("" if field.empty_strings_allowed and not field.null else None)
            for field in self.fields
        }
        self.keys = keys or Keys(model)
        self.keys_added: list[int] = []
        self.rows: list[Sequence[Any]] = []

    def beside(self) -> "BulkTable":
        """Return an empty BulkTable for the same table, which shares the counter of primary keys."""
        return BulkTable(self.model, self.keys)

    @property
    def next_key(self) -> int:
        """Return the primary key of the row that will be added next."""
        return self.keys.last + 1

    def add(self, **values: Any) -> int:
        """Add a row and return its primary key. `values` are named by attribute (`article_id`).

        Raise TypeError for an unknown name.
        """
        if self.keys.column not in values:
            self.keys.last += 1
            values[self.keys.column] = self.keys.last
        key = values[self.keys.column]
        self.keys_added.append(key)
        self.rows.append([values.pop(name, default) for name, default in self.defaults.items()])
        if values:
            raise TypeError(f"{self.model.__name__} has no column {', '.join(values)}.")
        return key

    def write(self) -> None:
        """Write the rows added so far to the table, and forget them."""
        if not self.rows:
            return
        names = ", ".join(connection.ops.quote_name(field.column) for field in self.fields)
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", _as_copied(self.rows))
            else:
                marks = ", ".join(["%s"] * len(self.columns))
                rows = ([_as_stored(value) for value in row] for row in self.rows)
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        self.rows = []


def more_memory() -> None:
    """Enlarge SQLite's page cache for this connection to 256 MiB, so that it holds the upper levels of every index.

    Do nothing on PostgreSQL.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -262144")


def after_bulk(models: Iterable[type[Model]]) -> None:
    """Reset the key sequences of these models and update the statistics of the query planner.

    On PostgreSQL the tables are also vacuumed, as autovacuum would do later, unless a transaction is open.
    """
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
        in_transaction = connection.in_atomic_block
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" and not in_transaction else "ANALYZE")


def _as_stored(value: Any) -> Any:
    """Return a value as Django stores it on SQLite."""
    if isinstance(value, datetime):
        return str(value.replace(tzinfo=None))  # Django stores times on SQLite in UTC without a time zone
    return json.dumps(value) if isinstance(value, dict | list) else value


def _as_copied(rows: Iterable[Sequence[Any]]) -> StringIO:
    """Return the rows as a file in the text format of COPY."""
    return StringIO("".join("\t".join(map(_copied, row)) + "\n" for row in rows))


def _copied(value: Any) -> str:
    """Return a value in the text format of COPY."""
    if value is None:
        return "\\N"
    if isinstance(value, dict | list):
        value = json.dumps(value)
    return str(value).translate(ESCAPED)
