"""`manage.py migrate`, which removes the project's triggers while migrations run (core.db.triggers).

For most changes on SQLite, Django creates a new table and drops the old one together with its triggers, and SQLite
refuses this while a trigger of another table refers to the old one. PostgreSQL refuses some changes to columns that a
trigger reads. All of the project's triggers are therefore removed before the first migration and installed at the end,
so that no migration has to deal with them.

This is a command and not a signal handler because Django does not send `post_migrate` when a migration fails, and then
the triggers must be installed again. Test databases and `restore` call this command as well.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import TextIOBase
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.migrations.migration import Migration

from core.db import triggers
from core.health import unapplied_migrations

# The number of an advisory lock of PostgreSQL; nothing else may use it in this database.
LOCK = 2_051_337_013
SECONDS_BETWEEN_TRIES = 0.5


class Command(migrate.Command):
    def handle(self, *args: object, **options: Any) -> None:
        """Migrate as Django does, in one process at a time, and install all triggers afterwards.

        Raise CommandError if the database refuses a trigger although all migrations are applied, and whatever Django's
        command raises. If some migrations are not applied, a refusal is only reported on stderr.
        """
        if options["plan"] or options["check_unapplied"] or options["prune"]:  # these change no table
            super().handle(*args, **options)
            return
        self.database = connections[options["database"]]
        with exclusive(self.database, self.stderr):
            try:
                super().handle(*args, **options)
            except BaseException:
                self._reinstall_triggers()
                raise
            if (refused := triggers.install_all(self.database)) and not unapplied_migrations(self.database):
                raise CommandError(f"The database refuses {len(refused)} triggers; the first is {refused[0]}.")
            self._report(refused)

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        """Remove the triggers when a migration is about to be applied or unapplied, unless it is only faked.

        Django calls this before and after each migration; after the first removal there is nothing left to remove.
        """
        if action in ("apply_start", "unapply_start") and not fake:
            triggers.remove_all(self.database)
        super().migration_progress_callback(action, migration, fake)

    def _reinstall_triggers(self) -> None:
        """Install the triggers after a failed migration.

        Report a DatabaseError on stderr instead of raising it, so that it does not replace the exception of the
        migration.
        """
        try:
            if not self.database.in_atomic_block:
                self.database.close_if_unusable_or_obsolete()
            self._report(triggers.install_all(self.database))
        except DatabaseError as error:
            self.stderr.write(f"The database has no triggers now ({error}). Do not serve the site; run migrate.")

    def _report(self, refused: list[str]) -> None:
        if refused:
            self.stderr.write(
                f"This database is between two versions: {len(refused)} triggers cannot be installed yet; the first is "
                f"{refused[0]}. Apply all migrations before you serve the site."
            )


@contextmanager
def exclusive(connection: BaseDatabaseWrapper, stderr: TextIOBase) -> Iterator[None]:
    """Hold a lock within the block, so that no other process migrates this database meanwhile.

    Without the lock, the first of two processes to end would install the triggers while the other one still migrates.
    If another process has the lock, report that on `stderr` and wait.
    """
    with _try_lock(connection) as take:
        if not take():
            stderr.write("Another process is migrating this database: waiting for it to end.")
            while not take():
                time.sleep(SECONDS_BETWEEN_TRIES)
        yield


def _try_lock(connection: BaseDatabaseWrapper) -> AbstractContextManager[Callable[[], bool]]:
    """Return a context manager for the lock. Leaving its block releases the lock.

    The value of the context manager is a function that tries to take the lock and returns whether it has succeeded.
    """
    if connection.vendor == "postgresql":
        return _lock_on_postgresql(connection)
    if isinstance(connection, SQLite) and connection.is_in_memory_db():
        return nullcontext(lambda: True)
    return _lock_on_folder(Path(connection.settings_dict["NAME"]).resolve().parent)


@contextmanager
def _lock_on_postgresql(connection: BaseDatabaseWrapper) -> Iterator[Callable[[], bool]]:
    """Yield a function that tries to take an advisory lock, and release the lock at the end.

    The lock is polled, because CREATE INDEX CONCURRENTLY would wait for a database session that waits for the lock.
    """

    def ask(question: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {question}(%s)", [LOCK])
            return bool(cursor.fetchone()[0])

    try:
        yield lambda: ask("pg_try_advisory_lock")
    finally:
        try:
            ask("pg_advisory_unlock")
        except DatabaseError:  # the connection is gone, and the lock with it
            connection.close()


@contextmanager
def _lock_on_folder(folder: Path) -> Iterator[Callable[[], bool]]:
    """Yield a function that tries to lock the folder of the database, and release the lock at the end.

    The database file is not locked, because closing the file would release SQLite's own locks on it.
    """
    number = os.open(folder, os.O_RDONLY)
    try:
        yield lambda: _flock(number)
    finally:
        os.close(number)


def _flock(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some shared file systems have no such locks; continue without one
        return True
    return True
