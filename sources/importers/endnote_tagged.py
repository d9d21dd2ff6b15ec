"""Read EndNote's tagged format (.enw, “%0 Journal Article”), which Google Scholar and Refer/BibIX write too. Pure.

The meaning of some tags depends on the type of the work (EndNote, “Tagged EndNote Import”).
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from sources.importers.canonical import parsed
from sources.importers.named_kinds import kind_named
from sources.importers.person_names import people
from sources.importers.records import Csl, ParsedRecord, UnreadEntry
from sources.importers.retraction_reports import notes_of
from sources.importers.whole_works import EDITED_BOOK, with_editors
from sources.kinds import WORK_KINDS, Work

FORMAT = "EndNote (tagged)"
SIGN = re.compile(r"^%[0AT](?: \S|\s*$)", re.MULTILINE)
TAG = re.compile(r"^%([0-9A-Za-z!@#$&()*+=?~<>^\[\]|])(?: +(.*)|\s*)$")
ARTICLE, CHAPTER, PAPER, THESIS = (
    WORK_KINDS[work].csl for work in (Work.JOURNAL_ARTICLE, Work.CHAPTER, Work.CONFERENCE_PAPER, Work.THESIS)
)
BOOK, REPORT, PATENT = (WORK_KINDS[work].csl for work in (Work.BOOK, Work.REPORT, Work.PATENT))
PERIODICALS = {kind.csl for kind in WORK_KINDS.values() if kind.is_periodical}


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of the text in order. A record begins at “%0” or, if it has none, after a blank line."""
    for line, fields in _records(text):
        item = _csl(fields)
        is_edited = fields.get("0", [""])[0].lower() == EDITED_BOOK
        yield parsed(with_editors(item) if is_edited else item, line, FORMAT)


def _records(text: str) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """Yield the first line and the values of each tag of each record. A line without a tag continues the value."""
    fields: dict[str, list[str]] = defaultdict(list)
    began, tag, was_blank = 1, "", True
    # Where records have no type, blank lines separate them, as in refer.
    has_types = any(line.startswith("%0") for line in text.split("\n"))
    for number, line in enumerate(text.split("\n"), 1):
        match = TAG.match(line.rstrip())
        if match:
            is_new = match[1] == "0" if has_types else was_blank
            if fields and is_new:
                if fields.keys() != {"0"}:  # a type alone describes nothing
                    yield began, fields
                fields = defaultdict(list)
            began = began if fields else number
            tag = match[1]
            fields[tag].append((match[2] or "").strip())
        elif line.strip() and tag:
            fields[tag][-1] = f"{fields[tag][-1]} {line.strip()}".strip()
        was_blank = not line.strip()
    if fields:
        yield began, fields


def _csl(fields: dict[str, list[str]]) -> Csl:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in fields.get(tag, ()) if value), "")

    kind = kind_named(first("0")) or _guessed(fields)
    is_part = kind in (CHAPTER, PAPER)
    journals = [value for value in fields.get("J", ()) if value]
    short = min(journals, key=len) if len(journals) > 1 else ""
    container = max(journals, key=len) if journals and kind == ARTICLE else ""
    title = first("T")
    if kind == PATENT:
        container = first("C")
    return {
        "id": first("F"),
        "type": kind,
        "title": title,
        "author": people(fields.get("A", ())),
        "editor": people(fields.get("E", ())),
        "container-title": container or first("B", "J" if kind != BOOK else "S", "S" if is_part else "B"),
        "container-title-short": first("O") if kind == ARTICLE and not short else short,
        "publisher": first("I") or (first("B") if kind == THESIS else ""),
        "edition": first("7"),
        "issued": _date(first("D"), first("8")),
        "volume": first("V"),
        "issue": first("@", "N") if kind == PATENT else first("N"),
        "page": first("P"),
        "DOI": first("R") if re.search(r"10\.\d{4,9}/", first("R")) else "",
        "PMID": first("M") if "pubmed" in first("U", "~", "W").lower() else "",
        "PMCID": first("2") if first("2").upper().startswith("PMC") else "",
        "ISBN": "" if kind in PERIODICALS or kind == PATENT else first("@"),
        "URL": next((value for value in fields.get("U", ()) if value.startswith("http")), ""),
        "accessed": first("[", "="),
        "custom": {"notices": notes_of(title, [*fields.get("Z", ()), *fields.get("K", ()), *fields.get("X", ())])},
    }


def _guessed(fields: dict[str, list[str]]) -> str:
    """Return the type of a record without “%0”, as refer guesses it from the fields."""
    if "J" in fields:
        return ARTICLE
    if "B" in fields:
        return CHAPTER
    if "R" in fields and "I" not in fields:
        return REPORT
    return BOOK if "I" in fields else "document"


def _date(year: str, day: str) -> str:
    """Return the day if it belongs to the year, or the year with the month and day that “%8” gives without a year."""
    if not year or year in day:
        return day or year
    return f"{day} {year}" if re.match(r"[A-Za-z]{3}", day) else year
