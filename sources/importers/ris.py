"""Read RIS, the format of Research Information Systems, as reference managers and databases write it. Pure.

Records are passed to rispy one at a time, so that a truncated record does not affect the others and the line number of
each record is known.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from rispy import RisParser
from rispy.config import TAG_KEY_MAPPING

from sources.identifiers import bare_pmcid
from sources.importers.canonical import BETWEEN_ADDRESSES, dated, parsed
from sources.importers.named_kinds import is_preprint_server, kind_named
from sources.importers.person_names import people
from sources.importers.records import Csl, ParsedRecord, UnreadEntry, first_words
from sources.importers.retraction_reports import notes_of
from sources.importers.tagged import every, first, records_between
from sources.importers.whole_works import WHOLE_WORKS, is_number_of_pages, number_of_pages_left_out, with_editors
from sources.kinds import WORK_KINDS, Work

FORMAT = "RIS"

TYPES = {
    type_: kind.csl
    for kind in WORK_KINDS.values()
    for type_ in (*(() if kind.ris_genre else (kind.ris,)), *kind.ris_read)
}
GENRES = {kind.ris_genre.lower(): kind.csl for kind in WORK_KINDS.values() if kind.ris_genre}
PERIODICALS = {kind.csl for kind in WORK_KINDS.values() if kind.is_periodical}
CHAPTER, PAPER, PATENT = (WORK_KINDS[work].csl for work in (Work.CHAPTER, Work.CONFERENCE_PAPER, Work.PATENT))
PREPRINT, MANUSCRIPT, REPORT = (WORK_KINDS[work].csl for work in (Work.PREPRINT, Work.MANUSCRIPT, Work.REPORT))
LIST_TAGS = ["A1", "A2", "A3", "A4", "AU", "ED", "KW", "N1", "RN", "UR", "SN", "AN", "C2", "L1", "L2", "DO"]
TAG_LINE = re.compile(r"^[ \t]{0,4}([A-Z][A-Z0-9])[ \t]{1,3}-(?:[ \t]|$)", re.MULTILINE)
ISSN = re.compile(r"(?<![\d-])\d{4}-?\d{3}[\dXx]\b(?!-?\d)")
DOI = re.compile(r"10\.\d{4,9}/\S+")


class _Ris(RisParser):  # type: ignore[misc]  # rispy has no types
    """rispy's parser for RIS, which gets one complete record at a time."""

    # rispy collects unknown tags under this name, so it must not be the name of a tag in a file.
    UNKNOWN_TAG = "unknown"


