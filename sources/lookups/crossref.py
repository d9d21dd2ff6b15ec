"""Crossref's REST API (api.crossref.org): works by DOI, and the notices about them.

In the record of a work, “updated-by” lists the notices about the work. In the record of a notice, “update-to” names the
works that the notice is about; it does not mean that the notice itself is retracted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from django.utils.translation import gettext as _

from sources.identifiers import bare_doi
from sources.kinds import WORK_KINDS, Evidence, Work
from sources.lookups.requests import LONGEST_WORDS, Fetch, NotFound, RegisterNotice, ask, read_json, unreadable, words
from sources.markup import plain
from sources.models import Nature, NoticeOrigin

NAME = "Crossref"
BASE = "https://api.crossref.org/works"
MOST_IN_BATCH = 20
_LONGEST_ADDRESS = 1800
# A partial retraction withdraws part of a work. Readers are warned, but the work is not called retracted.
_NATURES = {
    "retraction": Nature.RETRACTION,
    "withdrawal": Nature.RETRACTION,
    "removal": Nature.RETRACTION,
    "expression_of_concern": Nature.CONCERN,
    "partial_retraction": Nature.CONCERN,
    "reinstatement": Nature.REINSTATEMENT,
}
_TYPES = {type_: kind.csl for kind in WORK_KINDS.values() for type_ in kind.crossref}
_CHAPTERS = frozenset(WORK_KINDS[Work.CHAPTER].crossref)
# How the titles of notices begin. “RETRACTED: …” is the title of the work itself.
_NOTICE = re.compile(
    r"\W*(?:(?:editorial )?(?:expression|notice|statement) of (?:concern|retraction|withdrawal|removal)|retraction\b"
    r"|withdrawal (?:notice|of)|removal notice|correction\b|corrigendum\b|erratum\b|addendum\b)",
    re.IGNORECASE,
)


def item(doi: str, fetch: Fetch) -> dict:
    """Return the work with this bare DOI as a CSL-JSON item.

    Raise NotFound if Crossref does not know the DOI, and LookupUnavailable if it cannot be reached or read.
    """
    answer = ask(fetch, NAME, _address(doi), accept="application/json")
    if answer.status == 404:
        message = _("Crossref knows no work with the DOI %(doi)s. Check it, or enter the source by hand.")
        raise NotFound(message % {"doi": doi})
    return csl(_message(answer.body))


def notices(dois: Sequence[str], fetch: Fetch) -> dict[str, list[RegisterNotice]]:
    """Return Crossref's notices about these works (at most twenty), by DOI. Unknown works are left out.

    One request asks about all of them. Each DOI that is missing in the response is then requested separately, because
    it may by now lead to another record, such as the notice that withdraws the work. Raise LookupUnavailable if any
    request fails; nothing is then known about any of the works.
    """
    found: dict[str, list[RegisterNotice]] = {}
    together = [doi for doi in dois if "," not in doi]  # a comma would end the filter
    if together:
        names = ",".join(f"doi:{quote(doi, safe='/:;()')}" for doi in together)
        answer = ask(fetch, NAME, f"{BASE}?filter={names}&rows={len(together)}", accept="application/json")
        items = _message(answer.body).get("items") if answer.status == 200 else None
        for work in items if isinstance(items, list) else []:
            if isinstance(work, dict) and (doi := bare_doi(str(work.get("DOI", "")))) in dois:
                found[doi] = list(_said_of(work, doi))
    for doi in dois:
        if doi not in found:
            answer = ask(fetch, NAME, _address(doi), accept="application/json")
            if answer.status == 200:
                found[doi] = list(_said_of(_message(answer.body), doi))
    return found


def batches(dois: Sequence[str]) -> Iterator[list[str]]:
    """Yield the DOIs, in order, in batches that fit into one request."""
    batch: list[str] = []
    for doi in dois:
        longer = sum(len(quote(one, safe="")) + 5 for one in [*batch, doi])
        if batch and (len(batch) == MOST_IN_BATCH or longer > _LONGEST_ADDRESS - len(BASE) - 20):
            yield batch
            batch = []
        batch.append(doi)
    if batch:
        yield batch


def _address(doi: str) -> str:
    """Return the URL of the record of a work."""
    return f"{BASE}/{quote(doi, safe='')}"


def _message(body: bytes) -> dict:
    """Return the message in an answer. Raise LookupUnavailable if there is none."""
    message = read_json(NAME, body).get("message")
    if not isinstance(message, dict):
        raise unreadable(NAME)
    return message


def _said_of(work: Mapping, doi: str) -> Iterator[RegisterNotice]:
    """Yield the notices about a work in this record, which is the record of the work or of a notice about it."""
    if bare_doi(str(work.get("DOI", ""))) == doi:
        about = {bare_doi(str(entry.get("DOI", ""))) for entry in _objects(work.get("update-to"))} - {doi}
        is_notice = bool(about) and bool(_NOTICE.match(_words(work.get("title"))))
        for entry in _objects(work.get("updated-by")):
            # Some publishers name the work in the notice and the notice in the work, both as updates of each other.
            if is_notice and bare_doi(str(entry.get("DOI", ""))) in about:
                continue
            yield _notice(entry, bare_doi(str(entry.get("DOI", ""))), doi)
    else:
        for entry in _objects(work.get("update-to")):
            if bare_doi(str(entry.get("DOI", ""))) == doi:
                yield _notice(entry, bare_doi(str(work.get("DOI", ""))), doi)


def _notice(entry: Mapping, notice_doi: str, doi: str) -> RegisterNotice:
    kind = re.sub(r"[\s-]+", "_", str(entry.get("type", "")).strip().lower())
    by_watch = entry.get("source") == "retraction-watch"
    number = words(str(entry.get("record-id") or ""))
    return RegisterNotice(
        said_by=NoticeOrigin.RETRACTION_WATCH if by_watch else NoticeOrigin.CROSSREF,
        record=f"crossref {number or notice_doi or doi} {kind}"[:200],
        nature=_NATURES.get(kind, Nature.CORRECTION),
        on=_day(entry.get("updated")),
        notice_doi=notice_doi if len(notice_doi) <= 200 else "",
        reason=words(str(entry.get("label") or ""))[:500],
    )


def _objects(value: object) -> list[Mapping]:
    """Return the objects in a list, or an empty list for any other value."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _parts(value: object) -> list[int]:
    """Return the year, month and day in Crossref's {"date-parts": [[2010, 2, 6]]}, or as many of them as there are."""
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    return [part for part in first[:3] if isinstance(part, int) and part > 0]


