"""Places that are polled for new or changed bibliographies: files, folders, URLs and Zotero groups.

`look` yields the texts that are new or have changed since it was last called. If a text could not be imported, call
`forget`, so that the next `look` yields it again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from sources.importers import MOST_BYTES, CannotRead
from sources.lookups.requests import Fetch
from sources.lookups.zotero import group_in, read_group

# The files of a folder that are read.
ENDINGS = frozenset((".bib", ".bibtex", ".ciw", ".csv", ".enw", ".json", ".nbib", ".ris", ".txt", ".xml"))
JSON_TYPES = "application/vnd.citationstyles.csl+json, application/json, text/plain;q=0.9, */*;q=0.5"


class WatchedPlace(Protocol):
    """The interface of a place that is polled. `name` is its path or URL."""

    name: str
    # The pause in seconds that the place asks for before the next look.
    pause: int

    def look(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name and the bytes of each text that is new or has changed.

        Raise OSError, OutgoingError, LookupFailed or CannotRead if the place cannot be read.
        """

    def forget(self, name: str) -> None:
        """Make the next `look` yield this text again, even if it is unchanged."""


def place_of(address: str, fetch: Fetch) -> WatchedPlace:
    """Return the place with this address: the URL of a Zotero group, another http or https URL, a folder or a file."""
    if group := group_in(address):
        return ZoteroGroup(address, group, fetch)
    if address.startswith(("http://", "https://")):
        return PublicAddress(address, fetch)
    return Files(address)


@dataclass
class Files:
    """A file, or the files in a folder with the extensions of bibliographies. Hidden files are left out.

    A file is yielded once two calls of `look` in a row have found it the same, so that one that is still being written
    is not read. CSL-JSON has to be complete.
    """

    name: str
    pause: int = 0
    _given: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _before: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def look(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path and the bytes of each file that has changed and is no longer being written, sorted by path.

        Raise OSError if the file or folder cannot be read, and at the end CannotRead if files are incomplete.
        """
        root = Path(self.name)
        paths = sorted(root.iterdir()) if root.is_dir() else [root]
        found = {path: _signature(path) for path in paths if path == root or _is_bibliography(path)}
        cut = []
        for path, signature in found.items():
            if self._given.get(path) == signature or self._before.get(path) != signature:
                continue
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
            if _signature(path) != signature:
                continue
            self._given[path] = signature
            if _is_whole(data):
                yield str(path), data
            else:
                cut.append(path.name)
        self._before = found
        if cut:
            params = {"files": ", ".join(cut)}
            raise CannotRead(_("Not complete, and read when it has changed: %(files)s.") % params)

    def forget(self, name: str) -> None:
        """Make the next `look` yield the file with this path again, even if it is unchanged."""
        self._given.pop(Path(name), None)


@dataclass
class PublicAddress:
    """A file at a public URL. Requests are conditional (ETag, Last-Modified), so it is sent only if it has changed."""

    name: str
    fetch: Fetch
    pause: int = 0
    _tags: dict[str, str] = field(default_factory=dict)

    def look(self) -> Iterator[tuple[str, bytes]]:
        """Yield the URL and the bytes of the file if it has changed.

        Raise OutgoingError if there is no response, and CannotRead for a status other than 200 and 304.
        """
        answer = self.fetch(self.name, headers={"Accept": JSON_TYPES, **self._tags}, most_bytes=MOST_BYTES)
        if answer.status == 304:
            return
        if answer.status != 200:
            raise CannotRead(_("It answered with status %(status)s.") % {"status": answer.status})
        asked = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
        self._tags = {ours: answer.headers[theirs] for ours, theirs in asked.items() if theirs in answer.headers}
        yield self.name, answer.body

    def forget(self, name: str) -> None:
        """Make the next `look` yield the file again, even if it is unchanged."""
        self._tags = {}


@dataclass
class ZoteroGroup:
    """A public Zotero group. Each `look` requests only the items that have changed since the last one."""

    name: str
    group: str
    fetch: Fetch
    pause: int = 0
    _version: str = "0"

    def look(self) -> Iterator[tuple[str, bytes]]:
        """Yield one CSL-JSON text with the works that were added or changed, if there are any.

        Raise LookupFailed if the group does not exist, is not public or is too large, or if Zotero cannot be read.
        """
        found = read_group(self.fetch, self.group, since=self._version)
        self.pause, self._version = found.pause, found.version
        if found.items:
            yield self.name, json.dumps(found.items).encode()

    def forget(self, name: str) -> None:
        """Make the next `look` yield the works of the whole group again."""
        self._version = "0"


def _signature(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _is_bibliography(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()


def _is_whole(data: bytes) -> bool:
    """Return whether the text is not empty and, if it begins as JSON, is complete."""
    text = data.strip()
    if text[:1] not in (b"[", b"{"):
        return bool(text)
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return len(data) > MOST_BYTES  # too large to be read at all, which the importer says
    return True
