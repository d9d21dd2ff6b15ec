"""Conversion of rows to lines of JSON that are the same on every database, and back.

Model fields do not clean, count or date the values on the way, so a restored row is equal to the saved one.
"""

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

# Models whose rows are only temporary: sessions, the changes that page caches compare, and counts for rate limits.
LEFT_OUT = {"sessions.session", "core.sitechange", "core.count"}
BATCH = 500


def tables() -> list[type[models.Model]]:
    """Return every model to back up, including automatic many-to-many tables, sorted by label in lower case."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def columns(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a model that have a column of their own, except columns that the database generates."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """Yield the rows of a table, sorted by primary key, each as a JSON list (UTF-8) followed by a line feed."""
    fields = columns(model)
    names = [field.attname for field in fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        values = [to_json(field, value) for field, value in zip(fields, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def to_json(field: models.Field, value: Any) -> Any:
    """Return a value of `field` in a form that JSON can represent: times in UTC, bytes in Base64, durations in µs.

    Raise TypeError for any other type of value.
    """
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
    # A field with its own Python type (a list of email addresses, for instance) converts it to its column.
    if isinstance(column := field.get_prep_value(value), str):
        return column
    raise TypeError(f"{field} holds a {type(value).__name__}, which a backup does not know.")


def insert(model: type[models.Model], rows: Iterable[Sequence[Any]], connection: BaseDatabaseWrapper) -> int:
    """Insert rows, given as the parsed JSON lists of `lines`, in batches; return how many were inserted."""
    fields = columns(model)
    quote = connection.ops.quote_name
    insert_into = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)}) VALUES "
    )
    placeholders = f"({', '.join(['%s'] * len(fields))})"
    batch_size = max(1, min(BATCH, (connection.features.max_query_params or 30_000) // len(fields)))
    count, batch = 0, []

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                insert_into + ", ".join([placeholders] * len(batch)), [value for row in batch for value in row]
            )

    for row in rows:
        batch.append([to_column(field, value, connection) for field, value in zip(fields, row, strict=True)])
        count += 1
        if len(batch) == batch_size:
            write()
            batch.clear()
    if batch:
        write()
    return count


def to_column(field: models.Field, value: Any, connection: BaseDatabaseWrapper) -> Any:
    """Return a value from `to_json` in the form that the database driver expects.

    The field's own cleaning, which could change the value, is bypassed.
    """
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
    """Return the field itself or, for a foreign key, the field at the end of the chain of foreign keys."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field
