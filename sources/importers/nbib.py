"""Read MEDLINE's format as PubMed saves it (.nbib; NLM, “MEDLINE/PubMed Data Element (Field) Descriptions”). Pure.

The parser is our own because other parsers drop the fields that name the retraction, erratum, expression of concern or
update of a paper (RIN, EIN, ECI, UIN).
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from sources.importers.canonical import canonical, person
from sources.importers.records import Csl, ParsedRecord, UnreadEntry, first_words
from sources.kinds import WORK_KINDS, Work

FORMAT = "NBIB"
TAG = re.compile(r"^([A-Z]{2,4}) {0,2}- ?(.*)$")
NOTICES = {"RIN": "retracted in", "EIN": "erratum in", "ECI": "concern in", "UIN": "updated in"}
# PubMed's publication types for works other than journal articles.
TYPES = {type_: kind.csl for kind in WORK_KINDS.values() for type_ in kind.nbib}
ARTICLE, BOOK, CHAPTER = (WORK_KINDS[work].csl for work in (Work.JOURNAL_ARTICLE, Work.BOOK, Work.CHAPTER))


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of a MEDLINE text in order, or an UnreadEntry with the reason if it cannot be read."""
    for line, record in _records(text):
        fields, stray = _fields(record)
        words = first_words("\n".join(record))
        if "TI" not in fields and "BTI" not in fields and "TT" not in fields:
            yield UnreadEntry(line, words, _("The record has no title (TI): it is cut off, or not from PubMed."))
        elif stray:
            why = _("This line does not belong to a field of MEDLINE's format.")
            yield UnreadEntry(line + stray, first_words(record[stray]), why)
        else:
            yield ParsedRecord(canonical(_csl(fields)), line, FORMAT)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the first line and the lines of each record. A record begins at its PMID."""
    record: list[str] = []
    began = 1
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("PMID-") and record:
            yield began, record
            record = []
        if record or line.strip():
            if not record:
                began = number
            record.append(line.rstrip())
    if record:
        yield began, record


def _fields(record: list[str]) -> tuple[dict[str, list[str]], int]:
    """Return the values of each tag, and the index of the first line that belongs to no tag (0 if there is none)."""
    fields: dict[str, list[str]] = defaultdict(list)
    tag = ""
    for place, line in enumerate(record):
        if match := TAG.match(line):
            tag = match.group(1)
            fields[tag].append(match.group(2).strip())
        elif line.startswith("  ") and tag:
            fields[tag][-1] = f"{fields[tag][-1]} {line.strip()}".strip()
        elif line.strip():
            return fields, place
    return fields, 0


def _csl(fields: dict[str, list[str]]) -> Csl:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in fields.get(tag, ()) if value), "")

    types = fields.get("PT", [])
    is_chapter = "BTI" in fields and "TI" in fields
    book = CHAPTER if is_chapter else BOOK if "BTI" in fields else ""
    return {
        "type": book or next((TYPES[type_] for type_ in types if type_ in TYPES), ARTICLE),
        # PubMed ends titles with a full stop, and puts translated titles in brackets.
        "title": re.sub(r"^\[(.*)\]$", r"\1", _without_stop(first("TI", "BTI", "TT"))),
        "author": [
            *(person(name) for name in fields.get("FAU") or map(_short, fields.get("AU", []))),
            *({"literal": name} for name in fields.get("CN", [])),
        ],
        "editor": [person(name) for name in fields.get("FED") or map(_short, fields.get("ED", []))],
        "container-title": _without_stop(first("BTI") if is_chapter else first("JT")),
        "container-title-short": first("TA"),
        "publisher": first("PB"),
        "edition": first("EN"),
        "issued": first("DP", "DEP"),
        "volume": first("VI"),
        "issue": first("IP"),
        "page": _pages(first("PG")) or _article_number(fields),
        "DOI": _tagged(fields, "doi"),
        "PMID": first("PMID"),
        "PMCID": first("PMC"),
        "ISBN": first("ISBN").split(" ")[0],
        "custom": {
            "publication-types": types,
            "notices": [f"{label}: {text}" for tag, label in NOTICES.items() for text in fields.get(tag, ())],
        },
    }


def _without_stop(title: str) -> str:
    """Return the title without its full stop; an ellipsis stays."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _short(name: str) -> str:
    """Return a name such as “Abbasi B” as “Abbasi, B”."""
    family, _, initials = name.rpartition(" ")
    return f"{family}, {initials}" if family else name


def _pages(pages: str) -> str:
    """Return pages such as “1161-9” as “1161-1169”, because AMA gives both pages in full (3.11.4)."""
    match = re.fullmatch(r"([A-Za-z]?)(\d+)-[A-Za-z]?(\d+)", pages)
    if not match or len(match.group(3)) >= len(match.group(2)):
        return pages
    letter, begin, end = match.groups()
    return f"{letter}{begin}-{letter}{begin[: len(begin) - len(end)]}{end}"


def _tagged(fields: dict[str, list[str]], kind: str) -> str:
    """Return the identifier of this kind from LID or AID, such as 10.1000/x from “10.1000/x [doi]”, or ""."""
    for tag in ("LID", "AID"):
        for value in fields.get(tag, ()):
            if value.endswith(f"[{kind}]"):
                return value.removesuffix(f"[{kind}]").strip()
    return ""


def _article_number(fields: dict[str, list[str]]) -> str:
    """Return the article number, which is an LID without a kind in brackets, or ""."""
    return next((value for value in fields.get("LID", ()) if re.fullmatch(r"[A-Za-z]?\d{1,10}", value)), "")
