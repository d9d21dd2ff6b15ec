"""Making a backup: one file with a consistent snapshot of the database, and the media."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection, transaction

from backups.archive import CHUNK, Manifest, Writer, is_safe
from backups.rows import columns, lines, tables
from core.health import known_migrations, unapplied_migrations

Progress = Callable[[str], object]


class CannotBackUp(Exception):
    """Raised if a migration is not applied, or if the file of the backup or its .part file exists."""


def back_up(*, path: Path, progress: Progress = lambda what: None) -> Manifest:
    """Write a backup to `path`, which must not exist, and return its manifest.

    All rows are read in one transaction (REPEATABLE READ on PostgreSQL, a snapshot of the write-ahead log on SQLite),
    so they are consistent with each other, and reading them blocks nobody. The files are listed after the transaction
    has begun, and a stored picture never changes, so every file that a row names is included. Call `progress` with the
    name of each table and file.

    Raise CannotBackUp if `path` or its .part file exists or if a migration is not applied, and OSError if the file
    system fails. An incomplete file is removed.
    """
    if path.exists():
        raise CannotBackUp(f"{path} exists already. Choose another name, or move it away.")
    if missing := unapplied_migrations():
        raise CannotBackUp(f"The migration {missing[0]} is not applied to this database. Run manage.py migrate.")
    part = path.with_name(f"{path.name}.part")
    try:
        manifest = _write(part, progress)
    except FileExistsError as error:
        raise CannotBackUp(
            f"{part} exists: another backup is running, or one was interrupted; in that case remove the file."
        ) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.rename(path)
    return manifest


def _write(part: Path, progress: Progress) -> Manifest:
    writer = Writer(part)
    members = []
    with snapshot():
        for model in tables():
            label, count = model._meta.label_lower, 0

            def counted(rows: Iterator[bytes]) -> Iterator[bytes]:
                nonlocal count
                for row in rows:
                    count += 1
                    yield row

            member = writer.add(f"tables/{label}.jsonl", counted(lines(model)))
            names = [field.column for field in columns(model)]
            members.append(type(member)(member.name, member.size, member.sha256, label, names, count))
            progress(label)
        media = []
        for name in stored_files():
            with default_storage.open(name) as file:
                # Pictures are compressed already.
                media.append(writer.add(f"media/{name}", file.chunks(CHUNK), compress=False))
            progress(name)
    manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), known_migrations(), members, media)
    writer.finish(manifest)
    return manifest


@contextmanager
def snapshot() -> Iterator[None]:
    """Context manager: within the block, this connection reads a consistent snapshot of the database.

    Other connections can write meanwhile. Raise RuntimeError inside another transaction.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    connection.ensure_connection()
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # so that others can write meanwhile
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        connection.transaction_mode = mode


def stored_files(folder: str = "") -> Iterator[str]:
    """Yield the names of all files in the media storage below `folder`: sorted files first, then each subfolder.

    Hidden files and others whose names are not safe (`is_safe`) are left out.
    """
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        path = f"{folder}/{name}" if folder else name
        if is_safe(path):
            yield path
    for name in sorted(folders):
        yield from stored_files(f"{folder}/{name}" if folder else name)
