"""Read EndNote XML (<xml><records><record>…), which Zotero and JabRef write too. Pure."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from sources.importers.canonical import parsed
from sources.importers.named_kinds import kind_named
from sources.importers.person_names import people
from sources.importers.records import CannotRead, Csl, ParsedRecord, UnreadEntry
from sources.importers.retraction_reports import notes_of
from sources.importers.whole_works import EDITED_BOOK, with_editors
from sources.kinds import WORK_KINDS, Work
from sources.lookups.safe_xml import UnsafeXml, parse_text

FORMAT = "EndNote XML"
RECORD = re.compile(r"<record(?:\s[^<>]*)?>")
SIGN = re.compile(r"<(?:xml|records)>\s*(?:<records>\s*)?(?:<!--.{0,500}?-->\s*)?<record(?:\s[^<>]*)?>", re.DOTALL)
BOOK, PATENT = WORK_KINDS[Work.BOOK].csl, WORK_KINDS[Work.PATENT].csl
PERIODICALS = {kind.csl for kind in WORK_KINDS.values() if kind.is_periodical}


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each record in order. Raise CannotRead if the text is not XML or is not safe to parse."""
    try:
        root = parse_text(text)
    except UnsafeXml as error:
        raise CannotRead(_("This XML cannot be read. %(reason)s") % {"reason": error}) from error
    starts = RECORD.finditer(text)
    line, counted = 1, 0
    for record in root.iter("record"):
        if match := next(starts, None):
            line, counted = line + text.count("\n", counted, match.start()), match.start()
        item = _csl(record)
        yield parsed(with_editors(item) if _type(record).lower() == EDITED_BOOK else item, line, FORMAT)


def _text(record: Element, *paths: str) -> str:
    """Return the text of the first of these elements that has one. EndNote wraps texts in <style>."""
    for path in paths:
        for element in record.findall(path):
            if text := " ".join("".join(element.itertext()).split()):
                return text
    return ""


def _texts(record: Element, path: str) -> list[str]:
    return [" ".join("".join(element.itertext()).split()) for element in record.findall(path)]


def _type(record: Element) -> str:
    """Return EndNote's name of the type of a record, or ""."""
    ref_type = record.find("ref-type")
    return ref_type.get("name", "").strip() if ref_type is not None else ""


def _csl(record: Element) -> Csl:
    kind = kind_named(_type(record)) or "document"
    title = _text(record, "titles/title")
    container = _text(record, "titles/secondary-title", "periodical/full-title", "alt-periodical/full-title")
    is_own = kind == BOOK and container == title
    notes = [*_texts(record, "notes"), *_texts(record, "research-notes"), *_texts(record, "keywords/keyword")]
    accession = _text(record, "accession-num")
    database = _text(record, "remote-database-name", "remote-database-provider").lower()
    urls = [url for path in ("urls/related-urls/url", "urls/web-urls/url") for url in _texts(record, path)]
    return {
        "id": _text(record, "label") or "",
        "type": kind,
        "title": title,
        "author": people(_texts(record, "contributors/authors/author")),
        "editor": people(_texts(record, "contributors/secondary-authors/author")),
        "container-title": _text(record, "pub-location") if kind == PATENT else "" if is_own else container,
        "container-title-short": _text(record, "periodical/abbr-1", "titles/alt-title", "alt-periodical/abbr-1"),
        "publisher": _text(record, "publisher"),
        "edition": _text(record, "edition"),
        "issued": _date(_text(record, "dates/year"), _text(record, "dates/pub-dates/date")),
        "volume": _text(record, "volume"),
        "issue": (_text(record, "isbn") if kind == PATENT else "") or _text(record, "number") or _text(record, "issue"),
        "page": _text(record, "pages") or _text(record, "electronic-pages") or _text(record, "custom7"),
        "DOI": _text(record, "electronic-resource-num") or "",
        "PMID": accession
        if re.fullmatch(r"[1-9]\d{0,8}", accession) and re.search("medline|pubmed|nlm", database)
        else "",
        "PMCID": next((text for text in _texts(record, "custom2") if text.upper().startswith("PMC")), ""),
        "ISBN": "" if kind in PERIODICALS or kind == PATENT else _text(record, "isbn"),
        "URL": next((url for url in urls if url.startswith("http")), ""),
        "accessed": _text(record, "access-date"),
        "custom": {"notices": notes_of(title, [*notes, _text(record, "abstract"), _text(record, "work-type")])},
    }


def _date(year: str, day: str) -> str:
    """Return the day with the year, which EndNote keeps apart."""
    if not day or year in day:
        return day or year
    return f"{day} {year}".strip() if re.match(r"\d{0,2}\s*[A-Za-z]{3}", day) else year
