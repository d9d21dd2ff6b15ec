"""Rows that many tests start with. The site's functions create them once; later tests insert copies of the rows.

Creating them anew for each test took more than half of the tests' time.
"""

import pickle
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from core.models import SiteChange

_INSERTED = re.compile(r'INSERT (?:OR IGNORE )?INTO "(\w+)"')
# The rows of a test may be older than the test by at most this time.
OLD = timedelta(hours=1)


class Kept:
    """The result of `make` and the rows that it writes. Each call inserts these rows and returns a copy of the result.

    The rows keep their primary keys. `make` is called again if the stored rows are older than OLD or newer than the
    test's clock, or if their primary keys are taken.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make
        self._kept: list[tuple[datetime, bytes, list[tuple[str, list]]]] = []

    def __call__(self) -> object:
        now = timezone.now()
        for made_at, made, inserts in self._kept:
            if made_at <= now < made_at + OLD:
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        for statement, values in inserts:
                            cursor.execute(statement, values)
                except IntegrityError:
                    return self.make()
                return pickle.loads(made)
        return self._first(now)

    def _first(self, now: datetime) -> object:
        tables: list[str] = []

        def note(execute, sql, params, many, context):
            tables.extend(name for name in _INSERTED.findall(sql) if name not in tables)
            return execute(sql, params, many, context)

        before = _rows()
        with connection.execute_wrapper(note):
            made = self.make()
        after = _rows()
        stood = {name: set(rows) for name, rows in before.items()}
        assert all(stood[name] <= set(after[name]) for name in after), "a row that stood there was changed"
        new = {name: [row for row in rows if row not in stood[name]] for name, rows in after.items()}
        written = {name for name in new if new[name]}
        assert written <= set(tables), f"a trigger wrote to {written - set(tables)}"
        self._kept.append((now, pickle.dumps(made), [_insert(name, new[name]) for name in tables if name in written]))
        return made


def _models() -> dict[str, type[models.Model]]:
    """Return the models by table name, except SiteChange, because triggers write its rows again."""
    return {one._meta.db_table: one for one in apps.get_models(include_auto_created=True) if one is not SiteChange}


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields if not field.generated)


def _rows() -> dict[str, list[tuple]]:
    """Return every row of every table, as the database driver returns it."""
    found = {}
    with connection.cursor() as cursor:
        for name, model in _models().items():
            cursor.execute(f'SELECT {_columns(model)} FROM "{name}" ORDER BY 1')
            found[name] = cursor.fetchall()
    return found


def _insert(name: str, rows: list[tuple]) -> tuple[str, list]:
    places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
    columns = _columns(_models()[name])
    return f'INSERT INTO "{name}" ({columns}) VALUES {places}', [value for row in rows for value in row]
