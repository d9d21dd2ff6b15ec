"""Read people's names in BibTeX's syntax (N. Markey, “Tame the BeaST”, chapter 11). Pure."""

import re
from collections.abc import Iterator

from sources.importers.latex import decode
from sources.importers.person_names import DEGREE, OTHERS, SUFFIX, is_only_degree, several
from sources.importers.person_names import people as database_people
from sources.importers.person_names import person as database_person

EXTENDED = re.compile(r'"?(?:family|given|prefix|suffix)"?\s*=')


def people(text: str) -> Iterator[dict[str, str]]:
    """Yield the names in a BibTeX author field as CSL names.

    “and others” becomes OTHERS. A name that is entirely in braces belongs to an organisation and is not split into
    parts. Names in the forms of databases (separated by semicolons, or with initials after the family name) are read by
    `person_names`.
    """
    if not text:
        return
    text = " ".join(text.split())  # otherwise the pattern would be tried at every space of a long run
    parts = [name.strip() for name in _split(text, re.compile(r" and ", re.IGNORECASE))]
    # Some databases write “Liu R. and Adler DG”. A list with one such name has only such names.
    is_family_first = any(re.fullmatch(r"[^{},]+ (?:[^\W\d_]\.[ -]?){1,4}|[^{},. ]{2,} [A-Z]", name) for name in parts)
    for name in parts:
        if name.lower() in ("others", "et al", "et al."):
            yield {"literal": OTHERS}
        elif _is_one_group(name):
            yield {"literal": decode(name)}
        elif EXTENDED.match(name):
            yield _extended(name)
        elif len(several := _several(name)) > 1:
            yield from database_people(map(decode, several))
        elif name:
            yield _person(name, is_family_first)


def _several(name: str) -> list[str]:
    """Return the names in a part without “and”: “Liu, R.; Adler, D.” or “Liu, R., Adler, D.”"""
    parts = [part for part in _split(name, re.compile(";")) if part.strip()]
    return parts if len(parts) > 1 or "{" in name else list(several(name))


def _person(name: str, is_family_first: bool) -> dict[str, str]:
    """Return a name in one of the three orders of BibTeX, or in that of a database."""
    parts = [part.strip() for part in _split(name, re.compile(","))]
    if len(parts) > 1:
        # “Jr” comes before the given names in BibTeX, and after them in databases, like degrees.
        first, second, rest = decode(parts[0]), decode(parts[1]), decode(" ".join(parts[2:]))
        if is_only_degree(parts[1]) and not rest and " " in first:
            return _first_to_last(parts[0])
        if SUFFIX.fullmatch(second) and not rest and " " in first:
            return _first_to_last(parts[0]) | {"suffix": second}  # “Jane B. Doe, Jr.”
        if not rest or DEGREE.fullmatch(rest):
            return {"family": first, "given": second}
        if SUFFIX.fullmatch(rest):
            second, rest = rest, second
        return {"family": first, "suffix": second, "given": rest}
    if is_family_first and (found := database_person(decode(name))) and "given" in found:
        return found
    if is_family_first and (match := re.fullmatch(r"(\S.*) ([A-Z]{1,3})", decode(name))):
        return {"family": match[1], "given": match[2]}
    return _first_to_last(name)


def _extended(name: str) -> dict[str, str]:
    """Return a name in biblatex's extended format: “family=Vries, given=Jan, prefix=de, useprefix=true”."""
    parts: dict[str, str] = {}
    for part in _split(name, re.compile(",")):
        label, _sign, value = part.partition("=")
        parts[label.strip().strip('"').lower()] = decode(value.strip()).strip('"')
    found = {"family": "family", "given": "given", "suffix": "suffix", "non-dropping-particle": "prefix"}
    return {ours: parts[theirs] for ours, theirs in found.items() if parts.get(theirs)}


def _first_to_last(name: str) -> dict[str, str]:
    """Split a name such as “Ludwig van Beethoven” into given and family name.

    The family name begins at the first word in lower case (but not the first or last word), or else is the last word.
    A suffix or a degree at the end belongs to neither.
    """
    words = [word for word in _split(name, re.compile(r"[ ~]")) if word]
    suffix = ""
    while len(words) > 2 and (DEGREE.fullmatch(words[-1]) or SUFFIX.fullmatch(words[-1])):
        last = words.pop()
        suffix = last if SUFFIX.fullmatch(last) else suffix
    small = next((place for place, word in enumerate(words[1:-1], 1) if _is_small(word)), len(words) - 1)
    found = {"given": decode(" ".join(words[:small])), "family": decode(" ".join(words[small:]))}
    return found | ({"suffix": suffix} if suffix else {})


def _is_small(word: str) -> bool:
    """Return whether the first letter of a word is a lower-case one, as in “van”, “'t” and “"the”."""
    return next(filter(str.isalpha, decode(word)), "").islower()


def _split(text: str, at: re.Pattern[str]) -> list[str]:
    """Return the parts of the text between the matches of `at` that are outside all braces."""
    if "{" not in text and "}" not in text:
        return at.split(text)
    parts, start, place = [], 0, 0
    depths = _depths(text)
    while match := at.search(text, place):
        place = max(match.end(), place + 1)
        if depths[match.start()] == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _depths(text: str) -> list[int]:
    """Return for each character the number of braces that are open around it."""
    depths, depth, is_escaped = [], 0, False
    for sign in text:
        if sign == "}" and not is_escaped:
            depth = max(depth - 1, 0)
        depths.append(depth)
        if sign == "{" and not is_escaped:
            depth += 1
        is_escaped = sign == "\\" and not is_escaped
    return depths


def _is_one_group(name: str) -> bool:
    """Return whether the name is one pair of braces with everything else inside."""
    return name.startswith("{") and name.endswith("}") and 0 not in _depths(name)[1:-1]
