"""Restoring a backup into an empty database, of either kind, and an empty storage; all of it or nothing."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from backups.archive import BackupArchive, BadArchive, Manifest
from backups.creating import stored_files
from backups.rows import columns, insert, lines, tables
from core.db import triggers
from core.health import known_migrations

Progress = Callable[[str], object]


class CannotRestore(Exception):
    """Raised where something is there already, or the backup was made by other code."""


def restore(*, path: Path, digest: str = "", progress: Progress = lambda what: None) -> Manifest:
    """Put a backup into a database without tables and a storage without files; returns what was in it.

    All of the archive is read and held against its digests first, and against `digest` where one is given: that of the
    manifest, which `manage.py backup` said. Afterwards every table is read back and has to give the digest that was
    kept, and every trigger has to stand. Raises BadArchive and CannotRestore before anything is written; whatever is
    raised later leaves no row and no file, only empty tables.
    """
    with BackupArchive(path) as archive:
        manifest = archive.manifest
        if digest and digest.strip().lower() != manifest.digest:
            raise BadArchive("It is another backup than the one with this digest.")
        _fits(manifest)
        archive.verify()
        progress("verified")
        _is_empty()
        call_command("migrate", interactive=False, verbosity=0)
        written: list[str] = []
        try:
            with transaction.atomic(durable=True):
                _load(archive, progress)
                for member in manifest.media:
                    name = member.name.removeprefix("media/")
                    with archive.open(member) as file:
                        saved = default_storage.save(name, File(file))
                    written.append(saved)
                    if saved != name:
                        raise CannotRestore(f"{name} came into being meanwhile. Restore into an empty storage.")
                    progress(name)
        except BaseException:
            for name in written:
                default_storage.delete(name)
            raise
    ContentType.objects.clear_cache()
    return manifest


def _fits(manifest: Manifest) -> None:
    """Raises CannotRestore where the tables of the backup are not those of this code."""
    here, there = set(known_migrations()), set(manifest.migrations)
    if here != there:
        other = sorted(here ^ there)[0]
        raise CannotRestore(
            f"This backup is of other code ({other}). Restore it with the version that made it, then migrate."
        )
    wanted = {model._meta.label_lower: [field.column for field in columns(model)] for model in tables()}
    if {table.model: table.columns for table in manifest.tables} != wanted:
        raise CannotRestore("This backup has other tables than this code. Restore it with the version that made it.")


def _is_empty() -> None:
    """Raises CannotRestore where anything would be written over."""
    if connection.introspection.table_names():
        raise CannotRestore(
            "The database has tables already. Make a new one (createdb NAME, or another file) and name it in "
            "DATABASE_URL: nothing is ever restored over what is there."
        )
    if next(stored_files(), None):
        raise CannotRestore("There are files in MEDIA_ROOT already. Name an empty folder.")


def _load(archive: BackupArchive, progress: Progress) -> None:
    """All rows, without the guards, which forbid much that was right in its time; then the guards again."""
    models = {model._meta.label_lower: model for model in tables()}
    triggers.remove_all(connection)
    with connection.cursor() as cursor:
        for model in models.values():  # what migrations put there is in the backup as well
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
    for member in archive.manifest.tables:
        insert(models[member.model], archive.lines(member), connection)
        progress(member.model)
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)
    for member in archive.manifest.tables:
        hashed = hashlib.sha256()
        for line in lines(models[member.model]):
            hashed.update(line)
        if hashed.hexdigest() != member.sha256:
            raise CannotRestore(f"{member.model} does not read back as it was kept. Nothing was restored.")
    if refused := triggers.install_all(connection):
        raise CannotRestore(f"The database does not take up a rule ({refused[0]}). Nothing was restored.")
    if missing := triggers.missing(triggers.every_rule(), connection):
        raise CannotRestore(f"The database does not keep {missing[0]}. Nothing was restored.")
