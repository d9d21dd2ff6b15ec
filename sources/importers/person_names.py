"""Read people's names as databases write them: “Abbasi, Behnood”, “Liu R.”, “M. Chen”, several in one field. Pure."""

import re
from collections.abc import Iterable, Iterator

from core.text import clean_line

LONGEST_NAME = 1_000
# The line that stands for the authors whom a list does not name.
OTHERS = "others"
_OTHERS = re.compile(r"(?:and\s+)?(?:others|et\.?\s*al\.?)", re.IGNORECASE)
SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|2nd|3rd|4th)\.?", re.IGNORECASE)
# Degrees and titles after a name. They are not part of it. The short ones could also be initials or names, so they are
# recognised only where nothing else can stand.
DEGREE = re.compile(
    r"(?:M\.?D|Ph\.?\s?D|M\.?P\.?H|M\.?Sc|Dr\.?P\.?H|D\.?Phil|M\.?B\.?B\.?S|M\.?B\.?Ch\.?B|FRCPC?|FACPM?|FAHA|FACC|"
    r"Pharm\.?D|RDN|Sc\.?D|D\.?Sc|D\.?D\.?S|D\.?V\.?M|Ed\.?D|Psy\.?D|M\.?B\.?A|B\.?Sc|MHSc?|MStat|MEd|BSN|MSN|DNP)\.?"
)
_SHORT_DEGREE = re.compile(r"(?:M\.?A|M\.?S|B\.?A|B\.?S|D\.?O|R\.?N|R\.?D|J\.?D|Dr|Prof|Esq)\.?")
# One or more initials. Each pattern reads a name once: none leaves a second way to read the same letters.
_INITIALS = r"(?:[^\W\d_]\.[ \-‐‑]?)+"
_INITIALS_ALONE = re.compile(_INITIALS)
_INITIALS_FIRST = re.compile(rf"({_INITIALS})(?=[^\W\d_]{{2}})(.+)")
_MIDDLE_INITIAL = re.compile(rf"([^\W\d_]+ {_INITIALS})(?=[^\W\d_]{{2}})(\S+)")
_BARE_INITIALS = re.compile(r"[A-Z]{1,3}")
_WORD_OF_A_NAME = re.compile(r"[\w'’-]+")
_ADDRESS = re.compile(r"\s*\([^()@]*@[^()]*\)|\s*<[^<>@]*@[^<>]*>")
# With one of these words, a name is that of an organisation, whatever letter follows.
_BODY = re.compile(
    r"\b(?:group|team|study|trial|vitamin|hepatitis|consortium|committee|network|collaborat\w+|panel|section|part|"
    r"class|grade|project|program\w*|association|society|institut\w*|university|department|ministry|agency|force)\b",
    re.IGNORECASE,
)
# Chinese names of people are written without a comma.
_CHINESE = re.compile(r"[\u4e00-\u9fff]{1,2} ?[\u4e00-\u9fff]{1,2}")


def people(values: Iterable[str]) -> list[dict[str, str]]:
    """Return the people in the fields of one record, in order and each once, as CSL names (`person`).

    A field may hold several names, separated by semicolons, or by commas as in “Smith, J., Doe, A.”
    """
    found: list[dict[str, str]] = []
    for value in values:
        for name in several(_ADDRESS.sub("", clean_line(value))):
            if (one := person(name)) and one not in found:
                found.append(one)
    return found


def several(text: str) -> Iterator[str]:
    """Yield the names in one field, in order and each as written there."""
    parts = text.split(";")
    if sum(any(map(str.isalpha, part)) for part in parts) < 2:
        parts = [text]
    for part in parts:
        pieces = [piece.strip() for piece in part.split(",")]
        if len(pieces) >= 4 and len(pieces) % 2 == 0 and all(map(is_initials, pieces[1::2])):
            yield from (", ".join(pieces[place : place + 2]) for place in range(0, len(pieces), 2))
        elif part.strip():
            yield part.strip()


