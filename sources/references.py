"""References in AMA style (AMA Manual of Style, 11th ed., chapter 3). Pure: takes a source, returns HTML.

Titles keep the capitals with which they were entered. AMA 3.9 wants the titles of articles in sentence case and those
of books in title case, but no program can tell a proper name from another word.
"""

import re
from collections.abc import Callable
from datetime import date
from html import escape

from core import times
from sources.author_names import author, authors, is_body
from sources.journal_places import AHEAD as _AHEAD
from sources.journal_places import page_span, volume_and_issue
from sources.kinds import WORK_KINDS, Work
from sources.models import Source

_ENDED = re.compile(r"[.?!][\"'”’»]*\Z")
# Words for an edition or a printing, in a text after which “ed” would repeat them.
_SAYS_EDITION = re.compile(
    r"\b(?:ed|edn|edition|aufl|auflage|ausgabe|édition|edición|edição|edizione|uitgave|utgave|udgave|utgåva|upplagan?|utg|version|reprint|reprinted|"
    r"print|printing|nachdr|nachdruck)\b",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(r"[-+.?,;:/\s]*")
# Words that standard BibTeX wants in “edition”.
_WRITTEN_ORDINALS = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
    )
}
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)?")


def reference(source: Source) -> str:
    """Return the reference of a source as HTML with `em` as its only tag; typed text is escaped. Never raise.

    Unknown parts are left out, with the punctuation that belongs to them.
    """
    kind = WORK_KINDS.get(source.work, WORK_KINDS[Work.BOOK])
    parts = FORMS[kind.ama](source)
    return " ".join(part for part in (*parts, *_access(source)) if part)


def _journal_article(source: Source) -> list[str]:
    """Return the parts of a reference to a journal article (AMA 3.11).

    Example: Doe J. Title. *J Short*. 2012;17(12):1161-1169.
    """
    return [*_head(source), _em(_journal(source)), _sentence(_place_in_journal(source))]


def _preprint(source: Source) -> list[str]:
    """Return the parts of a reference to a preprint (AMA 3.11.4.1).

    Example: Doe J. Title. *bioRxiv*. Preprint posted online May 28, 2015.
    """
    posted = f"Preprint posted online {_day(source)}".strip() if _day(source) else "Preprint"
    return [*_head(source), _em(_journal(source) or source.publisher), _sentence(posted)]


def _manuscript(source: Source) -> list[str]:
    """Return the parts of a reference to a work that is not published, in the form that AMA has for a thesis.

    Example: Doe J. Title. Unpublished manuscript. University; 2012.
    """
    return [*_head(source), "Unpublished manuscript.", *_issued_by(source.publisher or source.container, source)]


def _book(source: Source) -> list[str]:
    """Return the parts of a reference to a book (AMA 3.12).

    Example: Doe J. *Title*. 2nd ed. Publisher; 2012:10-20. Without authors, the editors come first.
    """
    names = source.author_list
    editors = _editors(source)
    return [
        _sentence(authors(names) if names else editors),
        _em(source.title),
        *_which_book(source),
        _sentence(editors) if names else "",
        _imprint(source),
    ]


def _report(source: Source) -> list[str]:
    """Return the parts of a reference to a report (AMA 3.13): those of a book, and the number of the publication.

    Example: Doe J. *Title*. Publisher; 2012. DHHS publication 12-3456. A number without words is called a report.
    """
    number = "" if _NO_NUMBER.fullmatch(source.issue) else source.issue
    return [
        *_book(source),
        _sentence(number if re.search(r"[^\W\d_]{2}", number) or not number else f"Report {number}"),
    ]


def _chapter(source: Source) -> list[str]:
    """Return the parts of a reference to a chapter (AMA 3.12), which has the form of a book if the book is unknown.

    Example: Doe J. Title. In: Roe R, ed. *Book*. 2nd ed. Publisher; 2012:10-20.
    """
    if not source.container:
        return _book(source)
    inside = ["In:", _sentence(_editors(source)), _em(source.container), *_which_book(source)]
    return [*_head(source), *inside, _imprint(source)]


