"""Making a backup: database and media in one file, as they were at one moment."""

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
    """Raised where a backup would not be whole, or would write over something."""


def back_up(*, path: Path, progress: Progress = lambda what: None) -> Manifest:
    """Write a backup to `path`, where nothing may be; returns what is in it.

    The rows are of one moment (one transaction: REPEATABLE READ on PostgreSQL, a read of the write-ahead log's state on
    SQLite) and hold nobody up. Files are listed after that moment began, and a stored picture never changes, so every
    file that a row names is there. Raises CannotBackUp; what is half written is removed.
    """
    if path.exists():
        raise CannotBackUp(f"{path} is there already. Give another name, or move it away.")
    if missing := unapplied_migrations():
        raise CannotBackUp(f"The database is not of this code: {missing[0]} is not applied. Run manage.py migrate.")
    part = path.with_name(f"{path.name}.part")
    try:
        manifest = _write(part, progress)
    except FileExistsError as error:
        raise CannotBackUp(f"{part} is there: another backup runs, or one was cut short. Remove it then.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.rename(path)
    return manifest


def _write(part: Path, progress: Progress) -> Manifest:
    writer = Writer(part)
    kept = []
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
            kept.append(type(member)(member.name, member.size, member.sha256, label, names, count))
            progress(label)
        media = []
        for name in stored_files():
            with default_storage.open(name) as file:
                # Pictures are compressed already.
                media.append(writer.add(f"media/{name}", file.chunks(CHUNK), compress=False))
            progress(name)
    manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), known_migrations(), kept, media)
    writer.finish(manifest)
    return manifest


@contextmanager
def snapshot() -> Iterator[None]:
    """Until the block ends, this connection sees the database as it was at one moment. Nobody waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    connection.ensure_connection()
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # the others may write meanwhile
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        connection.transaction_mode = mode


def stored_files(folder: str = "") -> Iterator[str]:
    """The name of every file in the site's storage, by name; what is hidden or named as we name nothing is left."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        whole = f"{folder}/{name}" if folder else name
        if is_safe(whole):
            yield whole
    for name in sorted(folders):
        yield from stored_files(f"{folder}/{name}" if folder else name)
