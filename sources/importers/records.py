"""The results of the importers, and the limits on the size of a file. Pure."""

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
    """A work in an imported text: its canonical CSL-JSON item (importers.canonical), and the name of the format.

    `line` is the number of its first line in the text. `remarks` are sentences for the user about fields that were not
    taken over as they are in the text.
    """

    csl: Csl
    line: int
    format: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnreadEntry:
    """An entry that could not be read: its line number, its first words, and the reason (`why`) for the user."""

    line: int
    words: str
    why: str


@dataclass(frozen=True)
class ReadResult:
    """The result of reading a text: the entries, those that could not be read, and the name of the format.

    `wanted` holds (line number, identifier) for each work still to be looked up. `remarks` are messages for the user
    about the whole text.
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
