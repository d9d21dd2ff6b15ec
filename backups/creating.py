"""Makes a backup: database and media in one file, as of one moment."""

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
    """Raised when a backup would be incomplete or would overwrite a file."""


def back_up(*, path: Path, progress: Progress = lambda what: None) -> Manifest:
    """Write a backup to `path`, which must not exist, and return its manifest.

    All rows are read in one transaction (REPEATABLE READ on PostgreSQL, a snapshot of the write-ahead log on SQLite),
    so they are of one moment and block nobody. The files are listed after the transaction has begun, and a stored
    picture never changes, so every file that a row names is included. `progress` is called with the name of each table
    and file. Raises CannotBackUp, and OSError from the file system; an incomplete file is removed.
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
    """Context manager: within the block, this connection reads the database as of one moment. It blocks no writer."""
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
    """Yield the names of all files in the media storage below `folder`, sorted.

    Hidden files and names that the site never gives (`is_safe`) are left out.
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