def _conference_paper(source: Source) -> list[str]:
    """Return the parts of a reference to a conference paper (AMA 3.13).

    The form is that of a chapter if there are published proceedings, else “Presented at: Meeting; March 4, 2020.”
    """
    if source.publisher or source.pages or source.volume or source.editors or not source.container:
        return _chapter(source)
    return [*_head(source), _sentence(f"Presented at: {_joined('; ', source.container, _day(source))}")]


def _thesis(source: Source) -> list[str]:
    """Return the parts of a reference to a thesis (AMA 3.13).

    Example: Doe J. *Title*. Thesis. University; 2012.
    """
    school = _joined("; ", source.publisher or source.container, _year(source))
    return [_sentence(authors(source.author_list)), _em(source.title), "Thesis.", _sentence(school)]


def _web_page(source: Source) -> list[str]:
    """Return the parts of a reference to a web page (AMA 3.15), without the day of access and the URL.

    Example: Doe J. Title. Site. January 26, 2016. Accessed June 18, 2019. URL. (`_access` adds the last two parts.) An
    organisation that owns the site is named only once, as the site, as in the manual's own examples.
    """
    site = source.container or source.publisher
    names = [name for name in source.author_list if not (is_body(name) and author(name) == site)]
    return [_sentence(authors(names)), _sentence(source.title), _sentence(site), _sentence(_day(source))]


def _magazine_article(source: Source) -> list[str]:
    """Return the parts of a reference to an article in a magazine or newspaper (AMA 3.13.1).

    Example: Doe J. Title. *Chicago Tribune*. September 22, 2019:C1. A magazine with a volume is cited as a journal is.
    """
    if volume_and_issue(source.volume, source.issue):
        return _journal_article(source)
    place = _joined(":", _day(source), page_span(source.pages))
    return [*_head(source), _em(source.container), _sentence(place)]


def _patent(source: Source) -> list[str]:
    """Return the parts of a reference to a patent (AMA 3.13).

    Example: Doe J, inventor; Acme Inc, assignee. Title. US patent 7,050,534. August 20, 2002. The source has the
    assignee as its publisher, the country or office as its container, and the number as its issue.
    """
    inventors = authors(source.author_list)
    if inventors:
        inventors = f"{inventors}, {'inventors' if len(source.author_list) > 1 else 'inventor'}"
    assignee = f"{source.publisher}, assignee" if source.publisher else ""
    office = source.container or ("Patent" if source.issue else "")
    if source.container and not re.search(r"\bpatents?\b", office, re.IGNORECASE):
        office = f"{office} patent"
    number = " ".join(part for part in (office, source.issue) if part)
    return [
        _sentence(_joined("; ", inventors, assignee)),
        *(_sentence(part) for part in (source.title, number, _day(source))),
    ]


def _software(source: Source) -> list[str]:
    """Return the parts of a reference to software (AMA 3.15).

    Example: Doe J. Title. Version 13.1. StataCorp; 2014. With a full date: StataCorp. June 5, 2014.
    """
    return [*_head(source), _version(source), *_issued_by(source.publisher or source.container, source)]


def _data_set(source: Source) -> list[str]:
    """Return the parts of a reference to a data set or database (AMA 3.15).

    Example: Doe J. Title. Version 2. Dryad. August 11, 2017. The repository is the source's publisher, else its
    container.
    """
    repository = source.publisher or source.container
    return [*_head(source), _version(source), _sentence(repository), _sentence(_day(source))]


def _version(source: Source) -> str:
    """Return “Version 2.”, or "" without a version."""
    edition = source.edition
    return _sentence(f"Version {edition}" if re.match(r"v?\.?\s*\d", edition, re.IGNORECASE) else edition)


def _issued_by(name: str, source: Source) -> list[str]:
    """Return “Publisher; 2014.”, or the publisher and the full date as two sentences."""
    if source.published_on:
        return [_sentence(name), _sentence(_day(source))]
    return [_sentence(_joined("; ", name, _year(source)))]


