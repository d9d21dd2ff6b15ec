"""Read RIS (the format of Research Information Systems, as reference managers write it) and Web of Science plain text.

The two formats look alike but differ in details. Records are passed to rispy one at a time, so that a truncated record
does not affect the others and the line number of each record is known. Pure.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from rispy import RisParser, WokParser
from rispy.config import TAG_KEY_MAPPING, WOK_TAG_KEY_MAPPING

from sources.importers.canonical import canonical, dated, person
from sources.importers.records import Csl, ParsedRecord, UnreadEntry, first_words
from sources.kinds import WORK_KINDS, Work

FORMAT, WOS_FORMAT = "RIS", "Web of Science"

TYPES = {type_: kind.csl for kind in WORK_KINDS.values() for type_ in (kind.ris, *kind.ris_read)}
PERIODICALS = {kind.csl for kind in WORK_KINDS.values() if kind.is_periodical}
WOS_TYPES = {type_: kind.csl for kind in WORK_KINDS.values() for type_ in kind.web_of_science}
ARTICLE, CHAPTER = WORK_KINDS[Work.JOURNAL_ARTICLE].csl, WORK_KINDS[Work.CHAPTER].csl
LIST_TAGS = ["A1", "A2", "A3", "A4", "AU", "ED", "KW", "N1", "UR", "SN", "AN"]
TAG_LINE = re.compile(r"^([A-Z][A-Z0-9])[ \t]{1,3}-(?:[ \t]|$)", re.MULTILINE)
WOS_TAG = re.compile(r"([A-Z][A-Z0-9])(?:\s|\Z)")
ISSN = re.compile(r"\b\d{4}-?\d{3}[\dXx]\b(?!-?\d)")


class _Ris(RisParser):  # type: ignore[misc]  # rispy has no types
    """rispy's parser for RIS, which gets one complete record at a time."""

    # rispy collects unknown tags under this name, so it must not be the name of a tag in a file.
    UNKNOWN_TAG = "unknown"


class _WebOfScience(WokParser):  # type: ignore[misc]  # rispy has no types
    """rispy's parser for Web of Science, which gets one complete record at a time."""

    UNKNOWN_TAG = "unknown"

    def parse_line(self, line: str) -> tuple[str | None, str]:
        """Return the tag and the value of a line. The tag is None if the line continues the previous value, indented or
        not.

        A line is a continuation if it has no tag, or if its tag is “ER” with text after it, which does not end the
        record.
        """
        match = WOS_TAG.match(line)
        if match is None or (match[1] == self.END_TAG and line[2:].strip()):
            return None, line.strip()
        return match[1], line[3:].strip()


RIS = _Ris(
    mapping={tag: tag for tag in (*TAG_KEY_MAPPING, "ED", _Ris.UNKNOWN_TAG)},
    list_tags=LIST_TAGS,
    delimiter_tags_mapping={},
)
WOS = _WebOfScience(
    mapping={tag: tag for tag in (*WOK_TAG_KEY_MAPPING, _WebOfScience.UNKNOWN_TAG)}, list_tags=["AU", "AF", "CA"]
)


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of a RIS text in order, or an UnreadEntry with the reason if it cannot be read."""
    # Text after "ER  -" is allowed: rispy ends the record there as well.
    for line, record, is_whole in _records(TAG_LINE.sub(r"\1  - ", text), r"TY  - ", r"ER  -.*"):
        if not is_whole:
            yield UnreadEntry(line, first_words(record), _("The record is cut off: it has no line “ER  -” at its end."))
            continue
        (found,) = RIS.parse(record)
        item = canonical(_csl(found))
        if "title" in item:
            yield ParsedRecord(item, line, FORMAT)
        else:
            yield UnreadEntry(line, first_words(record), _("The record has no title."))


def parse_web_of_science(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of a Web of Science export (“FN …”, “PT J”), or an UnreadEntry with the reason if it cannot be
    read.
    """
    for line, record, is_whole in _records(text, r"PT ", r"ER\s*"):
        if not is_whole:
            yield UnreadEntry(line, first_words(record), _("The record is cut off: it has no line “ER” at its end."))
            continue
        (found,) = WOS.parse(record)
        item = canonical(_wos_csl(found))
        if "title" in item:
            yield ParsedRecord(item, line, WOS_FORMAT)
        else:
            yield UnreadEntry(line, first_words(record), _("The record has no title."))


