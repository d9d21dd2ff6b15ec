"""Read the CSV of Retraction Watch, as Crossref publishes it, row by row. Pure.

Pitfalls of the format: a last column without a name, blank rows, NULs, invalid UTF-8, dates such as “M/D/YYYY 0:00” or
only “0:00”, “unavailable” or percent-encoded text as a DOI (which may contain “;”), 0 as a PMID, lists that end with
“;”.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from urllib.parse import unquote

from sources.identifiers import bare_doi, bare_pmid
from sources.models import Nature
from sources.models.sources import DOI, PMID

NEEDED = (
    "Record ID",
    "RetractionDate",
    "RetractionDOI",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
    "Reason",
)
# In bytes. The longest line seen so far has less than 20 KB; a file without line ends must not fill the memory.
LONGEST_LINE = 1_000_000
LONGEST_DOI = 200
NATURES = {
    "retraction": Nature.RETRACTION,
    "expression of concern": Nature.CONCERN,
    "correction": Nature.CORRECTION,
    "reinstatement": Nature.REINSTATEMENT,
}
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")


class NotThisCsv(Exception):
    """Raised when a file is not the Retraction Watch CSV, or is incomplete. The message has one line."""


@dataclass(frozen=True, slots=True)
class RetractionWatchRow:
    """One row of the file: a notice about one work, which has a DOI, a PMID or both.

    `record` is the number of the notice in Retraction Watch, `noticed_on` its date and `notice_doi` its own DOI.
    """

    record: str
    nature: Nature
    noticed_on: date | None
    doi: str
    pmid: str
    notice_doi: str
    reason: str


def entries(file: BinaryIO) -> Iterator[RetractionWatchRow | None]:
    """Yield the rows of a file that is open in binary mode, in order.

    Yield None for a row with neither a DOI nor a PMID, without a valid record number, or of an unknown nature; skip
    blank rows. Raise NotThisCsv if a column is missing or a line cannot be read. For a truncated file this may happen
    only at the end, so the caller has to be able to undo what it has stored.
    """
    rows = csv.reader(_lines(file))
    number = 1
    try:
        head = [name.strip() for name in next(rows, [])]
        if missing := [name for name in NEEDED if name not in head]:
            raise NotThisCsv(f"not the CSV of Retraction Watch: it has no column “{missing[0]}”.")
        place = {name: head.index(name) for name in NEEDED}
        # Some rows lack the nameless last column; they all have the columns before it.
        width = len(head) - (head[-1] == "")
        for row in rows:
            number = rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < width:
                raise NotThisCsv(
                    f"line {number}: {len(row)} columns instead of {width}; the file may have been cut off."
                )
            yield _entry({name: row[where].strip() for name, where in place.items()})
    except csv.Error as error:
        raise NotThisCsv(f"line {number + 1}: cannot be read as CSV ({error}).") from error


def _lines(file: BinaryIO) -> Iterator[str]:
    """Yield the lines as text, without NULs. Raise NotThisCsv for a line that is too long or for a missing last line
    end.
    """
    number = 0
    line = b"\n"
    while piece := file.readline(LONGEST_LINE):
        number += 1
        line = piece
        if len(piece) == LONGEST_LINE and not piece.endswith(b"\n"):
            raise NotThisCsv(
                f"line {number} is longer than {LONGEST_LINE:,} bytes, which no line of this CSV should be."
            )
        text = piece.replace(b"\x00", b"").decode("utf-8", "replace")
        yield text.removeprefix("\ufeff") if number == 1 else text
    if not line.endswith(b"\n"):
        raise NotThisCsv("its last line is incomplete; the file was cut off.")


def _entry(cells: dict[str, str]) -> RetractionWatchRow | None:
    nature = NATURES.get(" ".join(cells["RetractionNature"].lower().split()))
    doi, pmid = read_doi(cells["OriginalPaperDOI"]), _pmid(cells["OriginalPaperPubMedID"])
    record = cells["Record ID"]
    if nature is None or not (doi or pmid) or not record.isascii() or not record.isdigit() or len(record) > 20:
        return None
    reasons = [reason.strip().lstrip("+").strip() for reason in cells["Reason"].split(";")]
    return RetractionWatchRow(
        record=record,
        nature=nature,
        noticed_on=read_date(cells["RetractionDate"]),
        doi=doi,
        pmid=pmid,
        notice_doi=read_doi(cells["RetractionDOI"]),
        reason="; ".join(filter(None, reasons))[:500].rstrip(),
    )


def read_date(cell: str) -> date | None:
    """Return the date in a cell such as “8/16/2023 0:00”, or None for “0:00”, an empty cell or an impossible date."""
    found = _DATE.match(cell)
    if not found:
        return None
    try:
        return date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        return None


def read_doi(cell: str) -> str:
    """Return the bare DOI in a cell, or "" for “unavailable” and the like. It may contain “;”, so it is not split."""
    doi = bare_doi(unquote(cell) if "%" in cell else cell)
    return doi if len(doi) <= LONGEST_DOI and re.match(DOI.regex, doi) else ""


def _pmid(cell: str) -> str:
    pmid = bare_pmid(cell)
    return pmid if re.match(PMID.regex, pmid) else ""
