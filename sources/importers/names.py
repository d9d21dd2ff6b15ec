"""Read names of people as BibTeX writes them (N. Markey, “Tame the BeaST”, chapter 11). Pure."""

import re
from collections.abc import Iterator

from sources.importers.latex import decode


def people(text: str) -> Iterator[dict[str, str]]:
    """Yield the names in a BibTeX author field as CSL names.

    “and others” is skipped. A name that is entirely in braces belongs to an organisation and is not split into parts.
    """
    text = " ".join(text.split())  # otherwise the pattern would be tried at every space of a long run
    for name in _split(text, re.compile(r" and ", re.IGNORECASE)):
        name = name.strip()
        if not name or name.lower() == "others":
            continue
        if _is_one_group(name):
            yield {"literal": decode(name)}
            continue
        parts = [part.strip() for part in _split(name, re.compile(","))]
        if len(parts) == 1:
            yield _first_to_last(name)
        elif len(parts) == 2:
            yield {"family": decode(parts[0]), "given": decode(parts[1])}
        else:
            yield {"family": decode(parts[0]), "suffix": decode(parts[1]), "given": decode(" ".join(parts[2:]))}


def _first_to_last(name: str) -> dict[str, str]:
    """Split a name such as “Ludwig van Beethoven” into given and family name.

    The family name begins at the first word in lower case (but not the first or last word), or else is the last word.
    """
    words = [word for word in _split(name, re.compile(r"[ ~]")) if word]
    small = next((place for place, word in enumerate(words[1:-1], 1) if decode(word)[:1].islower()), len(words) - 1)
    return {"given": decode(" ".join(words[:small])), "family": decode(" ".join(words[small:]))}


def _split(text: str, at: re.Pattern[str]) -> list[str]:
    """Return the parts of the text between the matches of `at` that are outside all braces."""
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
