"""Read a numbered list of references, such as the one at the end of a manuscript. Pure.

An entry with a DOI, a PMID or a URL is to be looked up. Another reference in AMA, Vancouver or APA style is split into
fields, with a remark. Any other entry is reported as unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sources.importers.canonical import parsed
from sources.importers.person_names import OTHERS, people
from sources.importers.records import Csl, ParsedRecord, UnreadEntry, first_words
from sources.kinds import WORK_KINDS, Work

FORMAT = "numbered list of references"
NUMBERED = re.compile(r"^[ \t]{0,8}(?:\[(\d{1,3})\]|(\d{1,3})[.)])[ \t]+(?=\S)", re.MULTILINE)
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]]")
ADDRESS = re.compile(r"https?://[^\s/\"<>]+\.[^\s\"<>]{2,480}[^\s\"<>.,;)\]]")
PMID = re.compile(r"\bPMID:?\s*([1-9]\d{0,8})\b", re.IGNORECASE)
# “Doe J, Roe R. Title. J Short. 2012 Dec;17(12):1161-9.”
PLACED = re.compile(
    r"(?P<year>(?:1[5-9]|20)\d\d)(?: [A-Z][a-z]{2,8}\.?(?: \d{1,2})?)?;\s*"
    r"(?P<volume>[^\s(:;.]{1,20}(?: Suppl\.? ?\w{0,3})?)?\s*"
    r"(?:\((?P<issue>[^()]{1,30})\))?(?:\((?P<more>[^()]{1,20})\))?(?::\s*(?P<pages>[^\s.;]{1,40}))?"
)
# “Doe, J., & Roe, R. (2012). Title. Journal, 17(12), 1161–1169.”
APA = re.compile(
    r"(?P<authors>[^()]{2,2000}?) \((?P<year>(?:1[5-9]|20)\d\d)[^()]{0,20}\)\. (?P<title>.{2,600}?[.?!]) "
    r"(?P<journal>[^.]{2,200}?), (?P<volume>\d{1,5})(?:\((?P<issue>[^()]{1,30})\))?"
    r"(?:, (?P<pages>[\w.]{1,12}(?:[-–][\w.]{1,12})?))?\."
)
ARTICLE = WORK_KINDS[Work.JOURNAL_ARTICLE].csl


@dataclass(frozen=True)
class ListedReference:
    """An entry of the list: its line number, its number in the list, and its text on one line."""

    line: int
    number: int
    text: str


def references_in(text: str) -> list[ListedReference]:
    """Return the entries of a numbered list, or an empty list if the text is not such a list.

    The numbers have to begin at 1 and to count up, so that a year or a page at the beginning of a line does not count.
    """
    found: list[ListedReference] = []
    starts: list[tuple[int, int, int]] = []
    for match in NUMBERED.finditer(text):
        if int(match[1] or match[2]) == len(starts) + 1:
            starts.append((match.start(), match.end(), len(starts) + 1))
    if not starts:
        return []
    line, counted = 1, 0
    for (start, begin, number), end in zip(starts, [*(start for start, *_rest in starts[1:]), len(text)], strict=True):
        line, counted = line + text.count("\n", counted, start), start
        found.append(ListedReference(line, number, " ".join(text[begin:end].split())))
    return found if len(found) > 1 or any(DOI.search(one.text) or PMID.search(one.text) for one in found) else []


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry | tuple[int, str]]:
    """Yield each entry in order: as a record, as (line number, identifier) to look up, or as an UnreadEntry."""
    for one in references_in(text):
        if wanted := identifier_in(one.text):
            yield one.line, wanted
        elif record := record_of(one.text, one.line):
            yield record
        else:
            why = _("It has no DOI, PMID or address, and it could not be split into authors, title and journal.")
            yield UnreadEntry(one.line, first_words(one.text), why)


def identifier_in(text: str) -> str:
    """Return what a reference can be looked up by: "doi:10…", else "pmid:…", else a web address, else ""."""
    if doi := DOI.search(text):
        return f"doi:{doi.group().lower()}"
    if pmid := PMID.search(text):
        return f"pmid:{pmid[1]}"
    address = ADDRESS.search(text)
    return address.group() if address else ""


def record_of(text: str, line: int) -> ParsedRecord | None:
    """Return a reference in AMA, Vancouver or APA style, split into fields, or None if it cannot be split."""
    item = csl_of(text)
    remark = _("It was read from a written reference: compare each field.")
    return parsed(item, line, FORMAT, (remark,)) if item else None


def csl_of(text: str) -> Csl:
    """Return the article that a reference in AMA, Vancouver or APA style describes as a CSL item, or {}."""
    text = text[:4_000]
    if match := APA.match(text):
        authors = re.sub(r",?\s*&\s*", ", ", match["authors"])
        return _item(match, people([authors]), match["title"], match["journal"])
    place = PLACED.search(text)
    if place is None:
        return {}
    authors, *rest = re.split(r"(?<=[^\s.])\.\s+(?=[A-Z\[“\"‘(0-9])", text[: place.start()].strip(), maxsplit=1)
    if not rest:
        return {}
    title, _space, journal = _title_and_journal(rest[0].strip().rstrip("."))
    if not title or not journal:
        return {}
    listed = [name.strip() for name in authors.split(",") if name.strip()]
    names = people(OTHERS if name.lower().rstrip(".") == "et al" else name for name in listed)
    return _item(place, names, title, journal)


def _title_and_journal(text: str) -> tuple[str, str, str]:
    """Split “Title. J Short” at the last full stop before a journal, which may have full stops of its own."""
    matches = list(re.finditer(r"[.?!][”\"]?\s+(?=[A-Z])", text))
    for match in reversed(matches):
        head = text[: match.end()].strip()
        if len(head) > 12 and not re.search(r"\b[A-Z][a-z]{0,6}\.$", head):
            return head, " ", text[match.end() :].strip()
    return text.rpartition(". ")


def _item(match: re.Match[str], names: list[dict[str, str]], title: str, journal: str) -> Csl:
    issue = " ".join(part for part in (match["issue"], match.groupdict().get("more")) if part)
    return {
        "type": ARTICLE,
        "title": title.strip().removesuffix("."),
        "author": names,
        "container-title": journal.strip().rstrip(".,"),
        "issued": match["year"],
        "volume": match["volume"] or "",
        "issue": issue,
        "page": match["pages"] or "",
    }
