"""Read the references that a manuscript prints: each is looked up by its identifier, or split into fields. Pure."""

import re

from core.text import clean_line
from manuscripts.reading.records import Reference
from sources.importers import ParsedRecord
from sources.importers.journal_names import with_journal_names
from sources.importers.reference_list import identifier_in, record_of

NUMBER = re.compile(r"\A\s*(?:\[(\d{1,3})\]|(\d{1,3})[.)]?)\s+(?=\S)")
# What a note says before the work: “See”, “Page 2 in”.
LEAD_IN = re.compile(
    r"\A\s*(?:see also|see|cf\.?|(?:pages?|pp?\.) ?\d{1,4}(?:[-–]\d{1,4})?,? (?:in|of)):?\s+", re.IGNORECASE
)
LONGEST = 2_000  # characters of one reference


def reference_of(text: str) -> Reference | None:
    """Return the work that a passage describes, or None if it does not look like a reference."""
    found = entry(LEAD_IN.sub("", text, count=1))
    return found if found.wanted.startswith(("doi:", "pmid:")) or found.record else None


def entry(text: str) -> Reference:
    """Return an entry of a list of references, without its number. It may have neither fields nor an identifier."""
    line = clean_line(NUMBER.sub("", text[: 2 * LONGEST], count=1))[:LONGEST]
    record = record_of(line, 1)
    if isinstance(record, ParsedRecord):
        record = ParsedRecord(with_journal_names(record.csl), 1, record.format, record.remarks)
    return Reference(text=line, record=record, wanted=identifier_in(line))


def number_of(text: str) -> int | None:
    """Return the number that stands before an entry, or None."""
    match = NUMBER.match(text)
    return int(match[1] or match[2]) if match else None
