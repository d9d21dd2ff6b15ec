"""Plain text as people type and paste it, made fit to be kept. Pure: no database, no app.

What is normalised here never has to be thought of again: a feed raises on a control character, a mail
subject is split by a vertical tab, and two names that look alike are no longer two names.
"""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError

# Characters that one value may have before anything is done with it. Fields have smaller limits of their own.
LONGEST = 1_000_000
# Unicode Standard Annex #15, section 13, UAX15-D3: no text of any language, and no notation, has more combining marks
# on one letter than this.
MOST_MARKS = 30

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

# A stretch that may hold a run of more than MOST_MARKS marks, with the character before it, which may end in marks
# itself. No mark is a letter to `re` but the two half-width Katakana voicing marks. The shortest stretch that matters
# has 14 characters: a letter holds up to three marks, and each that follows may stand for two.
_MARK = r"(?:[^\w\s\x00-\u02ff]|[\uff9e\uff9f])"
_MANY_MARKS = re.compile(rf"(?s:.)?{_MARK}{{14,}}+")


def strip_controls(value: str) -> str:
    """Return `value` with every line end as LF and without control characters other than LF and tab.

    White space is otherwise left alone and nothing is composed, so that this also serves markup (where NFC
    would fuse the end of a tag with an accent that follows it). Idempotent. Raises nothing.
    """
    return _NOTHING.sub("", _GAP.sub(" ", _LINE_BREAK.sub("\n", value)))


def normalised(value: str, form: str = "NFC") -> str:
    """Return `value` in a Unicode normalisation form, with at most `MOST_MARKS` combining marks in a row.

    The one place that normalises, because Python's normalisation takes a time that grows with the square of a run of
    marks, and holds the interpreter meanwhile. Runs are counted as Unicode Standard Annex #15, section 13 counts them
    (stream-safe text format, UAX15-D3): in compatibility decomposition. Where its UAX15-D4 would insert U+034F
    COMBINING GRAPHEME JOINER to begin another run, the marks beyond the thirtieth are dropped: the joiner would be one
    more invisible character that search and comparison stumble over, and no text has a use for the marks. Text without
    such a run is what `unicodedata.normalize` makes of it. The cost grows with the length alone. Idempotent.

    Raises ValidationError (text_long), before anything else, for more than `LONGEST` characters.
    """
    return unicodedata.normalize(form, _MANY_MARKS.sub(_with_fewer_marks, _measured(value)))


def _measured(value: str) -> str:
    if len(value) > LONGEST:
        raise ValidationError(
            "This text has %(length)s characters; at most %(limit)s are possible.",
            code="text_long",
            params={"length": len(value), "limit": LONGEST},
        )
    return value


def _with_fewer_marks(stretch: re.Match[str]) -> str:
    kept: list[str] = []
    count = 0
    for character in stretch[0]:
        leading, trailing, is_mark = _marks_of(character)
        if count + leading > MOST_MARKS:
            continue
        count = count + leading if is_mark else trailing
        kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _marks_of(character: str) -> tuple[int, int, bool]:
    """Return how many marks begin and end the compatibility decomposition, and whether it is nothing but marks."""
    is_mark = [unicodedata.combining(part) > 0 for part in unicodedata.normalize("NFKD", character)]
    leading = is_mark.index(False) if False in is_mark else len(is_mark)
    trailing = is_mark[::-1].index(False) if False in is_mark else len(is_mark)
    return leading, trailing, leading == len(is_mark)


def has_words(value: str) -> bool:
    """Return whether `clean_prose` leaves anything of `value`, whatever its length. Raises nothing."""
    return bool(strip_controls(value).strip())


def clean_line(value: str) -> str:
    """Return `value` as one line: for titles, names, subjects.

    NFC; controls and bidi overrides removed; every run of white space (line ends and no-break spaces
    included) is one space; nothing at either end. Idempotent. Raises as `normalised`.
    """
    # Composed last: what was removed may have stood between a letter and its accent.
    return normalised(_SPACES.sub(" ", strip_controls(_measured(value))).strip())


def clean_prose(value: str) -> str:
    """Return `value` as lines of text: for notes, summaries, addresses.

    As `clean_line`, but lines stay lines (ended by LF), tabs and inner spaces stay, blanks at the end of a
    line and blank lines at either end go. Idempotent. Raises as `normalised`.
    """
    lines = "\n".join(line.rstrip() for line in strip_controls(_measured(value)).split("\n"))
    return normalised(lines.strip("\n"))


def whole_number(text: str | None) -> int | None:
    """Return the number that an address or a form names a row by, None for what no row can have. Raises nothing.

    At most 18 ASCII digits, so that every column takes it: int() raises ValueError for thousands of digits, SQLite
    OverflowError and PostgreSQL DataError for what is longer than a column.
    """
    return int(text) if text and len(text) <= 18 and text.isascii() and text.isdecimal() else None
