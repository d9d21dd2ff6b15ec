"""Write RIS, with the tags that reference managers agree on. Pure.

An export omits the day on which a preprint became available, the kind of evidence, archived copies, and PubMed's
publication types and notices. It cannot express a person without a given name or an organisation with a comma in its
name, because in RIS a name with a comma is a person's.
"""

from collections.abc import Iterator, Sequence

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
TYPES = {kind.csl: kind.ris for kind in WORK_KINDS.values()}
OTHER_TAGS = {kind.csl: kind.ris_tags for kind in WORK_KINDS.values()}
GENRES = {kind.csl: kind.ris_genre for kind in WORK_KINDS.values() if kind.ris_genre}
TAGS = (
    *(("TI", "title"), ("T2", "container-title"), ("J2", "container-title-short"), ("PB", "publisher")),
    *(("ET", "edition"), ("VL", "volume"), ("IS", "issue"), ("DO", "DOI"), ("C2", "PMCID"), ("SN", "ISBN")),
    *(("UR", "URL"),),
)


def write(items: Sequence[Csl]) -> str:
    """Return the items as RIS records, separated by blank lines. Lines end with CR and LF, as the format requires."""
    return "\r\n".join(line for item in items for line in (*_record(item), "")) + ("\r\n" if items else "")


def _record(item: Csl) -> Iterator[str]:
    yield f"TY  - {TYPES.get(item['type'], 'GEN')}"
    if genre := GENRES.get(item["type"]):
        yield f"M3  - {genre}"
    if "id" in item:
        yield f"ID  - {item['id']}"
    for tag, people in (("AU", item.get("author", ())), ("ED", item.get("editor", ()))):
        for person in people:
            name = person.get("literal") or person["family"]
            yield f"{tag}  - {name}, {person['given']}" if "given" in person else f"{tag}  - {name}"
    others = OTHER_TAGS.get(item["type"], {})
    for tag, name in TAGS:
        if name in item and (name in others or tag not in others.values()):
            yield f"{others.get(name, tag)}  - {item[name]}"
    if issued := _parts(item, "issued"):
        yield f"PY  - {issued[0]:04}"
        if len(issued) > 1:
            yield f"DA  - {_date(issued)}"
    if "page" in item:
        first, dash, last = item["page"].partition("-")
        is_span = dash and first and last and "-" not in last
        yield f"SP  - {first if is_span else item['page']}"
        if is_span:
            yield f"EP  - {last}"
        elif item["type"] in WHOLE_WORKS and is_number_of_pages(item["page"]):
            yield f"EP  - {item['page']}"
    if "PMID" in item:
        yield f"AN  - {item['PMID']}"
        yield "DB  - PubMed"
    if accessed := _parts(item, "accessed"):
        yield f"Y2  - {_date(accessed)}"
    yield "ER  - "


def _parts(item: Csl, name: str) -> list[int]:
    parts: list[int] = item.get(name, {}).get("date-parts", [[]])[0]
    return parts


def _date(parts: list[int]) -> str:
    """Return a date as “2012/12/05/”. The month or day is left empty if it is unknown, as the format requires."""
    year, month, day = (f"{part:0{width}}" for part, width in zip([*parts, 0, 0][:3], (4, 2, 2), strict=True))
    return f"{year}/{month if len(parts) > 1 else ''}/{day if len(parts) > 2 else ''}/"
