"""Read Web of Science plain text (“FN …”, “PT J”), which looks like RIS but differs in details. Pure."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from rispy import WokParser
from rispy.config import WOK_TAG_KEY_MAPPING

from sources.importers.canonical import parsed
from sources.importers.journal_names import readable
from sources.importers.person_names import people
from sources.importers.records import Csl, ParsedRecord, UnreadEntry, first_words
from sources.importers.retraction_reports import notes_of
from sources.importers.tagged import every, first, records_between
from sources.kinds import WORK_KINDS, Work

FORMAT = "Web of Science"
TYPES = {type_: kind.csl for kind in WORK_KINDS.values() for type_ in kind.web_of_science}
ARTICLE, CHAPTER, PAPER, PATENT = (
    WORK_KINDS[work].csl for work in (Work.JOURNAL_ARTICLE, Work.CHAPTER, Work.CONFERENCE_PAPER, Work.PATENT)
)
TAG = re.compile(r"([A-Z][A-Z0-9])(?:\s|\Z)")

# An inventor as Derwent writes the name: “YANG Y”.
INVENTOR = re.compile(r"\A([^\W\d_][^\d,]*) ([A-Z]{1,3})\Z")


class _WebOfScience(WokParser):  # type: ignore[misc]  # rispy has no types
    """rispy's parser for Web of Science, which gets one complete record at a time."""

    UNKNOWN_TAG = "unknown"

    def parse_line(self, line: str) -> tuple[str | None, str]:
        """Return the tag and the value of a line. The tag is None if the line continues the previous value, indented or
        not.

        A line is a continuation if it has no tag, or if its tag is “ER” with text after it, which does not end the
        record.
        """
        match = TAG.match(line)
        if match is None or (match[1] == self.END_TAG and line[2:].strip()):
            return None, line.strip()
        return match[1], line[3:].strip()


WOS = _WebOfScience(
    mapping={tag: tag for tag in (*WOK_TAG_KEY_MAPPING, "AE", "PN", "PC", "PS", _WebOfScience.UNKNOWN_TAG)},
    list_tags=["AU", "AF", "CA", "BE", "BF", "BA", "GP", "BN"],
)


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of the text in order; for one that is cut off, yield an UnreadEntry with the reason."""
    for line, record, ends in records_between(text, r"PT [A-Z]\s*$", r"ER\s*"):
        if ends == "cut":
            yield UnreadEntry(line, first_words(record), _("The record is cut off: it has no line “ER” at its end."))
            continue
        (found,) = WOS.parse(record if ends == "end" else f"{record}\nER")
        remarks = [] if ends == "end" else [_("It has no line “ER” at its end: compare its last fields.")]
        yield parsed(_csl(found), line, FORMAT, tuple(remarks))


def _csl(record: dict) -> Csl:
    year, part = first(record, "PY", "EY"), first(record, "PD")
    types = [name.strip() for name in first(record, "DT").split(";")]
    title = first(record, "TI")
    kind = _kind(first(record, "PT"), types, title, first(record, "SO"))
    is_patent = kind == PATENT
    names = every(record, "AF") or every(record, "AU") or every(record, "BF") or every(record, "BA")
    if is_patent:
        names = [INVENTOR.sub(r"\1, \2", name) for name in names]
    return {
        "type": kind,
        "title": title,
        "author": [
            *people(names),
            *({"literal": name} for name in every(record, "CA")),
        ],
        "editor": people(every(record, "BE")),
        "container-title": first(record, "PC") if is_patent else readable(first(record, "SO")),
        "container-title-short": first(record, "JI"),
        "publisher": readable(first(record, "PU", "AE")) if first(record, "PT") != "J" else "",
        "issued": f"{year} {part.title()}".strip(),
        "volume": first(record, "VL"),
        "issue": first(record, "PN") if is_patent else _issue(record),
        "page": _pages(first(record, "BP"), first(record, "EP")) or first(record, "AR", "PS"),
        "DOI": first(record, "DI"),
        "PMID": first(record, "PM"),
        "ISBN": " ".join(every(record, "BN")),
        "custom": {"notices": notes_of(title, types)},
    }


def _kind(code: str, types: list[str], title: str, source: str) -> str:
    """Return the type in CSL by the codes PT and DT. A paper in a journal (PT J) is an article there.

    A work in a book of another title is a chapter.
    """
    if code in ("B", "S", "C"):
        if any("Chapter" in name for name in types):
            return CHAPTER
        if "Proceedings Paper" in types or "Meeting Abstract" in types:
            return PAPER
        if title and source and title.casefold().rstrip(".") != source.casefold().rstrip("."):
            return CHAPTER
    return TYPES.get(code, ARTICLE)


def _issue(record: dict) -> str:
    """Return the issue, or the number of a supplement as an issue, such as “suppl 1” for “1” or “S”."""
    number = first(record, "SU")
    supplement = f"suppl {number}" if number and "suppl" not in number.lower() else number
    return first(record, "IS", "PN") or supplement


def _pages(begin: str, end: str) -> str:
    """Return the span of pages. “+” as the last page means that the article goes on elsewhere."""
    if begin.startswith("+") or begin.strip().lower() == "no-specified":
        return ""
    return begin if not begin or not re.search(r"\d", end) or end == begin else f"{begin}-{end}"
