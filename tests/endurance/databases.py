"""A database of a test's own, copied from the migrated one. Other processes can open it, and nobody has to empty it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from dj_database_url import parse
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """Connect `django.db.connection` to a copy of the test database until the block ends; yield its DATABASE_URL.

    Transactions commit there. Afterwards, the copy is removed and all connections to it are closed.
    """
    migrated = connections["default"]
    assert "test_" in migrated.settings_dict["NAME"] or migrated.is_in_memory_db(), "not a test database"
    own = migrated.copy()
    name = _copy_to_file(migrated, folder) if own.vendor == "sqlite" else _copy_on_server(migrated)
    own.settings_dict["NAME"] = name
    if own.vendor == "sqlite":
        own.settings_dict["OPTIONS"] = {**own.settings_dict["OPTIONS"], "transaction_mode": "DEFERRED"}
    try:
        with _in_place(own):
            yield url_of(own)
    finally:
        if own.vendor == "postgresql":
            with migrated._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Connect `django.db.connection` to this database, which is of the same kind, until the block ends."""
    elsewhere = connections["default"].copy()
    elsewhere.settings_dict.update({"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", **parse(url)})
    with _in_place(elsewhere):
        yield


@contextmanager
def _in_place(database: BaseDatabaseWrapper) -> Iterator[None]:
    before = connections["default"]
    connections["default"] = database
    try:
        yield
    finally:
        database.close()
        connections["default"] = before


def url_of(database: BaseDatabaseWrapper) -> str:
    """Return the DATABASE_URL with which another process opens the same database."""
    said = database.settings_dict
    if database.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    who = quote(said["USER"], safe="")
    if said["PASSWORD"]:
        who += ":" + quote(said["PASSWORD"], safe="")
    where = quote(said["HOST"], safe="") + (f":{said['PORT']}" if said["PORT"] else "")
    return f"postgresql://{who}{'@' if who else ''}{where}/{said['NAME']}"


def contents() -> dict[str, object]:
    """Return each table's name with a value that identifies its rows: the rows themselves, or their digest on
    PostgreSQL.
    """
    tables = sorted(connection.introspection.table_names())
    if connection.vendor == "sqlite":
        return {table: connection.connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}
    with connection.cursor() as cursor:
        one = "SELECT '{0}', md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{0}\" t"
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())


def _copy_to_file(migrated: BaseDatabaseWrapper, folder: Path) -> str:
    migrated.ensure_connection()
    path = folder / "own.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        migrated.connection.backup(copy)
    return str(path)


def _copy_on_server(migrated: BaseDatabaseWrapper) -> str:
    template = migrated.settings_dict["NAME"]
    migrated.close()  # a template must have no connections
    with migrated._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{template}_own" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{template}_own" TEMPLATE "{template}"')
    return f"{template}_own"
