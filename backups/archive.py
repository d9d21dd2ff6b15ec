"""The format of a backup: a ZIP with one `tables/….jsonl` for each table, the pictures under `media/`, and a manifest.

The manifest names every member with its size and SHA-256. The manifest is written last, so an incomplete archive has
none. Do not use an archive before `BackupArchive.verify` has read all of it. This module does not use the database.
"""

import hashlib
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
# Names under which the site stores files. A path has no hidden part and no character special to a shell or file system.
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*")
# The exceptions that zipfile raises for a damaged archive.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, KeyError, ValueError, RuntimeError)


class BadArchive(Exception):
    """Raised for a file that is not a backup, is incomplete, or does not match its digests."""


@dataclass(frozen=True)
class Member:
    """A file in the archive: its name, size in bytes and SHA-256 (hexadecimal).

    A table also has the label of its model, the names of its columns and the number of its rows.
    """

    name: str
    size: int
    sha256: str
    model: str = ""
    columns: list[str] = field(default_factory=list)
    rows: int = 0


@dataclass(frozen=True)
class Manifest:
    """The members of an archive, the time at which it was made, and the migrations of the code that made it.

    `made_at` is an ISO 8601 time in UTC. `format` is the version of the archive format.
    """

    made_at: str
    migrations: list[str]
    tables: list[Member]
    media: list[Member]
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the manifest (hexadecimal), which identifies the backup: it covers all digests."""
        return hashlib.sha256(self.as_bytes()).hexdigest()

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def is_safe(name: str) -> bool:
    """Return whether the site may store a file under this name, which may come from an untrusted archive."""
    return bool(_NAME.fullmatch(name)) and ".." not in name and len(name) <= 200


class Writer:
    """Writes an archive to a new file, which only its owner may read, because it contains user accounts.

    The constructor raises FileExistsError if `path` exists.
    """

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600, exist_ok=False)
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add(self, name: str, pieces: Iterable[bytes], compress: bool = True) -> Member:
        """Write one member from pieces of bytes; return it with its name, size and digest."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        hashed, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                hashed.update(piece)
                size += len(piece)
                file.write(piece)
        return Member(name, size, hashed.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and close the file."""
        self._zip.writestr(MANIFEST, manifest.as_bytes())
        self._zip.close()


class BackupArchive:
    """Reads an archive.

    The constructor raises BadArchive if the file has no readable manifest of FORMAT. `lines` and `open` do not check
    what they read, so call `verify` first.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED as error:
            raise BadArchive(f"{path} is not a backup, or is incomplete: {error}") from error
        self.manifest = self._manifest()

    def __enter__(self) -> "BackupArchive":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    def verify(self, progress: Callable[[int], object] = lambda size: None) -> None:
        """Read the whole archive and compare the names, sizes and digests of its members with its manifest.

        Call `progress` with the number of bytes in each piece that was read. Raise BadArchive if anything differs or
        cannot be read, or if a name is not allowed.
        """
        members = [*self.manifest.tables, *self.manifest.media]
        names = [member.name for member in members]
        present = self._zip.namelist()
        if len(set(names)) != len(names) or sorted(present) != sorted([*names, MANIFEST]):
            raise BadArchive("The archive does not hold exactly the files that its manifest names.")
        for member in self.manifest.tables:
            if member.name != f"tables/{member.model}.jsonl":
                raise BadArchive(f"{member.name} is not the name of a table.")
        for member in self.manifest.media:
            if not member.name.startswith("media/") or not is_safe(member.name.removeprefix("media/")):
                raise BadArchive(f"{member.name!r} is not an allowed name for a file of the site.")
        for member in members:
            hashed, size = hashlib.sha256(), 0
            for piece in self.pieces(member):
                hashed.update(piece)
                size += len(piece)
                if size > member.size:
                    break
                progress(len(piece))
            if (size, hashed.hexdigest()) != (member.size, member.sha256):
                raise BadArchive(f"{member.name} does not match its digest.")

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a member in pieces of at most CHUNK bytes. Raise BadArchive if reading fails."""
        try:
            with self.open(member) as file:
                while piece := file.read(CHUNK):
                    yield piece
        except _DAMAGED as error:
            raise BadArchive(f"{member.name} cannot be read: {error}") from error

    def lines(self, member: Member) -> Iterator[list[Any]]:
        """Yield the rows of a table as lists of JSON values, one for each column. Call `verify` first."""
        with self.open(member) as file:
            for line in file:
                yield json.loads(line)

    def open(self, member: Member) -> IO[bytes]:
        return self._zip.open(member.name)

    def _manifest(self) -> Manifest:
        try:
            content = json.loads(self._zip.read(MANIFEST))
            tables = [Member(**table) for table in content.pop("tables")]
            media = [Member(**file) for file in content.pop("media")]
            manifest = Manifest(tables=tables, media=media, **content)
        except (*_DAMAGED, TypeError, AttributeError) as error:
            raise BadArchive(f"Its manifest is missing or cannot be read: {error}") from error
        if manifest.format != FORMAT:
            raise BadArchive(f"It has format {manifest.format}; this version reads format {FORMAT}.")
        return manifest
