"""The results of an importer, and the limits on a file. Pure."""

from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 5_000_000
MOST_ENTRIES = 5_000
DEEPEST = 40

Csl = dict[str, Any]


class CannotRead(Exception):
    """Raised when a text as a whole is refused: too large, not text, or not in a format that we know.

    The message is written for the person who pasted it.
    """


@dataclass(frozen=True)
class ParsedRecord:
    """A work that was read: its canonical CSL-JSON item (importers.canonical), its first line, and its format."""

    csl: Csl
    line: int
    format: str


@dataclass(frozen=True)
class UnreadEntry:
    """An entry that could not be read: its line, its first words and the reason."""

    line: int
    words: str
    why: str


@dataclass(frozen=True)
class ReadResult:
    """The result of reading a text: `wanted` are identifiers to look up, with lines; `remarks` are for the person."""

    entries: tuple[ParsedRecord, ...] = ()
    unread: tuple[UnreadEntry, ...] = ()
    wanted: tuple[tuple[int, str], ...] = ()
    format: str = ""
    remarks: tuple[str, ...] = field(default=())


def first_words(text: str) -> str:
    """Return the beginning of a passage on one line of at most 80 characters."""
    line = " ".join(text[:400].split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