def _records(text: str, start: str, end: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the number of each record's first line, its text, and whether it is complete.

    Text between records is ignored.
    """
    lines: list[str] = []
    began = 0
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(start, line):
            if lines:
                yield began, "\n".join(lines), False
            began, lines = number, [line]
        elif lines:
            lines.append(line)
            if re.fullmatch(end, line):
                yield began, "\n".join(lines), True
                lines = []
    if any(line.strip() for line in lines):
        yield began, "\n".join(lines), False


def _first(record: dict, *tags: str) -> str:
    """Return the first value of the first of these tags that has one, or ""."""
    for tag in tags:
        value = record.get(tag)
        if value := next(filter(None, value), "") if isinstance(value, list) else value:
            return value
    return ""


def _csl(record: dict) -> Csl:
    kind = TYPES.get(_first(record, "TY").upper(), "document")
    urls = [address for value in record.get("UR", []) for address in re.split(r";\s*(?=https?://)", value)]
    numbers = " ".join(record.get("SN", []))
    is_periodical = kind in PERIODICALS
    is_pubmed = re.search(r"pubmed|medline|\bnlm\b", _first(record, "DB") + _first(record, "DP"), re.IGNORECASE)
    accession = _first(record, "AN")
    pages = [page for tag in ("SP", "EP") if (page := _first(record, tag))]
    return {
        "id": _first(record, "ID"),
        "type": kind,
        "title": _first(record, "TI", "T1", "CT", "BT"),
        "author": [person(name) for name in record.get("AU") or record.get("A1") or []],
        "editor": [person(name) for name in record.get("ED") or record.get("A2") or []],
        "container-title": _first(record, "T2", "JO", "JF", "BT" if kind == CHAPTER else "JF"),
        "container-title-short": _first(record, "J2", "JA"),
        "publisher": _first(record, "PB"),
        "edition": _first(record, "ET"),
        "issued": _date(record),
        "volume": _first(record, "VL"),
        "issue": _first(record, "IS"),
        "page": "-".join(pages if "-" not in "".join(pages[:1]) else pages[:1]) or _first(record, "C7"),
        "DOI": _doi(_first(record, "DO")),
        "PMID": accession if re.fullmatch(r"[1-9]\d{0,8}", accession) and is_pubmed else "",
        "PMCID": next((value for tag in ("C2", "PMC") if (value := _first(record, tag)).startswith("PMC")), ""),
        "ISBN": "" if is_periodical else ISSN.sub("", numbers).split(" ")[0] or "",
        "URL": next((address.strip() for address in urls if address.strip().startswith("http")), ""),
        "accessed": _first(record, "Y2"),
    }


def _date(record: dict) -> Csl | str:
    """Return the year (PY or Y1), with the month and day if DA or the year's own line states them for that year.

    Without a year, return the text of DA.
    """
    year, day = _first(record, "PY", "Y1"), _first(record, "DA")
    if not year:
        return day
    whole, full = dated(year), dated(day)
    return {"date-parts": [full]} if full[:1] == whole[:1] and len(full) > len(whole) else {"date-parts": [whole]}


def _doi(text: str) -> str:
    """Return the first DOI in the text, or the text if it has none. Some databases write a URL, or two DOIs."""
    match = re.search(r"10\.\d{4,9}/\S+", text)
    return match.group() if match else text


def _wos_csl(record: dict) -> Csl:
    pages = "-".join(page for tag in ("BP", "EP") if (page := _first(record, tag)))
    year, part = _first(record, "PY", "EY"), _first(record, "PD")
    is_chapter = _first(record, "PT") in ("B", "S") and "Chapter" in _first(record, "DT")
    return {
        "type": CHAPTER if is_chapter else WOS_TYPES.get(_first(record, "PT"), ARTICLE),
        "title": _first(record, "TI"),
        "author": [
            *(person(name) for name in record.get("AF") or record.get("AU") or []),
            *({"literal": name} for name in record.get("CA", [])),
        ],
        "container-title": _titled(_first(record, "SO")),
        "container-title-short": _first(record, "JI"),
        "publisher": _titled(_first(record, "PU")) if _first(record, "PT") != "J" else "",
        "issued": f"{year} {part.title()}".strip(),
        "volume": _first(record, "VL"),
        "issue": _first(record, "IS"),
        "page": pages or _first(record, "AR"),
        "DOI": _first(record, "DI"),
        "PMID": _first(record, "PM"),
        "ISBN": _first(record, "BN").split(" ")[0],
    }


def _titled(name: str) -> str:
    """Return a name that is all in capitals in title case. Web of Science writes “BIOCHEMISTRY” for “Biochemistry”.

    A name of up to four letters is returned unchanged.
    """
    small = {"of", "and", "the", "in", "for", "on", "to", "a", "an", "et", "de", "der", "und"}
    if not name.isupper() or len(name) <= 4:
        return name
    words = [word.lower() if word.lower() in small else word.capitalize() for word in name.split()]
    return " ".join(words)[:1].upper() + " ".join(words)[1:]
