"""Names of authors in AMA style (AMA Manual of Style, 11th ed., 3.7 and 3.8). Pure.

A name has the form “Family, Given” or “Family, Given, Jr”. The name of an organisation is in braces: “{NICE}”.
"""

import re

# AMA 3.7: up to six authors are all named. If there are more, the first three are named, followed by "et al".
ALL_NAMED, NAMED_OF_MANY = 6, 3

_SUFFIX = re.compile(r"(Jr|Sr|II|III|IV|2nd|3rd|4th)\.?")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_OTHERS = re.compile(r"(and )?(et al|others)\.?", re.IGNORECASE)
# A name in quotation marks after others: “Xiang 'Anthony'”.
_NICKNAME = re.compile(r"(?<=\s)['\"“‘][^'\"“”‘’]{1,40}['\"”’](?=\s|\Z)")


def author(name: str) -> str:
    """Return the name of one author in AMA style (3.7 and 3.8).

    “Abbasi, Behnood” becomes “Abbasi B”; “Wright, Kenneth P., Jr” and “Wright Jr, Kenneth P.” become “Wright KP Jr”.
    Particles come before the family name, wherever they were entered. The braces of an organisation's name are removed.
    """
    if is_body(name):
        return name[1:-1].strip()
    family, *rest = (part.strip() for part in name.split(","))
    suffix = ""
    for place, part in enumerate(rest):
        if _SUFFIX.fullmatch(part):
            suffix = rest.pop(place).rstrip(".")
            break
    given = " ".join(rest).split()
    words = family.split()
    for end in (words, given):
        if not suffix and len(end) > 1 and _SUFFIX.fullmatch(end[-1]):
            suffix = end.pop().rstrip(".")
    particles = []
    while len(given) > 1 and given[-1].islower():  # “Beethoven, Ludwig van”
        particles.append(given.pop())
    return " ".join(part for part in (*reversed(particles), *words, _initials(" ".join(given)), suffix) if part)


def is_body(name: str) -> bool:
    """Return whether an author is an organisation, whose name is in braces."""
    return len(name) > 1 and name.startswith("{") and name.endswith("}")


def authors(names: list[str]) -> str:
    """Return the list of authors in AMA style (3.7), without a full stop at the end.

    If there are more than six people, the first three are named, followed by “et al”. An organisation is set off by a
    semicolon and is always named. An entry “et al” or “others”, as in some imports, means that the list is incomplete
    already.
    """
    known = [name for name in names if not _OTHERS.fullmatch(name)]
    people = [name for name in known if not is_body(name)]
    is_short = len(known) < len(names) or len(people) > ALL_NAMED
    left = NAMED_OF_MANY if len(people) > ALL_NAMED else len(people)
    written, before = "", ""
    for name in known:
        shown = author(name)
        if not is_body(name):
            if not left:
                continue
            left -= 1
            if not left and is_short:
                shown = f"{shown}, et al"
        between = "; " if is_body(name) or is_body(before) else ", "
        written = f"{written}{between}{shown}" if written else shown
        before = name
    return f"{written}, et al" if is_short and written and not people else written


def _initials(given: str) -> str:
    """Return initials without full stops or hyphens. “Minoo M.” and “MM” give “MM”; “Karl-Heinz” gives “KH”.

    A nickname in quotation marks has none. A name in Chinese, Japanese or Korean characters has no initials and is
    returned as it is.
    """
    if _EAST_ASIAN.search(given):
        return given
    return "".join(
        part if part.isupper() and part.isalpha() and len(part) < 4 else part[0].upper()
        for part in re.split(r"[\s.\-‐‑]+", _NICKNAME.sub(" ", given))
        if part
    )
