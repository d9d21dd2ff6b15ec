"""What several checks ask of a sentence: is it denied, which of these names stand in it, which words to show. Pure."""

import re
from functools import lru_cache

from checks.preflight.reading import Sentence

LONGEST_PASSAGE = 300

_DENIAL = re.compile(
    r"\b(?:not(?! only| just| merely)|no(?! doubt| wonder)|never|cannot|neither|nor|none|nothing|nobody|without|nowhere"
    r"|hardly|rarely|unlikely|unproven|unable|fail(?:s|ed|ing)? to|lacks?|whether|unless|instead of|rather than|myth"
    r"|false|falsely|wrong|claim(?:s|ed|ing)?|promis(?:es?|ed|ing)|pretend\w*|so-called|beware|avoid\w*"
    r"|too good to be true"
    r"|far from|yet to be|if (?:it|they|a|any|this))\b|n[’']t\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:–—]| - |, (?:but|yet|so|and (?:it|they|this|that))\b|\bbut\b|\balthough\b", re.IGNORECASE)


def is_denied(text: str, place: int, reach: int = 90) -> bool:
    """Whether a word that denies or doubts stands before this place in its clause: “does not cure”, “whether it …”."""
    before = text[max(0, place - reach) : place]
    clause = _CLAUSE.split(before)[-1]
    return bool(_DENIAL.search(clause))


@lru_cache(maxsize=64)
def naming(names: tuple[str, ...], plural: bool = False) -> re.Pattern[str] | None:
    """A pattern that finds any of these names as whole words, the longest first; None where there are none.

    Names of up to three letters and capitals such as “Mg” are found as they are written, others in any case.
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
    """The sentence as it stands, or where it is long the words around this place."""
    text = sentence.text
    if len(text) <= LONGEST_PASSAGE:
        return text
    start = 0 if place < LONGEST_PASSAGE - 100 else text.rfind(" ", 0, place - 100) + 1
    cut = text[start : start + LONGEST_PASSAGE]
    if start + LONGEST_PASSAGE < len(text) and " " in cut:
        cut = cut[: cut.rfind(" ")]
    return cut.strip()
