"""A plugin for pytest in the mutation run: on SQLite the migrated database is kept, and each run begins with a copy.

What is seeded may stand in triggers, which `migrate` installs: they are installed anew from the code at hand.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.creation import DatabaseCreation

from betterment import guards

KEPT = Path(os.environ["MUTANTS_MIGRATED"])
_create = DatabaseCreation.create_test_db


def create_test_db(self: DatabaseCreation, *args: object, **kwargs: object) -> str:
    """As Django does it, with the migrations' outcome in place of the migrations where it is known."""
    if not KEPT.exists():
        name = _create(self, *args, **kwargs)
        with closing(sqlite3.connect(KEPT)) as kept:
            self.connection.connection.backup(kept)
        return name
    name = self._get_test_db_name()
    self.connection.close()
    connections[self.connection.alias].settings_dict["NAME"] = self.connection.settings_dict["NAME"] = name
    self.connection.ensure_connection()
    with closing(sqlite3.connect(KEPT)) as kept:
        kept.backup(self.connection.connection)
    _install_triggers(self.connection)
    call_command("createcachetable", database=self.connection.alias)
    return name


def _install_triggers(connection: BaseDatabaseWrapper) -> None:
    from betterment import freshness  # knows a model: the settings are there by now

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
    tables = set(connection.introspection.table_names())
    for room in apps.get_app_configs():
        guards.install((guard for guard in getattr(room, "guards", ()) if guard.table in tables), connection)
        freshness.install([table for table in getattr(room, "shown", ()) if table.table in tables], connection)


DatabaseCreation.create_test_db = create_test_db