# Some programs write the first author as A1 and the others as AU: both go into one list, in the order of the file.
RIS = _Ris(
    mapping={tag: tag for tag in (*TAG_KEY_MAPPING, "ED", "BT", "CT", "J1", "PMC", "L3", "VO", _Ris.UNKNOWN_TAG)}
    | {"A1": "AU"},
    list_tags=LIST_TAGS,
    delimiter_tags_mapping={},
)


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of a RIS text in order; for one that is cut off, yield an UnreadEntry with the reason."""
    # Text after "ER  -" is allowed: rispy ends the record there as well.
    for line, record, ends in records_between(TAG_LINE.sub(r"\1  - ", text), r"TY  - ", r"ER  -.*"):
        if ends == "cut":
            yield UnreadEntry(line, first_words(record), _("The record is cut off: it has no line “ER  -” at its end."))
            continue
        (found,) = RIS.parse(record if ends == "end" else f"{record}\nER  - ")
        remarks = [] if ends == "end" else [_("It has no line “ER  -” at its end: compare its last fields.")]
        item = _csl(found)
        if first(found, "TY").upper() == "EDBOOK" and not every(found, "ED"):
            item = with_editors(item)
        if item["type"] in WHOLE_WORKS and not first(found, "EP") and is_number_of_pages(item["page"]):
            remarks.append(number_of_pages_left_out(item["page"]))
            item["page"] = ""
        yield parsed(item, line, FORMAT, remarks)


def _csl(record: dict) -> Csl:
    kind = _kind(record)
    is_periodical = kind in PERIODICALS
    is_pubmed = re.search(r"pubmed|medline|\bnlm\b", first(record, "DB") + first(record, "DP"), re.IGNORECASE)
    accession = first(record, "AN")
    notes = every(record, "N1", "RN", "M1", "M3")
    title = first(record, "TI", "T1", "CT", "BT")
    container = first(record, "T2", "JF", "JO", "BT" if kind == CHAPTER else "JF")
    short = first(record, "J2", "JA", "J1")
    if kind == PAPER:  # T2 is the name of the conference if C3 is that of its proceedings
        container = first(record, "C3") or container
    # Some programs give the abbreviation as JO beside the full name.
    if not short and container and 0 < len(first(record, "JO")) < len(container):
        short = first(record, "JO")
    number = ISSN.sub("", " ".join(every(record, "SN"))).strip()
    item = {
        "id": first(record, "ID"),
        "type": kind,
        "title": title,
        "author": people(every(record, "AU")),
        "editor": people(every(record, "ED") or every(record, "A2")),
        "container-title": container,
        "container-title-short": short,
        "publisher": first(record, "PB"),
        "edition": first(record, "ET"),
        "issued": _date(record),
        "volume": first(record, "VL", "VO"),
        "issue": first(record, "IS"),
        "page": _pages(first(record, "SP"), first(record, "EP")) or first(record, "C7"),
        "DOI": _doi(record, notes),
        "PMID": accession if re.fullmatch(r"[1-9]\d{0,8}", accession) and is_pubmed else "",
        "PMCID": next((found for value in every(record, "C2", "PMC") if (found := bare_pmcid(value))[:3] == "PMC"), ""),
        "ISBN": "" if is_periodical else number,
        "URL": _url(record),
        "accessed": first(record, "Y2"),
        "custom": {"notices": notes_of(title, [*notes, *every(record, "KW"), *every(record, "AB", "N2")])},
    }
    if kind == REPORT and not item["issue"] and re.search(r"[^\W\d_]", number) and not _is_isbn(number):
        item |= {"issue": number, "ISBN": ""}  # EndNote writes the number of a report as SN
    if kind == PATENT:  # EndNote and Zotero write the authority that issued it as A2
        item |= {"ISBN": "", "editor": people(every(record, "ED"))}
        item["issue"] = first(record, "SN", "IS")
        item["container-title"] = first(record, "C3", "T2") or ", ".join(every(record, "A2"))
    return item


def _is_isbn(text: str) -> bool:
    """Return whether a text contains ten or thirteen figures in a row, as an ISBN does."""
    return bool(re.search(r"\d{9}[\dXx]", text.replace("-", "").replace(" ", "")))


def _kind(record: dict) -> str:
    """Return the CSL type. A work of no certain kind, or a manuscript, is a preprint if the record names it one."""
    name = first(record, "TY")
    kind = TYPES.get(name.upper()) or kind_named(name) or "document"
    if kind not in ("document", MANUSCRIPT):
        return kind
    if is_preprint_server(first(record, "T2", "JF", "JO", "PB")):
        return PREPRINT
    genres = (GENRES.get(genre.strip().lower()) for genre in every(record, "M3"))
    return next(filter(None, genres), kind)


def _pages(begin: str, end: str) -> str:
    """Return the span of pages. Some programs write the whole span into SP."""
    return begin if not end or end == begin or re.search(r"\d\s*[-‐-―−]", begin) else f"{begin}-{end}".strip("-")


def _date(record: dict) -> Csl | str:
    """Return the year (PY), with the month and day if DA, Y1 or the year's own line states them for that year.

    Without it, return the text of DA, else that of Y1, which the format no longer has.
    """
    year, day = first(record, "PY"), first(record, "DA")
    if not dated(year):
        year = first(record, "Y1") or year
        if not dated(year) or (dated(day)[:1] not in ([], dated(year)[:1])):
            return day or year
    dates = [date for text in (year, day, first(record, "Y1")) if (date := dated(text))[:1] == dated(year)[:1]]
    return {"date-parts": [max(dates, key=len)]}


def _doi(record: dict, notes: list[str]) -> str:
    """Return the DOI, which some programs write into a note. Return the text of DO if there is no DOI anywhere."""
    for text in (*every(record, "DO"), first(record, "L3"), *(note for note in notes if _is_doi_note(note))):
        if match := DOI.search(text):
            return match.group()
    return first(record, "DO")


def _is_doi_note(note: str) -> bool:
    """Return whether a note is only a DOI."""
    return bool(re.fullmatch(r"(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+", note.strip(), re.IGNORECASE))


def _url(record: dict) -> str:
    """Return the first web address. Some programs write several into one line."""
    values = [*every(record, "UR"), first(record, "L2")]
    urls = [address for value in values for address in BETWEEN_ADDRESSES.split(value.strip())]
    return next((address for address in urls if address.startswith("http")), "")