def _day(value: object) -> date | None:
    """Return a complete date, else None: a year alone cannot be ordered among other notices."""
    try:
        return date(*_parts(value))
    except (TypeError, ValueError, OverflowError):
        return None


def _words(value: object) -> str:
    """Return a text, or the first text of a list (such as titles), without publishers' markup, or ""."""
    first = value[0] if isinstance(value, list) and value else value
    return words(plain(first[:LONGEST_WORDS], any_tag=True)) if isinstance(first, str) else ""


def _book(titles: object) -> str:
    """Return the title of the book that contains a chapter: of several, the first is that of the series."""
    return _words(titles[-1]) if isinstance(titles, list) and titles else _words(titles)


def _server(work: Mapping) -> str:
    """Return the name of the preprint server, such as “medRxiv”, or ""."""
    institutions = work.get("institution")
    named = _objects(institutions) or ([institutions] if isinstance(institutions, dict) else [])
    return next((name for one in named if (name := _words(one.get("name")))), "") or _words(work.get("group-title"))


def _people(value: object) -> list[dict[str, str]]:
    people = []
    for person in _objects(value):
        names = {name: _words(person.get(name)) for name in ("family", "given", "suffix")}
        if names["family"]:
            people.append({name: said for name, said in names.items() if said})
        elif literal := _words(person.get("name")) or names["given"]:
            people.append({"literal": literal})
    return people


def csl(work: Mapping) -> dict:
    """Return a Crossref record as a CSL-JSON item without empty values."""
    kind = str(work.get("type", ""))
    preprint = kind == "posted-content" and work.get("subtype") == "preprint"
    # AMA cites the date of the issue (11th ed., 3.11.11); `issued` is the day on which the article went online.
    issued = (_parts(work.get("published-print")) if work.get("volume") else None) or _parts(work.get("issued"))
    doi = bare_doi(str(work.get("DOI", "")))
    container = _book(work.get("container-title")) if kind in _CHAPTERS else _words(work.get("container-title"))
    made = {
        "id": doi,
        "type": _TYPES.get(kind, WORK_KINDS[Work.JOURNAL_ARTICLE].csl if work.get("container-title") else "document"),
        "genre": "Preprint" if preprint else "",
        "title": ": ".join(filter(None, (_words(work.get("title")), _words(work.get("subtitle"))))),
        "author": _people(work.get("author")),
        "editor": _people(work.get("editor")),
        "container-title": container or (_server(work) if preprint else ""),
        "container-title-short": _words(work.get("short-container-title")),
        "publisher": _words(work.get("publisher")),
        "edition": _words(work.get("edition-number")),
        "issued": {"date-parts": [issued]} if issued else {},
        "volume": _words(work.get("volume")),
        "issue": _words(work.get("issue")),
        "page": _words(work.get("page")) or _words(work.get("article-number")),
        "DOI": doi,
        "ISBN": _words(work.get("ISBN")),
        "custom": {"evidence": str(Evidence.PREPRINT)} if preprint else {},
    }
    return {name: value for name, value in made.items() if value}
