"""Convert the fields of BibTeX and biblatex, and those that databases add to BibTeX, to CSL. Pure."""

import re

from django.utils.translation import gettext as _

from sources.importers.bibtex_values import BibFields
from sources.importers.latex import decode, verbatim
from sources.importers.named_kinds import is_preprint_server
from sources.importers.names import people
from sources.importers.records import Csl, first_words
from sources.importers.retraction_reports import notes_of
from sources.importers.whole_works import PARTS, is_number_of_pages, number_of_pages_left_out
from sources.kinds import WORK_KINDS, Work

TYPES = {
    type_: kind.csl
    for kind in WORK_KINDS.values()
    for type_ in (*(() if kind.bibtex_subtypes else (kind.bibtex,)), *kind.bibtex_read)
}
SUBTYPES = {(kind.bibtex, name): kind.csl for kind in WORK_KINDS.values() for name in kind.bibtex_subtypes}
PATENT = WORK_KINDS[Work.PATENT].csl
# Kinds of works whose container is a series.
IN_SERIES = {kind.csl for kind in WORK_KINDS.values() if kind.bibtex_container == "series"}
# BibTeX fields for each CSL variable. If an entry has several of them, the first one is used.
FIELDS = {
    "container-title-short": ("shortjournal", "journal-abbrev", "abbrev_source_title", "journal-iso"),
    "publisher": ("publisher", "institution", "school", "organization", "holder", "assignee"),
    "edition": ("edition", "version"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages", "page", "eid", "article-number", "art_number", "articleno", "article_number"),
}
# Kinds of works that are issued by the institution rather than by the publisher who distributes them.
OF_INSTITUTIONS = {WORK_KINDS[work].csl for work in (Work.THESIS, Work.REPORT)}
ISSUERS = ("school", "institution", "publisher", "organization")
# Fields that a reference prints in some styles, and for which a source of any kind has no place.
WITHOUT_PLACE = ("series", "chapter", "part", "volumes", "translator", "origdate")
PERIODICAL = ("periodical", "suppperiodical")
BARE = {"DOI": ("doi",), "PMID": ("pmid", "pubmed_id"), "PMCID": ("pmcid", "pmc"), "ISBN": ("isbn",), "URL": ("url",)}
NOTES = ("note", "annote", "annotation", "keywords", "type", "document_type", "abstract", "pubstate")
# The fields in which two different values are worth a remark.
READ = frozenset(
    (
        *(name for names in (*FIELDS.values(), *BARE.values()) for name in names),
        *("title", "journal", "journaltitle", "fjournal", "booktitle", "author", "editor", "year", "date"),
    )
)
BEFORE_RETRACTED = re.compile(r"[;,](?=\s*Retracted)")
ADDRESS = re.compile(r"\\(?:href|url)\s*\{\s*([^{}\s]+)\s*\}|(https?://[^\s{}]+)")
# A link that opens a program (zotero://), and the names that declare markup in a title.
NO_ADDRESS = re.compile(r"(?!https?:|ftp:)[A-Za-z][A-Za-z.+-]{1,20}:|https?://(?:www\.)?w3\.org/\d{4}/")
ACCESSED = re.compile(
    r"\b(?:accessed|retrieved|last visited|last checked)\b(?: on)?:?\s*([^\]});]{4,40})", re.IGNORECASE
)
PMID = re.compile(r"(?:^|\n|;\s)\s*PMID:?\s*([1-9]\d{0,8})\b")
# With these beside it, “PMID” is the number of a journal at ProQuest.
OF_PROQUEST = re.compile(r"\b(?:DOCID|PCID):")
# biblatex's keys of countries, which styles print as names.
COUNTRY = re.compile(r"\bcountry(de|ep|eu|fr|uk|us)\b")
COUNTRIES = {"de": "Germany", "ep": "European", "eu": "European Union", "fr": "France", "uk": "UK", "us": "US"}
SERVERS = {"arxiv": "arXiv", "biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
ARTICLE, PREPRINT, WEB_PAGE, MANUSCRIPT = (
    WORK_KINDS[work].csl for work in (Work.JOURNAL_ARTICLE, Work.PREPRINT, Work.WEB_PAGE, Work.MANUSCRIPT)
)


def csl_of(key: str, type_: str, fields: BibFields) -> Csl:
    """Return an entry with this key and BibTeX type as a CSL item, not yet canonical.

    Raise TooLong if its macros expand to too many characters.
    """
    first = fields.first
    kind = SUBTYPES.get((type_, first("entrysubtype").strip().lower())) or TYPES.get(type_, "document")
    item: Csl = {"id": key, "type": kind}
    item |= {name: decode(fields.one_of(*names)) for name, names in FIELDS.items()}
    if kind in OF_INSTITUTIONS:
        item["publisher"] = decode(fields.one_of(*ISSUERS))
    item |= {name: verbatim(fields.one_of(*names)) for name, names in BARE.items()}
    item |= {name: list(people(first(name))) for name in ("author", "editor")}
    item["title"] = _title(fields, "title", "subtitle", "titleaddon")
    item["container-title"] = _container(fields, kind)
    if kind in IN_SERIES and not item["title"]:
        item["title"] = _title(fields, "booktitle", "booksubtitle", "booktitleaddon")
    if kind in IN_SERIES and (main := _title(fields, "maintitle", "mainsubtitle", "maintitleaddon")):
        item["title"] = f"{main}: {item['title']}" if item["title"] else main
    if type_ in PERIODICAL and (issue_title := _title(fields, "issuetitle", "issuesubtitle", "")):
        item["container-title"], item["title"] = item["container-title"] or item["title"], issue_title
    if full_name := decode(first("fjournal")):  # MathSciNet abbreviates “journal”
        item["container-title-short"] = item["container-title-short"] or item["container-title"]
        item["container-title"] = full_name
    item["issued"] = _date(fields)
    item["accessed"] = decode(first("urldate", "lastchecked", "accessed"))
    _read_notes(item, fields)
    _read_eprint(item, fields)
    item["page"] = _pages(item["page"], kind, fields)
    if item["type"] == "document" and item["URL"]:
        item["type"] = WORK_KINDS[Work.WEB_PAGE].csl
    notes = [part for name in NOTES if (note := decode(first(name))) for part in BEFORE_RETRACTED.split(note)]
    item["custom"] = {"notices": notes_of(item["title"], notes)}
    for name in WITHOUT_PLACE:
        if (words := decode(first(name))) and words not in (item["container-title"], item["title"]):
            message = _("“%(field)s” (%(words)s) was left out: a source of this kind has no place for it.")
            fields.remarks.append(message % {"field": name, "words": first_words(words)})
    return item


def _date(fields: BibFields) -> str:
    """Return the date of publication. Say so if “year” contradicts “date”, which is then used."""
    first = fields.first
    year, month, day = (decode(first(name)).strip() for name in ("year", "month", "day"))
    if date := decode(first("date")):
        if re.fullmatch(r"\d{4}", year) and year not in date:
            message = _("“date” (%(date)s) and “year” (%(year)s) contradict each other: the date was used.")
            fields.remarks.append(message % {"date": first_words(date), "year": year})
        return date
    if re.fullmatch(r"\d{4}", year) and re.fullmatch(r"0?[1-9]|1[0-2]", month):
        return "-".join((year, month, day)) if re.fullmatch(r"\d{1,2}", day) else f"{year}-{month}"
    return f"{year} {month} {day}".strip()


def _pages(pages: str, kind: str, fields: BibFields) -> str:
    """Return the pages, or "" with a remark if they are the number of pages of a whole work."""
    if kind in IN_SERIES and is_number_of_pages(pages):
        fields.remarks.append(number_of_pages_left_out(pages))
        return ""
    return pages


def _title(fields: BibFields, title: str, subtitle: str, addition: str) -> str:
    """Return a title with its subtitle after a colon, and its addition after a full stop."""
    whole = decode(fields.first(title)).strip()
    if below := decode(fields.first(subtitle)).strip():
        whole = f"{whole}{' ' if whole[-1:] in '?!:.' else ': '}{below}" if whole else below
    if added := decode(fields.first(addition)).strip():
        whole = f"{whole}{' ' if whole[-1:] in '?!.' else '. '}{added}" if whole else added
    return whole


def _container(fields: BibFields, kind: str) -> str:
    """Return the journal, the book or, for kinds of works in a series, the series."""
    journal = _title(fields, "journal", "", "") or _title(fields, "journaltitle", "journalsubtitle", "")
    if journal and not (kind in PARTS and fields.first("booktitle")):
        return journal
    if kind in IN_SERIES:
        return decode(fields.first("series")) or _other_book(fields)
    if kind == PATENT:
        return COUNTRY.sub(lambda match: COUNTRIES[match[1]], decode(fields.first("location", "nationality")))
    book = _title(fields, "booktitle", "booksubtitle", "booktitleaddon")
    main = _title(fields, "maintitle", "mainsubtitle", "maintitleaddon")
    return ": ".join(part for part in (main, book) if part)


def _other_book(fields: BibFields) -> str:
    """Return the title of the book in a field that books do not need, unless it is the title of the book itself."""
    book = decode(fields.first("booktitle"))
    return "" if decode(fields.first("title")) in ("", book) else book


def _read_notes(item: Csl, fields: BibFields) -> None:
    """Read the URL and the day of access, which may stand in “howpublished”, a note or the title."""
    how, note = fields.first("howpublished"), fields.first("note")
    if "\\href" in fields.first("url"):
        item["URL"] = ""
    for text in (fields.first("url"), how, note, fields.first("title")):
        item["URL"] = item["URL"] or _address(text)
    if how and not ADDRESS.search(how):
        is_site = item["type"] not in IN_SERIES and (item["type"] != "document" or item["URL"])
        is_server = any(sign in how.lower() for sign in SERVERS)
        name = "container-title" if is_site or is_server else "publisher"
        item[name] = item[name] or decode(how)
    for text in (note, how):
        if not item["accessed"] and (match := ACCESSED.search(decode(text))):
            item["accessed"] = match[1]


def _address(text: str) -> str:
    """Return the first web address in a text, or "". A link into a program and the name of a markup are none."""
    for match in ADDRESS.finditer(text):
        address = verbatim(match[1] or match[2]).rstrip(".,;")
        if not NO_ADDRESS.match(address):
            return address
    return ""


def _read_eprint(item: Csl, fields: BibFields) -> None:
    """Read the number in an archive: PubMed (also in a note), PubMed Central or a preprint server."""
    for text in (fields.first("note"), fields.first("annote"), fields.first("annotation")):
        if not item["PMID"] and not OF_PROQUEST.search(text) and (match := PMID.search(decode(text))):
            item["PMID"] = match[1]
    archive = decode(fields.first("eprinttype", "archiveprefix")).strip().lower()
    number = verbatim(fields.first("eprint")).strip()
    if archive == "pubmed":
        item["PMID"] = item["PMID"] or number
    elif archive in ("pmc", "pmcid"):
        item["PMCID"] = item["PMCID"] or (number if number.upper().startswith("PMC") else f"PMC{number}")
    how = fields.first("howpublished").lower()
    server = next((name for sign, name in SERVERS.items() if sign in archive or sign in how), "")
    may_be_preprint = item["type"] in ("document", WEB_PAGE, MANUSCRIPT)
    if server and (may_be_preprint or (item["type"] == ARTICLE and not item["container-title"])):
        item["type"] = PREPRINT
        item["container-title"] = item["container-title"] or server
        if server == "arXiv" and number and not item["URL"] and not item["DOI"]:
            item["URL"] = f"https://arxiv.org/abs/{number.removeprefix('arXiv:')}"
    elif may_be_preprint and (
        is_preprint_server(item["container-title"]) or fields.first("pubstate").strip().lower() == "prepublished"
    ):
        item["type"] = PREPRINT
        item["container-title"] = item["container-title"] or decode(fields.first("eprinttype", "archiveprefix"))
