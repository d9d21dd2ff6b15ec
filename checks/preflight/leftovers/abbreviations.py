"""Find the abbreviations that a text explains, so that “tick-borne disease (TBD)” is no placeholder. Pure."""

import re
from collections.abc import Iterable

from checks.preflight.reading import before

_AFTER_WORDS = re.compile(r"[(\[]([A-Z]{2,4})s?[)\],;:]")
_BEFORE_WORDS = re.compile(r"(?<![\w-])([A-Z]{2,4})s? ?[(\[=:]([^()\[\]]{3,80})")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {"of", "the", "and", "in", "for", "to", "a", "an", "de"}
# What “TBC” and “TBD” themselves stand for, as placeholders.
_TO_BE = re.compile(r"\bto be \w+\W{0,2}\Z", re.IGNORECASE)


def explained(texts: Iterable[str]) -> set[str]:
    """Return the abbreviations of two to four capitals for which these texts give the words, before or after them."""
    known: set[str] = set()
    for text in texts:
        for found in _AFTER_WORDS.finditer(text):
            words = before(text, found.start(), 80)
            if stands_for(found[1], words) and not _TO_BE.search(words):
                known.add(found[1])
        for found in _BEFORE_WORDS.finditer(text):
            words = found[2]
            length = len(found[1])
            if stands_for(found[1], " ".join(_WORD.findall(words)[:length])) or _in_order(found[1], words):
                known.add(found[1])
    return known


def stands_for(letters: str, words: str) -> bool:
    """Return whether the last of these words have the letters as initials, or the very last has them in order."""
    last = _WORD.findall(words)
    for chosen in (last, [word for word in last if word.lower() not in _SMALL]):
        initials = "".join(word[0] for word in chosen[-len(letters) :])
        if initials.upper() == letters:
            return True
    return bool(last) and _in_order(letters, last[-1])


def _in_order(letters: str, word: str) -> bool:
    """Return whether the word begins with the first of the letters and has the others in this order."""
    rest = iter(word.strip().upper())
    return next(rest, "") == letters[0] and all(letter in rest for letter in letters[1:])
