"""Read MEDLINE's format as PubMed saves it (.nbib; NLM, “MEDLINE/PubMed Data Element (Field) Descriptions”). Pure.

The parser is our own because other parsers drop the fields that name the retraction, erratum, expression of concern or
update of a paper (RIN, EIN, ECI, UIN).
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from sources.importers.canonical import parsed
from sources.importers.person_names import people
from sources.importers.records import Csl, ParsedRecord, UnreadEntry, first_words
from sources.importers.retraction_reports import CONCERN_ABOUT, CONCERN_IN, RETRACTED_IN, RETRACTION_OF
from sources.kinds import WORK_KINDS, Work
from sources.lookups.pubmed_records import is_article_number, title_of, without_stop

FORMAT = "NBIB"
TAG = re.compile(r"^([A-Z]{2,4}) {0,2}- ?(.*)$")
PMCID = re.compile(r"PMC {0,2}-|\s*$")
NOTICES = {
    "RIN": RETRACTED_IN,
    "EIN": "erratum in",
    "ECI": CONCERN_IN,
    "UIN": "updated in",
    "ROF": RETRACTION_OF,
    "ECF": CONCERN_ABOUT,
}
# PubMed's publication types for works other than journal articles.
TYPES = {type_: kind.csl for kind in WORK_KINDS.values() for type_ in kind.nbib}
ARTICLE, BOOK, CHAPTER = (WORK_KINDS[work].csl for work in (Work.JOURNAL_ARTICLE, Work.BOOK, Work.CHAPTER))
REPORT, THESIS = (WORK_KINDS[work].csl for work in (Work.REPORT, Work.THESIS))


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of a MEDLINE text in order. A line that belongs to no field is left out; a remark says so."""
    for line, record in _records(text):
        fields, stray = _fields(record)
        remarks = []
        if stray:
            message = _("Line %(line)s does not belong to a field of MEDLINE's format and was left out: %(words)s")
            remarks.append(message % {"line": line + stray, "words": first_words(record[stray])})
        item = _csl(fields)
        yield parsed(_of_eric(fields, item) if fields.get("OWN") == ["ERIC"] else item, line, FORMAT, remarks)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the first line and the lines of each record.

    A record begins at its PMID, or in files of ERIC, which have none, at its OWN. In files of PubMed Central, the PMCID
    comes before the PMID, and a record may have no PMID.
    """
    record: list[str] = []
    began = 1
    first = "PMID-" if re.search(r"^PMID-", text, re.MULTILINE) else "OWN -"
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        is_pmcid = line.startswith("PMC ") and not (number > 1 and lines[number - 2].strip())
        if record and (is_pmcid or (line.startswith(first) and not all(map(PMCID.match, record)))):
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
    tag, stray = "", 0
    for place, line in enumerate(record):
        if match := TAG.match(line):
            tag = match.group(1)
            fields[tag].append(match.group(2).strip())
        elif line.startswith("  ") and tag:
            fields[tag][-1] = f"{fields[tag][-1]} {line.strip()}".strip()
        elif line.strip():
            stray = stray or place
    return fields, stray


def _csl(fields: dict[str, list[str]]) -> Csl:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in fields.get(tag, ()) if value), "")

    types = fields.get("PT", [])
    is_chapter = "BTI" in fields and "TI" in fields
    book = CHAPTER if is_chapter else BOOK if "BTI" in fields else ""
    return {
        "type": book or next((TYPES[type_] for type_ in types if type_ in TYPES), ARTICLE),
        "title": title_of(first("TI"), first("TT")) or title_of(first("BTI"), ""),
        "author": [
            *people(fields.get("FAU") or map(_short, fields.get("AU", []))),
            *({"literal": name.removesuffix(".")} for name in fields.get("CN", [])),
        ],
        "editor": people(fields.get("FED") or map(_short, fields.get("ED", []))),
        "container-title": without_stop(first("BTI") if is_chapter else first("JT")),
        "container-title-short": first("TA"),
        "publisher": first("PB"),
        "edition": first("EN"),
        # Ahead of print, AMA names the day on which the article went online (DEP).
        "issued": first("DP", "DEP") if first("VI", "PG") else first("DEP", "DP"),
        "volume": first("VI"),
        "issue": first("IP"),
        "page": _pages(first("PG")) or _article_number(fields),
        "DOI": _tagged(fields, "doi"),
        "PMID": first("PMID"),
        "PMCID": first("PMC"),
        "ISBN": " ".join(fields.get("ISBN", ())),
        "custom": {
            "publication-types": types,
            "notices": [f"{label}: {text}" for tag, label in NOTICES.items() for text in fields.get(tag, ())],
        },
    }


def _of_eric(fields: dict[str, list[str]], item: Csl) -> Csl:
    """Return the item of a record of ERIC, which says in PT what the work is and names its publisher as a journal (JT).

    A thesis is described in SO: “Ph.D. Dissertation, Drexel University”.
    """
    types = " ".join(fields.get("PT", ()))
    if "Journal Articles" in types or item["volume"] or item["page"]:
        return item
    publisher, source = item["container-title"], " ".join(fields.get("SO", ()))
    item |= {"type": REPORT, "container-title": "", "publisher": publisher}
    if re.search(r"\bDissertations\b|\bTheses\b", types):
        return item | {"type": THESIS, "publisher": source.partition(", ")[2] or publisher}
    return item | {"type": BOOK} if re.search(r"\bBooks\b", types) else item


def _short(name: str) -> str:
    """Return a name such as “Abbasi B” as “Abbasi, B”, and “King MJ Jr” as “King, MJ, Jr”."""
    if match := re.fullmatch(r"(.+?) ([A-Z]{1,4}|\S)(?: (Jr|Sr|2nd|3rd|4th|II|III|IV))?", name):
        return ", ".join(part for part in match.groups() if part)
    return name


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
    """Return the article number, an LID that is not marked as a DOI, or "".

    A publisher's item identifier (pii) such as “S1080-6032(22)00139-9” is not an article number. A short one is, if the
    article has no pages.
    """
    for value in fields.get("LID", ()):
        number = value.removesuffix("[pii]").strip()
        if re.fullmatch(r"[A-Za-z]{0,4}\d{1,10}", number) and (number == value or is_article_number(number)):
            return number
    return ""
