"""Restoring a backup, all or nothing, into a database without tables (SQLite or PostgreSQL) and an empty storage."""

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
    """Raised if the target is not empty or the backup was made by another version of the code.

    Also raised if the restored data differ from the backup or a trigger cannot be installed.
    """


def restore(*, path: Path, digest: str = "", progress: Progress = lambda what: None) -> Manifest:
    """Restore a backup into a database without tables and a storage without files, and return its manifest.

    First the whole archive is verified against its digests. `digest` is the one that `manage.py backup` printed; if it
    is given, the manifest must have it. After writing, every table is read back and must have the digest in the
    manifest, and every trigger must be in place. Call `progress` with “verified” after the verification, and with the
    name of each table and file.

    Before anything is written, raise BadArchive if the file is not an intact backup or has another digest, and
    CannotRestore if the target is not empty or another version of the code made the backup. Raise CannotRestore later
    if the restored data differ or a trigger is missing; the database then has only the tables and rows that migrations
    create, and no file is left.
    """
    with BackupArchive(path) as archive:
        manifest = archive.manifest
        if digest and digest.strip().lower() != manifest.digest:
            raise BadArchive("That digest belongs to another backup.")
        _check_version(manifest)
        archive.verify()
        progress("verified")
        _check_empty()
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
                        raise CannotRestore(f"{name} was created meanwhile. Restore into an empty storage.")
                    progress(name)
        except BaseException:
            for name in written:
                default_storage.delete(name)
            raise
    ContentType.objects.clear_cache()
    return manifest


def _check_version(manifest: Manifest) -> None:
    """Raise CannotRestore if migrations or tables of the backup differ from those of this code."""
    ours, theirs = set(known_migrations()), set(manifest.migrations)
    if ours != theirs:
        other = sorted(ours ^ theirs)[0]
        raise CannotRestore(
            f"Another version made this backup ({other} differs). Restore it with that version, then migrate."
        )
    wanted = {model._meta.label_lower: [field.column for field in columns(model)] for model in tables()}
    if {table.model: table.columns for table in manifest.tables} != wanted:
        raise CannotRestore("This backup has other tables than this version. Restore it with the version that made it.")


def _check_empty() -> None:
    """Raise CannotRestore if the database has tables or the media storage has files."""
    if connection.introspection.table_names():
        raise CannotRestore(
            "The database has tables already. Create a new one (createdb NAME, or another file) and set DATABASE_URL "
            "to it: a backup never overwrites anything."
        )
    if next(stored_files(), None):
        raise CannotRestore(
            "The media storage contains files already. Set MEDIA_ROOT to an empty folder, or MEDIA_STORAGE to an empty "
            "bucket."
        )


def _load(archive: BackupArchive, progress: Progress) -> None:
    """Insert all rows, then install the triggers, which would otherwise refuse many of the rows.

    Raise CannotRestore if a table that is read back differs from the backup, or a trigger is refused or missing.
    """
    models = {model._meta.label_lower: model for model in tables()}
    triggers.remove_all(connection)
    with connection.cursor() as cursor:
        for model in models.values():  # the rows that migrations have created are in the backup too
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
            raise CannotRestore(f"{member.model} differs from the backup when it is read back. Nothing was restored.")
    if refused := triggers.install_all(connection):
        raise CannotRestore(f"The database refuses a trigger ({refused[0]}). Nothing was restored.")
    if missing := triggers.missing(triggers.every_rule(), connection):
        raise CannotRestore(f"The database lacks the trigger {missing[0]}. Nothing was restored.")
