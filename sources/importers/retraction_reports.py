"""Find reports of retractions in an imported file: of the work itself, or of the work that a notice is about. Pure.

A file may be old or wrong, so this is a report that has to be confirmed, and not a notice of retraction. The canonical
form keeps the evidence in “custom”: PubMed's publication types, and “notices”, each with one of the LABELS.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.text import clean_line
from sources.identifiers import bare_doi
from sources.importers.records import Csl

RETRACTED_TYPE = "Retracted Publication"
RETRACTED_IN, CONCERN_IN = "retracted in", "concern in"
RETRACTION_OF, CONCERN_ABOUT = "retraction of", "concern about"
RETRACTION_NOTE, CONCERN_NOTE = "retraction note", "concern note"
OWN_LABELS = {
    RETRACTED_IN: "retraction",
    RETRACTION_NOTE: "retraction",
    CONCERN_IN: "concern",
    CONCERN_NOTE: "concern",
}
OTHER_LABELS = {RETRACTION_OF: "retraction", CONCERN_ABOUT: "concern"}
LONGEST_NOTE = 300
# How a note, a keyword or a document type begins that reports a retraction of the work itself. A title counts only in
# the forms with which publishers mark the title of the work, not in those of the notice (“Retraction: …”).
_NOTE = re.compile(
    r"\W*(?:(?:this|the) (?:article|paper|publication|work|study|chapter|preprint)\b[^.]{0,40}?\b"
    r"(?:has been|was|is|have been) (?:retracted|withdrawn)\b"
    r"|retracted(?: (?:publication|article|paper|in|by|on|due|because)\b|\W|\Z)"
    r"|retraction(?: (?:in|notice|date|doi|reasons?))?\s*:"
    r"|withdrawn (?:publication|article)\b)",
    re.IGNORECASE,
)
_CONCERN_NOTE = re.compile(r"\W*(?:an? )?(?:editorial )?expression of concern\b", re.IGNORECASE)
_TITLE = re.compile(r"\W*(?:RETRACTED|WITHDRAWN|Retracted(?: Article| Paper| Chapter)?|Withdrawn)\s*[:\])]", re.UNICODE)
# Without one of these words near its beginning, a note is not looked at any further.
_QUICK = re.compile("retract|withdraw|concern", re.IGNORECASE)
_NOTICE_OF = re.compile(r"\W*(?:retraction of|retracted publication of)\b", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s,;]*[^\s,;.]")
_PMID = re.compile(r"\bPMID:?\s*([1-9]\d{0,8})\b", re.IGNORECASE)


@dataclass(frozen=True)
class FileReport:
    """A file's report that a work is retracted (`nature` is “retraction”) or doubted (“concern”).

    `words` is the text of the report in the file. `doi` and `pmid` identify the work if it is not the one that the
    entry describes.
    """

    nature: str
    words: str
    doi: str = ""
    pmid: str = ""


def notes_of(title: str, notes: Iterable[str]) -> list[str]:
    """Return the retraction notices and expressions of concern in the title and notes of an entry, each with a label.

    They have the form of “notices” in a canonical item: “label: text”.
    """
    found = []
    if _TITLE.match(title):
        found.append(f"{RETRACTION_NOTE}: {clean_line(title)[:LONGEST_NOTE]}")
    for note in notes:
        if not _QUICK.search(note, 0, LONGEST_NOTE):
            continue
        words = clean_line(re.sub(r"<[^<>]{0,200}>", "", note[: LONGEST_NOTE * 4]))[:LONGEST_NOTE]
        if _NOTICE_OF.match(words) or words.lower().startswith("retraction notice"):
            continue
        if _NOTE.match(words):
            found.append(f"{RETRACTION_NOTE}: {words}")
        elif _CONCERN_NOTE.match(words):
            found.append(f"{CONCERN_NOTE}: {words}")
    return list(dict.fromkeys(found))


def reports(item: Csl) -> Iterator[FileReport]:
    """Yield each report of a retraction or an expression of concern in a canonical item, in the order of its notices.

    A publication type “Retracted Publication” is reported last, and only if no notice reports the retraction.
    """
    custom = item.get("custom", {})
    notices: list[str] = custom.get("notices", [])
    is_dated = False
    for notice in notices:
        label, _colon, words = notice.partition(": ")
        if label in OWN_LABELS:
            is_dated = is_dated or OWN_LABELS[label] == "retraction"
            yield FileReport(OWN_LABELS[label], words)
        elif label in OTHER_LABELS:
            doi, pmid = _DOI.search(words), _PMID.search(words)
            if doi or pmid:
                yield FileReport(
                    OTHER_LABELS[label], words, bare_doi(doi.group()) if doi else "", pmid[1] if pmid else ""
                )
    if not is_dated and RETRACTED_TYPE in custom.get("publication-types", ()):
        yield FileReport("retraction", RETRACTED_TYPE)
