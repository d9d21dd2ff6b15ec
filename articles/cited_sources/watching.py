"""Poll places for new and changed entries and import them into the library (`import_sources --watch`)."""

import hashlib
import json
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import close_old_connections

from articles.cited_sources.file_imports import FAILURES, FileImport, ImportCounts, failure
from articles.cited_sources.source_imports import ImportState
from sources.importers import ParsedRecord, ReadResult
from sources.watched_places import WatchedPlace


@dataclass
class Watch:
    """Polls places and imports each entry once, and again when it has changed. `say` is called with a line for each
    event.

    The entries seen so far are kept in memory. After a restart, all entries are compared with the library again, which
    adds no duplicates.
    """

    places: Sequence[WatchedPlace]
    importer: FileImport
    say: Callable[[str], object]
    total: ImportCounts = ImportCounts()
    _seen: dict[str, set[str]] = field(default_factory=dict)
    _ids: set[tuple[str, str]] = field(default_factory=set)
    _trouble: dict[str, str] = field(default_factory=dict)

    def look(self) -> ImportCounts:
        """Poll each place once, import what is new or changed, and return the counts.

        A place that keeps failing for the same reason is reported once.
        """
        counts = ImportCounts()
        for place in self.places:
            trouble = ""
            try:
                for name, data in place.look():
                    counts += self._try(place, name, data)
            except FAILURES as error:
                trouble = failure(place.name, error)
                if trouble != self._trouble.get(place.name):
                    self.say(trouble)
            self._trouble[place.name] = trouble
        self.total += counts
        return counts

    def _try(self, place: WatchedPlace, name: str, data: bytes) -> ImportCounts:
        """Import a text, or say why that is not possible, so that the other texts are imported all the same."""
        try:
            return self._take(name, data)
        except FAILURES as error:
            self.say(failure(name, error))
            if isinstance(error, ValidationError):  # somebody stored the same work in the meantime
                place.forget(name)
        return ImportCounts()

    def _take(self, name: str, data: bytes) -> ImportCounts:
        """Import those entries of a text that were not in it before."""
        found = self.importer.read(name, data)
        seen = self._seen.get(name, set())
        marks = {_mark(entry): entry for entry in found.entries}
        new = replace(
            found,
            entries=tuple(entry for mark, entry in marks.items() if mark not in seen),
            unread=tuple(one for one in found.unread if f"{one.words} {one.why}" not in seen),
        )
        new = self._without_renamed(name, new)
        counts = self.importer.take(name, new) if new.entries or new.unread else ImportCounts()
        self._seen[name] = {*marks, *(f"{one.words} {one.why}" for one in found.unread)}
        self._ids |= {(name, entry.csl["id"]) for entry in found.entries if "id" in entry.csl}
        if counts.added or counts.completed or counts.left_out:
            self.say(f"{name}: {in_words(counts)}")
        return counts

    def _without_renamed(self, name: str, found: ReadResult) -> ReadResult:
        """Return the result without changed entries that match no source any more.

        Such an entry was seen here under its key, so its work is in the library under another title or year. A person
        has to correct that source.
        """
        if not any((name, entry.csl.get("id", "")) in self._ids for entry in found.entries):
            return found
        rows = [
            row
            for row in self.importer.plan(found).rows
            if (name, row.entry.csl.get("id", "")) in self._ids and row.state in (ImportState.NEW, ImportState.DOUBTFUL)
        ]
        for row in rows:
            key = row.entry.csl["id"]
            self.say(
                f"{name}:{row.entry.line}: {key} has changed so much that it matches no source. Correct its source in "
                f"the admin. {row.fields['title'][:60]}"
            )
        left_out = {row.number for row in rows}
        kept = tuple(entry for number, entry in enumerate(found.entries) if number not in left_out)
        return replace(found, entries=kept)

    def run(self, seconds: float) -> None:
        """Poll every `seconds`, or less often if a place asks for a longer pause, until SIGINT (Ctrl-C) or SIGTERM.

        A poll that is under way is finished first.
        """
        with _stopped_by_signals() as stopped:
            while not stopped.is_set():
                close_old_connections()
                self.look()
                stopped.wait(max(seconds, *(place.pause for place in self.places)))


def in_words(counts: ImportCounts) -> str:
    """Return the counts as text, such as “2 sources added, 1 completed, 0 entries left out”."""
    return f"{counts.added} sources added, {counts.completed} completed, {counts.left_out} entries left out"


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Return an event that SIGINT and SIGTERM set until the block ends. Only the main thread can handle signals."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in numbers}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _mark(entry: ParsedRecord) -> str:
    """Return a digest of what an entry says, wherever it stands."""
    return hashlib.sha256(json.dumps(entry.csl, sort_keys=True).encode()).hexdigest()
