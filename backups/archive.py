"""The file that a backup is: a ZIP with a table in each `tables/…jsonl`, each picture under `media/`, and a manifest.

The manifest names every member with its size and SHA-256, and is written last: what was cut short has none. Nothing of
an archive is believed before `BackupArchive.verify` has read all of it. Knows no database.
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
# Names as the site stores files under: no step up, no hidden file, nothing that a shell or a drive would read.
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*")
# All that zipfile raises for bytes that are not what it expects.
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, KeyError, ValueError, RuntimeError)


class BadArchive(Exception):
    """Raised for a file that is no backup, or is not whole, or is not what its digests say."""


@dataclass(frozen=True)
class Member:
    """A file of the archive: its name there, its size and SHA-256; of a table the model, columns and rows as well."""

    name: str
    size: int
    sha256: str
    model: str = ""
    columns: list[str] = field(default_factory=list)
    rows: int = 0


@dataclass(frozen=True)
class Manifest:
    """What is in an archive, when it was made, and by code with which migrations."""

    made_at: str
    migrations: list[str]
    tables: list[Member]
    media: list[Member]
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()

    @property
    def digest(self) -> str:
        """Of the whole backup, since it names the digest of each part: what is to be noted beside it."""
        return hashlib.sha256(self.as_bytes()).hexdigest()

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def is_safe(name: str) -> bool:
    """Whether a file may be called so, whoever wrote the name."""
    return bool(_NAME.fullmatch(name)) and ".." not in name and len(name) <= 200


class Writer:
    """Writes an archive to a path where nothing is; readable by its owner alone, since it holds accounts."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600, exist_ok=False)
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add(self, name: str, pieces: Iterable[bytes], compress: bool = True) -> Member:
        """Write one member, piece by piece."""
        how = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        info = zipfile.ZipInfo(name)
        info.compress_type = how
        hashed, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                hashed.update(piece)
                size += len(piece)
                file.write(piece)
        return Member(name, size, hashed.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """The manifest, and the end of the file."""
        self._zip.writestr(MANIFEST, manifest.as_bytes())
        self._zip.close()


class BackupArchive:
    """An archive to read from. Raises BadArchive for every way in which it is not what a `Writer` wrote."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise BadArchive(f"{path} is no backup, or was cut short: {error}") from error
        self.manifest = self._manifest()

    def __enter__(self) -> "BackupArchive":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    def verify(self, progress: Callable[[int], object] = lambda size: None) -> None:
        """Read all of it: every member that is named, nothing that is not, each as its digest says."""
        members = [*self.manifest.tables, *self.manifest.media]
        names = [member.name for member in members]
        present = self._zip.namelist()
        if len(set(names)) != len(names) or sorted(present) != sorted([*names, MANIFEST]):
            raise BadArchive("What is in the archive is not what its manifest names.")
        for member in self.manifest.tables:
            if member.name != f"tables/{member.model}.jsonl":
                raise BadArchive(f"{member.name} is no name of a table.")
        for member in self.manifest.media:
            if not member.name.startswith("media/") or not is_safe(member.name.removeprefix("media/")):
                raise BadArchive(f"{member.name!r} is no name that a file of the site may have.")
        for member in members:
            hashed, size = hashlib.sha256(), 0
            for piece in self.pieces(member):
                hashed.update(piece)
                size += len(piece)
                if size > member.size:
                    break
                progress(len(piece))
            if (size, hashed.hexdigest()) != (member.size, member.sha256):
                raise BadArchive(f"{member.name} is not what its digest says.")

    def pieces(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member."""
        try:
            with self.open(member) as file:
                while piece := file.read(CHUNK):
                    yield piece
        except _BROKEN as error:
            raise BadArchive(f"{member.name} cannot be read: {error}") from error

    def lines(self, member: Member) -> Iterator[list[Any]]:
        """The rows of a table."""
        with self.open(member) as file:
            for line in file:
                yield json.loads(line)

    def open(self, member: Member) -> IO[bytes]:
        return self._zip.open(member.name)

    def _manifest(self) -> Manifest:
        try:
            told = json.loads(self._zip.read(MANIFEST))
            tables = [Member(**table) for table in told.pop("tables")]
            media = [Member(**file) for file in told.pop("media")]
            manifest = Manifest(tables=tables, media=media, **told)
        except (*_BROKEN, TypeError, AttributeError) as error:
            raise BadArchive(f"It has no manifest that can be read: {error}") from error
        if manifest.format != FORMAT:
            raise BadArchive(f"It is in format {manifest.format}; this code reads {FORMAT}.")
        return manifest
