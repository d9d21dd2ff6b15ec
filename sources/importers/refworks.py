"""Read RefWorks' tagged format (“RT Journal Article”). Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator

from sources.importers.canonical import parsed
from sources.importers.named_kinds import kind_named
from sources.importers.person_names import people
from sources.importers.records import Csl, ParsedRecord, UnreadEntry
from sources.importers.retraction_reports import notes_of
from sources.importers.tagged import every, first, records_between
from sources.kinds import WORK_KINDS, Work

FORMAT = "RefWorks"
SIGN = re.compile(r"^RT [A-Z][a-z][A-Za-z ,/]+$", re.MULTILINE)
TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?\Z")
ARTICLE = WORK_KINDS[Work.JOURNAL_ARTICLE].csl
PERIODICALS = {kind.csl for kind in WORK_KINDS.values() if kind.is_periodical}


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of the text in order. A record begins at “RT”."""
    for line, record, _ends in records_between(text, r"RT ", r"ER\b.*"):
        fields: dict[str, list[str]] = defaultdict(list)
        tag = ""
        for words in record.split("\n"):
            if match := TAG.match(words.rstrip()):
                tag = match[1]
                fields[tag].append((match[2] or "").strip())
            elif words.strip() and tag:
                fields[tag][-1] = f"{fields[tag][-1]} {words.strip()}".strip()
        yield parsed(_csl(fields), line, FORMAT)


def _csl(record: dict[str, list[str]]) -> Csl:
    kind = kind_named(first(record, "RT")) or "document"
    title = first(record, "T1")
    pages = "-".join(page for tag in ("SP", "OP") if (page := first(record, tag)))
    return {
        "type": kind,
        "title": title,
        "author": people(name.replace(",", ", ") for name in every(record, "A1")),
        "editor": people(name.replace(",", ", ") for name in every(record, "A2")),
        "container-title": first(record, "JF", "T2", "JO"),
        "container-title-short": first(record, "JO") if first(record, "JF") else "",
        "publisher": first(record, "PB"),
        "edition": first(record, "ED"),
        "issued": f"{first(record, 'YR')} {first(record, 'FD')}".strip(),
        "volume": first(record, "VO"),
        "issue": first(record, "IS"),
        "page": pages,
        "DOI": first(record, "DO"),
        "ISBN": "" if kind in PERIODICALS else first(record, "SN"),
        "URL": first(record, "UL", "LK"),
        "accessed": first(record, "RD"),
        "custom": {"notices": notes_of(title, [*every(record, "NO"), *every(record, "K1"), *every(record, "AB")])},
    }
