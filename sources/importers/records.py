"""The results of an importer, and the limits for a file. Pure."""

from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 5_000_000
MOST_ENTRIES = 5_000
DEEPEST = 40

Csl = dict[str, Any]


class CannotRead(Exception):
    """Raised when a whole text is refused: it is too large, not text, or not in a format that we know.

    The message is written for the user who pasted or uploaded it.
    """


@dataclass(frozen=True)
class ParsedRecord:
    """A work read from an import: its canonical CSL-JSON item (importers.canonical), first line and format."""

    csl: Csl
    line: int
    format: str


@dataclass(frozen=True)
class UnreadEntry:
    """An entry that could not be read: its line number, its first words, and the reason."""

    line: int
    words: str
    why: str


@dataclass(frozen=True)
class ReadResult:
    """The result of reading a text.

    `wanted` holds identifiers still to be looked up, each with its line number; `remarks` are messages for the user.
    """

    entries: tuple[ParsedRecord, ...] = ()
    unread: tuple[UnreadEntry, ...] = ()
    wanted: tuple[tuple[int, str], ...] = ()
    format: str = ""
    remarks: tuple[str, ...] = field(default=())


def first_words(text: str) -> str:
    """Return the beginning of a passage as one line of at most 80 characters."""
    line = " ".join(text[:400].split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
