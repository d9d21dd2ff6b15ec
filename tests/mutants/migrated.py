"""A plugin for pytest in the mutation run: on SQLite the migrated database is kept, and each run begins with a copy.

A fault may be in a trigger, which `migrate` installs, so the triggers are installed anew from the current code.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.backends.sqlite3.creation import DatabaseCreation

from core.db import triggers

KEPT = Path(os.environ["MUTANTS_MIGRATED"])
_create = DatabaseCreation.create_test_db


def create_test_db(self: DatabaseCreation, *args: object, **kwargs: object) -> str:
    """Do what Django does, but load the stored result of the migrations if there is one."""
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
    triggers.remove_all(self.connection)
    triggers.install_all(self.connection)
    call_command("createcachetable", database=self.connection.alias)
    return name


DatabaseCreation.create_test_db = create_test_db
