"""Helpers that several checks share: negation, patterns of names, and the passage to show. Pure."""

import re
from functools import lru_cache

from checks.preflight.reading import Sentence

LONGEST_PASSAGE = 300

_DENIAL = re.compile(
    r"\b(?:not(?! only| just| merely| simply)|no(?! doubt| wonder| secret| longer| surprise| matter)"
    r"|never(?! fails?\b)|cannot"
    r"|neither|nor|none|nothing|nobody|without|nowhere|hardly|rarely|unlikely|unproven|unable"
    r"|(?<!never )fail(?:s|ed|ing)? to|lacks?|whether|unless|instead of|rather than|myth"
    r"|red flags?|warning signs?|scams?|quacks?|frauds?|false|falsely|wrong|claim(?:s|ed|ing)?|promis(?:es?|ed|ing)"
    r"|pretend\w*|so-called|beware|avoid\w*"
    r"|too good to be true"
    r"|far from|yet to be|if (?:it|they|a|any|this))\b|n[’']t\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;:–—]| - |, (?:but|yet|so|it|they|and (?:it|they|this|that))\b|\bbut\b|\balthough\b", re.IGNORECASE
)


def is_denied(text: str, place: int, reach: int = 90) -> bool:
    """Return whether a negation or a word of doubt precedes the offset `place` in its clause, as in “does not cure”.

    At most `reach` characters before it are searched.
    """
    before = text[max(0, place - reach) : place]
    clause = _CLAUSE.split(before)[-1]
    return bool(_DENIAL.search(clause))


@lru_cache(maxsize=64)
def naming(names: tuple[str, ...], plural: bool = False) -> re.Pattern[str] | None:
    """Return a pattern that finds any of these names as whole words, longest first, or None if there are no names.

    With `plural`, names may end in “s” or “es”. A name of up to three characters that is not all lower case, such as
    “Mg”, matches only as written; other names match in any case.
    """
    names = tuple(name for name in sorted(set(names), key=lambda name: (-len(name), name)) if name.strip())
    if not names:
        return None
    ending = "(?:s|es)?" if plural else ""
    parts = [
        f"(?-i:{re.escape(name)})"
        if len(name) <= 3 and not name.islower()
        else re.escape(name).replace(r"\ ", r"[ -]") + ending
        for name in names
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def passage(sentence: Sentence, place: int = 0) -> str:
    """Return the sentence or, if it is longer than LONGEST_PASSAGE, that many characters around the offset `place`."""
    text = sentence.text
    if len(text) <= LONGEST_PASSAGE:
        return text
    start = 0 if place < LONGEST_PASSAGE - 100 else text.rfind(" ", 0, place - 100) + 1
    cut = text[start : start + LONGEST_PASSAGE]
    if start + LONGEST_PASSAGE < len(text) and " " in cut:
        cut = cut[: cut.rfind(" ")]
    return cut.strip()