# By `WorkKind.ama` in sources.kinds.
FORMS: dict[str, Callable[[Source], list[str]]] = {
    "journal article": _journal_article,
    "preprint": _preprint,
    "manuscript": _manuscript,
    "book": _book,
    "report": _report,
    "chapter": _chapter,
    "conference paper": _conference_paper,
    "thesis": _thesis,
    "web page": _web_page,
    "magazine article": _magazine_article,
    "patent": _patent,
    "software": _software,
    "data set": _data_set,
}


def _head(source: Source) -> list[str]:
    """Return the authors and the title."""
    return [_sentence(authors(source.author_list)), _sentence(source.title)]


def _journal(source: Source) -> str:
    """Return the journal's abbreviation without full stops, or its full name if it has none (AMA 3.11.2).

    Many files give an abbreviation as the name.
    """
    return re.sub(r"\.(?=\s|\Z)", "", source.container_short or source.container)


def _place_in_journal(source: Source) -> str:
    """Return “2012;17(12):1161-1169”, “2012:12-20” without a volume, “Published online March 4, 2026”, or only the
    year.
    """
    year, pages = _year(source), page_span(source.pages)
    volume = volume_and_issue(source.volume, source.issue)
    is_ahead = any(_AHEAD.fullmatch(part) for part in (source.volume, source.issue))
    if not volume and (not pages or is_ahead):
        return f"Published online {_date(source.published_on)}" if source.published_on else year
    return _joined(":", _joined(";", year, volume), pages)


def _which_book(source: Source) -> list[str]:
    """Return the volume and the edition. A first edition is not named (AMA 3.12)."""
    volume = _sentence(f"Vol {source.volume}" if source.volume else "")
    edition = re.sub(r"[\s,]*\b(ed|edn|edition)\b\.?\s*\Z", "", source.edition, flags=re.IGNORECASE)
    edition = str(_WRITTEN_ORDINALS.get(edition.lower(), edition))
    if ordinal := _ORDINAL.fullmatch(edition):
        number = int(ordinal[1])
        edition = "" if number == 1 else f"{number}{_ending(number)}"
    if re.fullmatch(r"\d+(?:\.\d+){1,4}", edition):
        return [volume, f"Version {edition}."]
    return [volume, _sentence(edition if not edition or _SAYS_EDITION.search(edition) else f"{edition} ed")]


def _ending(number: int) -> str:
    """Return the ending of an ordinal number: “st”, “nd”, “rd” or “th”."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _editors(source: Source) -> str:
    """Return “Doe J, ed” or “Doe J, Roe R, eds”, or "" without editors."""
    names = source.editor_list
    return f"{authors(names)}, {'eds' if len(names) > 1 else 'ed'}" if names else ""


def _imprint(source: Source) -> str:
    """Return “Publisher; 2012:10-20.”"""
    return _sentence(_joined(":", _joined("; ", source.publisher, _year(source)), page_span(source.pages)))


def _access(source: Source) -> list[str]:
    """Return the DOI (without a full stop) or, without one, the day of access and the URL (AMA 3.15).

    Return an empty list if the source has neither.
    """
    if source.doi:
        return [f"doi:{escape(source.doi)}"]
    if not source.url:
        return []
    return [f"Accessed {_date(source.accessed_on)}." if source.accessed_on else "", escape(source.url)]


def _year(source: Source) -> str:
    """Return the year of publication as text, or ""."""
    return str(source.year or (source.published_on.year if source.published_on else ""))


def _day(source: Source) -> str:
    """Return the full date of publication if it is known, else the year."""
    return _date(source.published_on) if source.published_on else _year(source)


def _date(day: date) -> str:
    return times.american_day(day)


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


def _sentence(text: str) -> str:
    """Return the text escaped, with a full stop unless it ends with “.”, “?” or “!” (AMA 3.9) or is empty."""
    return escape(text) if not text or _ENDED.search(text) else f"{escape(text)}."


def _em(text: str) -> str:
    """Return the text escaped, in italics, and with a full stop unless it ends with “.”, “?” or “!” or is empty."""
    return f"<em>{escape(text)}</em>{'' if not text or _ENDED.search(text) else '.'}" if text else ""
