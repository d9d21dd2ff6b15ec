"""Write BibTeX in UTF-8, with biblatex's fields where BibTeX has none (shortjournal, date, urldate, pmid). Pure.

An export omits types other than our own, the day on which a preprint became available, the kind of evidence, archived
copies, and PubMed's publication types and notices.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from sources.importers.latex import encode, encode_verbatim
from sources.importers.person_names import DEGREE, OTHERS, SUFFIX
from sources.importers.records import Csl
from sources.importers.whole_works import WHOLE_WORKS, is_number_of_pages
from sources.kinds import WORK_KINDS

HOLDS = frozenset(
    (
        *("id", "type", "title", "author", "editor", "container-title", "container-title-short"),
        *("publisher", "edition", "issued", "volume", "issue", "page", "DOI", "PMID", "PMCID", "ISBN"),
        *("URL", "accessed"),
    )
)
TYPES = {kind.csl: kind.bibtex for kind in WORK_KINDS.values()}
CONTAINERS = {kind.csl: kind.bibtex_container for kind in WORK_KINDS.values()}
PUBLISHERS = {kind.csl: kind.bibtex_publisher for kind in WORK_KINDS.values()}
EDITIONS = {kind.csl: kind.bibtex_edition for kind in WORK_KINDS.values()}
SUBTYPES = {kind.csl: kind.bibtex_subtypes[0] for kind in WORK_KINDS.values() if kind.bibtex_subtypes}
TEXTS = {"container-title-short": "shortjournal", "volume": "volume", "issue": "number"}
BARE = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "ISBN": "isbn", "URL": "url"}
PROTECTED = re.compile(r"\band\b|[;=]", re.IGNORECASE)


def write(items: Sequence[Csl]) -> str:
    """Return the items as BibTeX entries, separated by blank lines. An item without a key gets one, such as source1."""
    return "\n".join(_entry(item, place) for place, item in enumerate(items, 1))


def _entry(item: Csl, place: int) -> str:
    key = re.sub(r"[^A-Za-z0-9:._/+-]", "", item.get("id", "")) or f"source{place}"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(item))
    return f"@{TYPES.get(item['type'], 'misc')}{{{key},\n{fields}}}\n"


def _fields(item: Csl) -> Iterator[tuple[str, str]]:
    for name in ("author", "editor"):
        if name in item:
            yield name, " and ".join(map(_name, item[name]))
    yield "title", _with_capitals(item.get("title", ""))
    if "container-title" in item:
        yield CONTAINERS.get(item["type"], "journaltitle"), encode(item["container-title"])
    if "publisher" in item:
        yield PUBLISHERS.get(item["type"], "publisher"), encode(item["publisher"])
    if subtype := SUBTYPES.get(item["type"]):
        yield "entrysubtype", subtype
    if "edition" in item:
        yield EDITIONS.get(item["type"], "edition"), encode(item["edition"])
    for name, field in TEXTS.items():
        if name in item:
            yield field, encode(item[name])
    if page := item.get("page"):
        if item["type"] in WHOLE_WORKS and is_number_of_pages(page):
            page = f"{page}-{page}"
        yield "pages", encode(page.replace("-", "--")).replace("-{}-", "--")
    if issued := item.get("issued", {}).get("date-parts", [[]])[0]:
        yield "year", f"{issued[0]:04}"
        if len(issued) > 1:
            yield "date", _date(issued)
    for name, field in BARE.items():
        if name in item:
            yield field, encode_verbatim(item[name])
    if accessed := item.get("accessed", {}).get("date-parts", [[]])[0]:
        yield "urldate", _date(accessed)


def _name(person: Mapping[str, str]) -> str:
    """Return a name as “Abbasi, Behnood” or “{NICE}”. A part that would be read otherwise (“and”, “;”, “PhD”) is put in
    braces.
    """
    if person.get("literal") == OTHERS:
        return OTHERS
    if "literal" in person:
        return f"{{{encode(person['literal'])}}}"
    parts = [person["family"], person.get("given", "")]
    family, given = (f"{{{encode(part)}}}" if _is_protected(part) else encode(part) for part in parts)
    return f"{family}, {given}".rstrip() if given else f"{family},"


def _is_protected(part: str) -> bool:
    """Return whether a part of a name would be read as something else without braces."""
    return bool(PROTECTED.search(part) or DEGREE.fullmatch(part) or SUFFIX.fullmatch(part))


def _with_capitals(title: str) -> str:
    """Return the title in LaTeX, with braces around words that have capitals of their own.

    Without braces, bibliography styles would put these words in lower case.
    """
    words = title.split(" ")
    return " ".join(
        f"{{{encode(word)}}}" if _has_capital(word if place else word[1:]) else encode(word)
        for place, word in enumerate(words)
    )


def _has_capital(word: str) -> bool:
    return any(sign.isupper() for sign in word)


def _date(parts: Sequence[int]) -> str:
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))
