"""Functions that clean plain text that people type and paste. Pure: no database, no other app.

Text is cleaned on input, so that no other code has to handle unusual characters: a control character breaks a feed, a
vertical tab splits the subject of an email, and two names that look alike could be different strings.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The maximum number of characters of a value before it is processed. Fields have smaller limits of their own.
LONGEST = 1_000_000
# The maximum number of combining marks on one letter, which no language and no notation exceeds (Unicode Standard
# Annex #15, section 13, UAX15-D3).
MAX_MARKS = 30
NormalForm = Literal["NFC", "NFD", "NFKC", "NFKD"]

# Characters that become a line break (VT, FF, CR, NEL, U+2028, U+2029) or a space (the information separators).
_LINE_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_GAP = re.compile(r"[\x1c-\x1f]")

# Characters that are removed: C0 and C1 controls, DEL, bidi embeddings, overrides and isolates (they change the order
# in which a line is shown), lone surrogates (no encoding can write them), the byte order mark, two code points that
# XML forbids, and those that only say where a line may break or how a formula is read (soft hyphen, zero-width space,
# word joiner, invisible operators): they come with pasted text, nobody sees them, and they hide words from the checks
# and the search. Joiners and directional marks are kept, because some scripts need them.
_REMOVED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u2060-\u2064"
    r"\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

# Characters that a reader cannot see: the Unicode property Default_Ignorable_Code_Point (DerivedCoreProperties.txt)
# without the variation selectors, which change how the character before them looks.
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)

_SPACES = re.compile(r"\s+")

# A sequence that may contain more than MAX_MARKS marks in a row, with the character before it, which may end in marks.
# `\w` matches no mark except the two half-width Katakana voicing marks. The shortest such sequence has 14
# characters, because a letter decomposes into up to three marks and each further character into up to two.
_MARK = r"(?:[^\w\s\x00-\u02ff]|[\uff9e\uff9f])"
_MANY_MARKS = re.compile(rf"(?s:.)?{_MARK}{{14,}}+")


def strip_controls(value: str) -> str:
    """Return `value` with every line break as LF and without control characters other than LF and tab.

    The information separators become spaces; other white space is kept. The value is not normalised, so this function
    also suits markup, in which NFC would merge the `>` of a tag with an accent after it. Idempotent. Never raise an
    exception.
    """
    return _REMOVED.sub("", _GAP.sub(" ", _LINE_BREAK.sub("\n", value)))


def normalised(value: str, form: NormalForm = "NFC") -> str:
    """Return `value` in a Unicode normalisation form, with at most `MAX_MARKS` combining marks in a row.

    All normalisation goes through here, because the time that Python needs grows with the square of the length of a run
    of marks and blocks the interpreter. Runs are counted in the compatibility decomposition, as in the stream-safe text
    format (Unicode Standard Annex #15, section 13, UAX15-D3). If UAX15-D4 would insert U+034F COMBINING GRAPHEME
    JOINER, the marks beyond the limit are removed, because the joiner is an invisible character that disturbs search
    and comparison. Other text is normalised as by `unicodedata.normalize`. The time is proportional to the length.
    Idempotent.

    Raise ValidationError (text_long), before any other work, for more than `LONGEST` characters.
    """
    if _refuse_overlong(value).isascii():  # has no marks and is the same in every form
        return value
    return unicodedata.normalize(form, _MANY_MARKS.sub(_with_fewer_marks, value))


def _refuse_overlong(value: str) -> str:
    if len(value) > LONGEST:
        raise ValidationError(
            _("This text has %(length)s characters; at most %(limit)s are possible."),
            code="text_long",
            params={"length": len(value), "limit": LONGEST},
        )
    return value


def _with_fewer_marks(sequence: re.Match[str]) -> str:
    kept: list[str] = []
    count = 0
    for character in sequence[0]:
        leading, trailing, is_mark = _marks_of(character)
        if count + leading > MAX_MARKS:
            continue
        count = count + leading if is_mark else trailing
        kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _marks_of(character: str) -> tuple[int, int, bool]:
    """Return the numbers of leading and trailing marks in the character's NFKD form, and whether it is all marks."""
    is_mark = [unicodedata.combining(part) > 0 for part in unicodedata.normalize("NFKD", character)]
    leading = is_mark.index(False) if False in is_mark else len(is_mark)
    trailing = is_mark[::-1].index(False) if False in is_mark else len(is_mark)
    return leading, trailing, leading == len(is_mark)


def has_words(value: str) -> bool:
    """Return whether `clean_prose` would return any text for `value`. Accept any length, and never raise."""
    return bool(strip_controls(value).strip())


def has_unseen(value: str) -> bool:
    """Return whether `value` has characters that a reader cannot see, other than white space. Never raise.

    Meant for names, where such a character hides a difference. Joiners and directional marks count too.
    """
    return bool(_REMOVED.search(value) or _UNSEEN.search(value))


def clean_line(value: str) -> str:
    """Return `value` as one line, for titles, names and subjects.

    The result is in NFC, without control characters and bidi overrides, and without white space at either end. Each run
    of white space, including line breaks and no-break spaces, becomes one space. Idempotent. Raise ValidationError
    (text_long) for more than `LONGEST` characters.
    """
    # Normalised last, because a removed character may have separated a letter from its accent.
    return normalised(_SPACES.sub(" ", strip_controls(_refuse_overlong(value))).strip())


def clean_prose(value: str) -> str:
    """Return `value` as lines of text, for notes, summaries and postal addresses.

    Unlike `clean_line`, keep line breaks (as LF), and tabs and spaces within lines. Remove white space at the end of
    lines, and empty lines at either end. Idempotent. Raise ValidationError (text_long) for more than `LONGEST`
    characters.
    """
    lines = "\n".join(line.rstrip() for line in strip_controls(_refuse_overlong(value)).split("\n"))
    return normalised(lines.strip("\n"))


def whole_number(text: str | None) -> int | None:
    """Return the primary key that a URL or a form contains, or None if it cannot be one. Never raise an exception.

    A key has at most 18 ASCII digits, which fit every integer column. For more digits, int() raises ValueError from
    some length on, SQLite raises OverflowError and PostgreSQL DataError.
    """
    return int(text) if text and len(text) <= 18 and text.isascii() and text.isdecimal() else None
