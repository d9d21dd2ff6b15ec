"""Rows that many tests start with, and their files. The site's functions make them once; later tests insert copies.

Creating them anew for each test took more than half of the tests' time.
"""

import pickle
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from core.models import SiteChange

_INSERTED = re.compile(r'INSERT (?:OR IGNORE )?INTO "(\w+)"')
# The rows of a test may be older than the test by at most this time.
OLD = timedelta(hours=1)


class Kept:
    """The result of `make`, and the rows and uploaded files that it writes. Each call writes these again and returns a
    copy of the result.

    The rows keep their primary keys. `make` is called again if the stored rows are older than OLD or newer than the
    test's clock, or if their primary keys are taken.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make
        self._kept: list[tuple[datetime, bytes, list[tuple[str, list]], dict[str, bytes]]] = []
        # Which of the kept rows the last call inserted; None if it had to make others that are not kept.
        self.inserted: int | None = None

    def __call__(self) -> object:
        now, self.inserted = timezone.now(), None
        for number, (made_at, made, inserts, files) in enumerate(self._kept):
            if made_at <= now < made_at + OLD:
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        for statement, values in inserts:
                            cursor.execute(statement, values)
                        _continue_sequences(cursor, inserts)
                except IntegrityError:
                    return self.make()
                upload(files)
                self.inserted = number
                return pickle.loads(made)
        return self._first(now)

    def _first(self, now: datetime) -> object:
        tables: list[str] = []

        def note(execute, sql, params, many, context):
            tables.extend(name for name in _INSERTED.findall(sql) if name not in tables)
            return execute(sql, params, many, context)

        before = rows()
        with connection.execute_wrapper(note):
            made = self.make()
        after = rows()
        stood = {name: set(rows) for name, rows in before.items()}
        assert all(stood[name] <= set(after[name]) for name in after), "a row that stood there was changed"
        new = {name: [row for row in rows if row not in stood[name]] for name, rows in after.items()}
        written = {name for name in new if new[name]}
        assert written <= set(tables), f"a trigger wrote to {written - set(tables)}"
        inserts = [_insert(name, new[name]) for name in tables if name in written]
        self.inserted = len(self._kept)
        self._kept.append((now, pickle.dumps(made), inserts, uploaded_files()))
        return pickle.loads(self._kept[-1][1])


def _continue_sequences(cursor, inserts: list[tuple[str, list]]) -> None:
    """Let the next primary keys be greater than those of the inserted rows. SQLite does so by itself."""
    if connection.vendor == "sqlite":
        return
    tables = [_INSERTED.match(statement)[1] for statement, _ in inserts]
    numbered = [name for name in tables if isinstance(_models()[name]._meta.pk, models.AutoField)]
    cursor.execute(
        "SELECT setval(sequence, greatest(last, pg_sequence_last_value(sequence))) FROM ("
        + " UNION ALL ".join(
            f"SELECT pg_get_serial_sequence('{name}', 'id')::regclass AS sequence, max(id) AS last FROM {name}"
            for name in numbered
        )
        + ") AS inserted"
    )


def uploaded_files() -> dict[str, bytes]:
    """Return the uploaded files by their name below MEDIA_ROOT, which is empty when a test begins."""
    folder = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def upload(files: dict[str, bytes]) -> None:
    """Write files below MEDIA_ROOT."""
    for name, data in files.items():
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _models() -> dict[str, type[models.Model]]:
    """Return the models by table name, except SiteChange, because triggers write its rows again."""
    return {one._meta.db_table: one for one in apps.get_models(include_auto_created=True) if one is not SiteChange}


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields if not field.generated)


def rows() -> dict[str, list[tuple]]:
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
