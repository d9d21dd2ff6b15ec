"""Find the passage that a reader quoted in a revision. Pure: no queries."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from articles.models import Revision
from core.html import text_of

# Citation numbers in copied text, such as “[1, 2]”, or as in “minutes.1” and “minutes1.”.
_BRACKETED = re.compile(r"\[\d[\d\s,–-]*\]")
_RAISED = re.compile(r"(?<=[^\W\d][.,;:!?)])\d[\d,–-]*(?=\s|$)|(?<=[^\W\d])\d{1,3}(?=[\s.,;:!?)]|$)")


@dataclass(frozen=True)
class PlaceOfPassage:
    """A passage in its paragraph, as plain text: the text before it, the passage (`words`), and the text after it.

    `part` is the name of the part of the article. `count` is the number of places with the same text, of which this is
    the first.
    """

    part: str
    before: str
    words: str
    after: str
    count: int


def place_of(revision: Revision, passage: str) -> PlaceOfPassage | None:
    """Return the first place at which the passage occurs in the revision.

    Return None if the revision does not contain the passage, or if the passage has neither letters nor digits. Case,
    spacing, punctuation and citation numbers that were copied with the text are ignored.
    """
    parts = [
        (gettext("Title"), revision.title),
        (gettext("Standfirst"), revision.standfirst),
        (gettext("Key messages"), revision.key_messages),
        (gettext("Text"), text_of(revision.body)),
        (gettext("Safety note"), text_of(revision.safety_note)),
        (gettext("Disclosure"), revision.disclosure),
    ]
    read = [(name, text, *_folded(text)) for name, text in parts if text]
    without_marks = _RAISED.sub("", _BRACKETED.sub("", passage))
    for wanted in dict.fromkeys((passage, _BRACKETED.sub("", passage), without_marks)):
        letters, _ = _folded(wanted)
        if not letters:
            continue
        found = [
            (name, text, start, end)
            for name, text, folded, at in read
            for start, end in _places(text, folded, at, letters)
        ]
        if found:
            name, text, start, end = found[0]
            first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
            return PlaceOfPassage(
                name, text[first:start], text[start:end], text[end : None if last < 0 else last], len(found)
            )
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text with case folded, and the index in the text of each of them."""
    letters = [(letter, place) for place, sign in enumerate(text) if sign.isalnum() for letter in sign.casefold()]
    return "".join(letter for letter, _ in letters), [place for _, place in letters]


def _places(text: str, folded: str, at: list[int], wanted: str) -> list[tuple[int, int]]:
    """Return (start, end) in `text` of each occurrence of the letters `wanted` as whole words.

    `folded` and `at` are what `_folded` returns for `text`.
    """
    places, found = [], folded.find(wanted)
    while found >= 0:
        start, end = at[found], at[found + len(wanted) - 1] + 1
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            places.append((start, end))
        found = folded.find(wanted, found + 1)
    return places
