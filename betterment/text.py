"""Plain text as people type and paste it, made fit to be kept. Pure: knows neither Django nor any app.

What is normalised here never has to be thought of again: a feed raises on a control character, a mail
subject is split by a vertical tab, and two names that look alike are no longer two names.
"""

import re
import unicodedata

# Characters that break a line or leave a gap: VT, FF, CR, the information separators, NEL, U+2028, U+2029.
_LINE_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_GAP = re.compile(r"[\x1c-\x1f]")

# Nothing to see, nothing to keep: C0 and C1 controls, DEL, bidi embeddings, overrides and isolates (they make
# a line read otherwise than it is stored), lone surrogates (no encoding can write them), the byte order mark
# and the two code points which XML forbids. Joiners and directional marks stay: real scripts need them.
_NOTHING = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    r"\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

_SPACES = re.compile(r"\s+")


def strip_controls(value: str) -> str:
    """Return `value` with every line end as LF and without control characters other than LF and tab.

    White space is otherwise left alone and nothing is composed, so that this also serves markup (where NFC
    would fuse the end of a tag with an accent that follows it). Idempotent. Raises nothing.
    """
    return _NOTHING.sub("", _GAP.sub(" ", _LINE_BREAK.sub("\n", value)))


def clean_line(value: str) -> str:
    """Return `value` as one line: for titles, names, subjects.

    NFC; controls and bidi overrides removed; every run of white space (line ends and no-break spaces
    included) is one space; nothing at either end. Idempotent. Raises nothing.
    """
    # Composed last: what was removed may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", _SPACES.sub(" ", strip_controls(value)).strip())


def clean_prose(value: str) -> str:
    """Return `value` as lines of text: for notes, summaries, addresses.

    As `clean_line`, but lines stay lines (ended by LF), tabs and inner spaces stay, blanks at the end of a
    line and blank lines at either end go. Idempotent. Raises nothing.
    """
    lines = [line.rstrip() for line in strip_controls(value).split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return unicodedata.normalize("NFC", "\n".join(lines))


def whole_number(text: str | None) -> int | None:
    """Return the number that an address or a form names a row by, None for what no row can have. Raises nothing.

    At most 18 ASCII digits, so that every column takes it: int() raises ValueError for thousands of digits, SQLite
    OverflowError and PostgreSQL DataError for what is longer than a column.
    """
    return int(text) if text and len(text) <= 18 and text.isascii() and text.isdecimal() else None