def is_initials(text: str) -> bool:
    """Return whether a text consists of initials, such as “D.G.”, “J.-P.” or “DG”."""
    return bool(re.fullmatch(r"(?:[^\W\d_]\.?[ \-‐‑]?){1,4}", text)) and text.upper() == text


def person(name: str) -> dict[str, str]:
    """Return a name, written as in most databases, as a CSL name, or an empty dictionary for an empty name.

    Examples are “Abbasi, Behnood”, “King, Martin, Jr”, “Liu R.” and “M. Chen”. Degrees are left out. A name without a
    comma and without initials is taken for that of an organisation. “et al” and “others” become OTHERS.
    """
    name = clean_line(name[:LONGEST_NAME])
    if _OTHERS.fullmatch(name):
        return {"literal": OTHERS}
    family, *rest = (part.strip() for part in name.split(","))
    parts = [part for part in rest if part]
    suffix = next((part for part in parts if SUFFIX.fullmatch(part)), "")
    kept = [part for place, part in enumerate(parts) if not _is_left_out(part, place, family)]
    given = without_degrees(" ".join(kept))
    if given:
        return {"family": family, "given": given, "suffix": suffix}
    if not family:
        return {}
    if _CHINESE.fullmatch(name):
        return {"family": name}
    read = _without_comma(family, had_degree=len(parts) > len(kept) and not suffix)
    return {**read, "suffix": suffix} if suffix and "family" in read else read


def without_degrees(given: str) -> str:
    """Return given names without degrees at the end: “Jane MD PhD” becomes “Jane”. “MD” alone counts as initials."""
    words = given.split()
    while len(words) > 1 and DEGREE.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)


def _is_left_out(part: str, place: int, family: str) -> bool:
    """Return whether a part of a name after a comma is a suffix or a degree.

    After the family name, “MD” is more often initials (“Garcia Lopez, MD”).
    """
    if SUFFIX.fullmatch(part):
        return True
    words = part.split()
    if place == 0:
        return " " in family and all(is_only_degree(word) for word in words)
    return all(DEGREE.fullmatch(word) or _SHORT_DEGREE.fullmatch(word) for word in words)


def is_only_degree(text: str) -> bool:
    """Return whether a text is a degree that cannot be initials, such as “PhD” or “M.P.H.”"""
    return bool(DEGREE.fullmatch(text)) and not re.fullmatch(r"[A-Z]{1,2}", text)


def _without_comma(name: str, *, had_degree: bool) -> dict[str, str]:
    """Return a name in which no comma separates the family name from the given names."""
    shorter = without_degrees(name)
    had_degree = had_degree or shorter != name
    if not _BODY.search(name):
        if match := _INITIALS_FIRST.fullmatch(shorter):
            return {"family": match[2].strip(), "given": match[1].strip()}
        if last := _initials_last(shorter.split()):
            return last
        if match := _MIDDLE_INITIAL.fullmatch(shorter):
            return {"family": match[2], "given": match[1].strip()}
        if had_degree and " " in shorter:
            given_names, _space, family_name = shorter.rpartition(" ")
            return {"family": family_name, "given": given_names}
    return {"literal": name}


def _initials_last(words: list[str]) -> dict[str, str]:
    """Return a name that ends in initials (“Liu R. B.”, “Garcia Lopez MD”), or an empty dictionary for any other."""
    place = len(words)
    while place and _INITIALS_ALONE.fullmatch(words[place - 1]):
        place -= 1
    if 0 < place < len(words) and re.search(r"[^\W\d_]{2}", words[place - 1]):
        return {"family": " ".join(words[:place]), "given": " ".join(words[place:])}
    *family, given = words or [""]
    is_bare = bool(_BARE_INITIALS.fullmatch(given)) and 1 <= len(family) <= 4
    if is_bare and family[0][0].isalpha() and all(map(_is_word, family)):
        return {"family": " ".join(family), "given": given}
    return {}


def _is_word(text: str) -> bool:
    """Return whether a text is a word of a family name, which contains a lower-case letter."""
    return bool(_WORD_OF_A_NAME.fullmatch(text)) and any(map(str.islower, text))
