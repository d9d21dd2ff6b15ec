"""Read the tables (CSV) that Scopus, Embase and other databases export. Pure.

The columns are recognised by their names in the first line. Embase also exports records in which each line has the name
and the value of one field.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from sources.importers.canonical import parsed
from sources.importers.named_kinds import kind_named
from sources.importers.person_names import people
from sources.importers.records import CannotRead, Csl, ParsedRecord, UnreadEntry, first_words
from sources.importers.retraction_reports import notes_of
from sources.kinds import WORK_KINDS, Work

FORMAT = "CSV"
ARTICLE, CHAPTER, PAPER = (WORK_KINDS[work].csl for work in (Work.JOURNAL_ARTICLE, Work.CHAPTER, Work.CONFERENCE_PAPER))
# The names of the columns in small letters (Scopus, Embase, PubMed, Zotero, Cochrane, Dimensions), the best first.
COLUMNS = {
    "title": ("title", "article title", "document title"),
    "author": ("author full names", "authors", "author names", "author", "author(s)"),
    "editor": ("editors", "editor"),
    "container-title": (
        *("source title", "publication title", "journal/book", "journal title", "full source title", "source"),
        *("book title", "journal", "container title"),
    ),
    "container-title-short": ("abbreviated source title", "journal abbreviation", "abbreviated source"),
    "publisher": ("publisher", "publisher name"),
    "edition": ("edition",),
    "issued": ("date of publication", "publication year", "year", "pubyear", "date"),
    "volume": ("volume",),
    "issue": ("issue",),
    "begin": ("page start", "first page", "start page"),
    "end": ("page end", "last page", "end page"),
    "page": ("pages", "page range", "pagination", "art. no.", "article number"),
    "DOI": ("doi",),
    "PMID": ("pubmed id", "medline pmid", "pmid", "pubmed"),
    "PMCID": ("pmcid", "pmc id"),
    "ISBN": ("isbn",),
    "URL": ("url", "link", "full text link", "source link"),
    "type": ("document type", "publication type", "item type", "type"),
    "id": ("key",),
}
KNOWN = {name for names in COLUMNS.values() for name in names}


def is_table(text: str) -> bool:
    """Return whether the first line names the columns that a bibliography needs, or begins an Embase record."""
    head = text.lstrip().split("\n", 1)[0][:5_000]
    return bool(_delimiter(head)) or _is_vertical(head)


def _names(head: str, delimiter: str) -> list[str]:
    row = next(csv.reader([head], delimiter=delimiter), [])
    return [name.strip().strip('"\ufeff').lower() for name in row]


def _delimiter(head: str) -> str:
    """Return the sign between the columns, or "" if the line is not the head of a bibliography."""
    for delimiter in (",", ";", "\t"):
        names = set(_names(head, delimiter))
        has_title = bool(names & set(COLUMNS["title"]))
        if has_title and len(names & KNOWN) >= 4 and names & {*COLUMNS["author"], *COLUMNS["DOI"]}:
            return delimiter
    return ""


def _is_vertical(head: str) -> bool:
    """Return whether the line is the first line of an Embase record: “"TITLE","A trial …"”."""
    return bool(re.match(r'"?(?:TITLE|PUI|RECORD \d+)"?\s*(?:,"|$)', head)) and head.split(",")[0].strip('"').isupper()


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record of the table in order. Raise CannotRead if the text is not valid CSV."""
    text = text.lstrip("\n ")
    head = text.split("\n", 1)[0][:5_000]
    rows = csv.reader(io.StringIO(text), delimiter=_delimiter(head) or ",")
    try:
        if _delimiter(head):
            yield from _horizontal((rows.line_num, row) for row in rows)
        else:
            yield from _vertical((rows.line_num, row) for row in rows)
    except csv.Error as error:
        raise CannotRead(_("This table cannot be read as CSV (line %(line)s).") % {"line": rows.line_num}) from error


def _horizontal(rows: Iterator[tuple[int, list[str]]]) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield a record for each row of a table. `rows` pairs the number of its last line with its cells."""
    last, head = next(rows)
    names = [name.strip().strip('"\ufeff').lower() for name in head]
    for end, row in rows:
        line, last = last + 1, end
        if not any(value.strip() for value in row):
            continue
        if len(row) > len(names) + 1:
            why = _("The row has more values than the table has columns.")
            yield UnreadEntry(line, first_words(" ".join(row)), why)
        else:
            yield parsed(_csl(dict(zip(names, row, strict=False))), line, FORMAT)


def _vertical(rows: Iterator[tuple[int, list[str]]]) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield Embase's records of lines such as “"AUTHOR NAMES","Doe J.","Roe R."”. A title begins the next one."""
    record: dict[str, str] = {}
    began = 1
    for line, row in rows:
        if not row or not row[0].strip():
            continue
        name = row[0].strip().lower()
        is_number = bool(re.fullmatch(r"record \d+", name))
        if record and (name in record or is_number):
            yield parsed(_csl(record), began, FORMAT)
            record = {}
        if not record:
            began = line
        if not is_number:
            record[name] = "; ".join(value for value in row[1:] if value.strip())
    if record:
        yield parsed(_csl(record), began, FORMAT)


def _csl(record: Mapping[str, str | None]) -> Csl:
    def first(variable: str) -> str:
        return next((value.strip() for name in COLUMNS[variable] if (value := record.get(name)) and value.strip()), "")

    kind = _kind(first("type"), first("container-title"), first("ISBN"))
    pages = "-".join(page for page in (first("begin"), first("end")) if page)
    title = first("title")
    database = (record.get("source") or "").lower()
    container = first("container-title")
    return {
        "id": first("id"),
        "type": kind,
        "title": title,
        # Scopus adds its own number to each name: “Doe, Jane (57190123456)”.
        "author": people([re.sub(r"(?<!\s)\s*\(\d{6,}\)", "", first("author"))]),
        "editor": people([first("editor")]),
        "container-title": "" if container.lower() in ("scopus", "pubmed", "embase", "medline") else container,
        **{
            name: first(name) for name in ("container-title-short", "publisher", "edition", "issued", "volume", "issue")
        },
        "page": pages or first("page"),
        "DOI": first("DOI"),
        "PMID": first("PMID"),
        "PMCID": first("PMCID"),
        "ISBN": "" if kind == ARTICLE else first("ISBN"),
        "URL": "" if "scopus" in database else first("URL"),
        "custom": {"notices": notes_of(title, re.split(r"[;,]", first("type")))},
    }


def _kind(name: str, container: str, isbn: str) -> str:
    """Return the type in CSL by the database's name for it, such as “Article; Retracted” or “Conference Paper”."""
    for part in re.split(r"[;,]", name):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part)  # Zotero's “journalArticle”
        if kind := kind_named(words):
            return CHAPTER if kind == WORK_KINDS[Work.BOOK].csl and container and isbn else kind
    return ARTICLE if container else "document"
