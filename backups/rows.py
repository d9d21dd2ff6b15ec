"""Rows as lines that every database writes alike, and back. Between the two no field cleans, counts or dates anything:
what is restored is what was kept, to the byte."""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# What belongs to this machine and this day: who is signed in, who asked how often, what its stores know.
LEFT_OUT = {"sessions.session", "pagecache.change", "core.count"}
BATCH = 500


def tables() -> list[type[models.Model]]:
    """Every model whose rows are kept, with the tables between them, in a steady order."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def columns(model: type[models.Model]) -> list[models.Field]:
    """The fields that have a column of their own which the database does not make by itself."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """The rows of a table by primary key, each a JSON list in one line."""
    fields = columns(model)
    names = [field.attname for field in fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        values = [plain(field, value) for field, value in zip(fields, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def plain(field: models.Field, value: Any) -> Any:
    """A value as JSON has it. Raises TypeError for a kind of value that no table of ours has had."""
    if isinstance(_base(field), models.JSONField) or value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal(1).scaleb(-_base(field).decimal_places)), "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    # A field that makes something of its own out of its column (a list of addresses) is asked for the column.
    if isinstance(column := field.get_prep_value(value), str):
        return column
    raise TypeError(f"{field} holds a {type(value).__name__}, which a backup does not know.")


def insert(model: type[models.Model], rows: Iterable[Sequence[Any]], connection: BaseDatabaseWrapper) -> int:
    """Write rows as `lines` gave them, many at once; returns how many."""
    fields = columns(model)
    quote = connection.ops.quote_name
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)}) VALUES "
    place = f"({', '.join(['%s'] * len(fields))})"
    many = max(1, min(BATCH, (connection.features.max_query_params or 30_000) // len(fields)))
    count, batch = 0, []

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(into + ", ".join([place] * len(batch)), [value for row in batch for value in row])

    for row in rows:
        batch.append([stored(field, value, connection) for field, value in zip(fields, row, strict=True)])
        count += 1
        if len(batch) == many:
            write()
            batch.clear()
    if batch:
        write()
    return count


def stored(field: models.Field, value: Any, connection: BaseDatabaseWrapper) -> Any:
    """A value of `plain` as the database's driver wants it, past everything that the field itself would do to it."""
    base, operations = _base(field), connection.ops
    if value is None:
        return None
    if isinstance(base, models.JSONField):
        return operations.adapt_json_value(value, base.encoder)
    if isinstance(base, models.DateTimeField):
        return operations.adapt_datetimefield_value(datetime.fromisoformat(value))
    if isinstance(base, models.DateField):
        return operations.adapt_datefield_value(date.fromisoformat(value))
    if isinstance(base, models.TimeField):
        return operations.adapt_timefield_value(time.fromisoformat(value))
    if isinstance(base, models.DecimalField):
        return operations.adapt_decimalfield_value(Decimal(value), base.max_digits, base.decimal_places)
    if isinstance(base, models.UUIDField):
        return base.get_db_prep_value(UUID(value), connection)
    if isinstance(base, models.DurationField):
        return base.get_db_prep_value(timedelta(microseconds=value), connection)
    if isinstance(base, models.BinaryField):
        return base.get_db_prep_value(base64.b64decode(value), connection)
    return value


def _base(field: models.Field) -> models.Field:
    """The field whose kind of value a foreign key has."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field
