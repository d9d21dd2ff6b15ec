"""`manage.py migrate`, with the project's triggers out of its way (core.db.triggers).

SQLite makes a table anew for most changes of it, loses its triggers with the old one, and refuses the new one while any
trigger names it; PostgreSQL refuses some changes of what a trigger reads. So that no migration has to remember this,
all of the project's triggers go before the first migration of a run and come back after the last.

A command rather than the signals: `post_migrate` is not sent when a migration fails, and that is when the rules must
come back. Whatever runs migrations with `call_command`, test databases and `restore` among it, comes through here.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.migration import Migration

from core.db import triggers
from core.health import unapplied_migrations

# PostgreSQL knows its locks by a number: any will do that nobody else takes in this database.
LOCK = 2_051_337_013
SECONDS_BETWEEN_TRIES = 0.5


class Command(migrate.Command):
    def handle(self, *args: object, **options: object) -> None:
        """Migrate as Django does, one process at a time, and leave the database with all of its rules.

        Raises what Django's command raises, and CommandError where the database refuses a rule although its tables are
        those of this code. Between two versions of the tables that is no error, and a line on stderr tells of it.
        """
        if options["plan"] or options["check_unapplied"] or options["prune"]:  # they change nothing that has triggers
            super().handle(*args, **options)
            return
        self.database = connections[options["database"]]
        with alone(self.database, self.stderr):
            try:
                super().handle(*args, **options)
            except BaseException:
                self._save_what_can_be()
                raise
            if (refused := triggers.install_all(self.database)) and not unapplied_migrations(self.database):
                raise CommandError(f"The database does not take up {len(refused)} rules, {refused[0]} the first.")
            self._tell(refused)

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        """Called by Django before and after each migration."""
        if action in ("apply_start", "unapply_start") and not fake:
            triggers.remove_all(self.database)
        super().migration_progress_callback(action, migration, fake)

    def _save_what_can_be(self) -> None:
        """After a failure, without hiding it."""
        try:
            if not self.database.in_atomic_block:
                self.database.close_if_unusable_or_obsolete()
            self._tell(triggers.install_all(self.database))
        except DatabaseError as error:
            self.stderr.write(f"The database was left without its rules ({error}). Nothing may be served: run migrate.")

    def _tell(self, refused: list[str]) -> None:
        if refused:
            self.stderr.write(
                f"This database is between two versions and cannot keep {len(refused)} rules of this one yet, "
                f"{refused[0]} the first. Migrate to the end before anything is served."
            )


@contextmanager
def alone(connection: BaseDatabaseWrapper, stderr: IO[str]) -> Iterator[None]:
    """While the block runs, no other process migrates this database: the first to end would put triggers back into
    the other's way. Waits for its turn, and says so on `stderr`."""
    with _lock(connection) as take:
        if not take():
            stderr.write("Another process is migrating this database: waiting for it to end.")
            while not take():
                time.sleep(SECONDS_BETWEEN_TRIES)
        yield


def _lock(connection: BaseDatabaseWrapper) -> AbstractContextManager[Callable[[], bool]]:
    """A function that takes the lock if it is free and says whether it did. The lock ends with the block."""
    if connection.vendor == "postgresql":
        return _lock_on_postgresql(connection)
    if connection.is_in_memory_db():
        return nullcontext(lambda: True)
    return _lock_on_folder(Path(connection.settings_dict["NAME"]).resolve().parent)


@contextmanager
def _lock_on_postgresql(connection: BaseDatabaseWrapper) -> Iterator[Callable[[], bool]]:
    """Asked again and again instead of waiting: an index that is built concurrently waits for whoever waits."""

    def ask(question: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {question}(%s)", [LOCK])
            return cursor.fetchone()[0]

    try:
        yield lambda: ask("pg_try_advisory_lock")
    finally:
        try:
            ask("pg_advisory_unlock")
        except DatabaseError:  # the connection is gone, and the lock with it
            connection.close()


@contextmanager
def _lock_on_folder(folder: Path) -> Iterator[Callable[[], bool]]:
    """Of the folder, since SQLite has locks of its own on its file and loses them when another opens and closes it."""
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
    except OSError:  # a file system without such locks, as some shared ones are
        return True
    return True
