"""What an importer hands on, and how much of a file it takes. Pure."""

from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 5_000_000
MOST_ENTRIES = 5_000
DEEPEST = 40

Csl = dict[str, Any]


class CannotRead(Exception):
    """Raised when a text as a whole cannot be taken: too large, no text, or in no format that we know.

    The message is written for the person who pasted it.
    """


@dataclass(frozen=True)
class ParsedRecord:
    """One work: a canonical CSL-JSON item (importers.canonical), the line it begins on, and the format it came in."""

    csl: Csl
    line: int
    format: str


@dataclass(frozen=True)
class Unread:
    """A place that could not be read: its line, its first words and why."""

    line: int
    words: str
    why: str


@dataclass(frozen=True)
class Read:
    """A text as it was understood. `wanted` are identifiers to look up, with their lines; `remarks` are said aloud."""

    entries: tuple[ParsedRecord, ...] = ()
    unread: tuple[Unread, ...] = ()
    wanted: tuple[tuple[int, str], ...] = ()
    format: str = ""
    remarks: tuple[str, ...] = field(default=())


def first_words(text: str) -> str:
    """The beginning of a passage, on one line, short enough to be shown."""
    line = " ".join(text[:400].split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
