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
from sources.kinds import WORK_KINDS, Work
from sources.models import Source

_ENDED = re.compile(r"[.?!][\"'”’»]*\Z")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)\s*[-‐‑–—]+\s*([A-Za-z]*)(\d+)")
_SUPPLEMENT = re.compile(r"(.*?)[\s,;/(]*\bsuppl(?:ement|\.)?\s*(\w*)\)*", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)?")


def reference(source: Source) -> str:
    """Return the reference of a source as HTML. Its only tag is `em`, and all typed text is escaped. Never raise.

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


def _book(source: Source) -> list[str]:
    """Return the parts of a reference to a book (AMA 3.12) or report (AMA 3.13).

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


def _chapter(source: Source) -> list[str]:
    """Return the parts of a reference to a chapter (AMA 3.12).

    Example: Doe J. Title. In: Roe R, ed. *Book*. 2nd ed. Publisher; 2012:10-20.
    """
    if not source.container:
        return [*_head(source), *_which_book(source), _imprint(source)]
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


# By `WorkKind.ama` in sources.kinds.
FORMS: dict[str, Callable[[Source], list[str]]] = {
    "journal article": _journal_article,
    "preprint": _preprint,
    "book": _book,
    "chapter": _chapter,
    "conference paper": _conference_paper,
    "thesis": _thesis,
    "web page": _web_page,
}


def _head(source: Source) -> list[str]:
    """Return the authors and the title."""
    return [_sentence(authors(source.author_list)), _sentence(source.title)]


def _journal(source: Source) -> str:
    """Return the journal's abbreviation without full stops, or its full name if it has none (AMA 3.11.2)."""
    if source.container_short:
        return re.sub(r"\.(?=\s|\Z)", "", source.container_short)
    return source.container


def _place_in_journal(source: Source) -> str:
    """Return “2012;17(12):1161-1169”, “2012:12-20” without a volume, “Published online March 4, 2026”, or only the
    year.
    """
    year, pages = _year(source), _pages(source)
    volume = source.volume + _issue(source.issue)
    if not volume and not pages:
        return f"Published online {_date(source.published_on)}" if source.published_on else year
    return _joined(":", _joined(";", year, volume), pages)


def _issue(issue: str) -> str:
    """Return the issue as “(12)”, or as “(3)(suppl 1)” for a supplement (AMA 3.11), or "" without one."""
    if not (supplement := _SUPPLEMENT.fullmatch(issue)):
        return f"({issue})" if issue else ""
    number, which = supplement[1].strip(), supplement[2]
    return (f"({number})" if number else "") + f"({_joined(' ', 'suppl', which)})"


def _pages(source: Source) -> str:
    """Return both pages in full with a hyphen between them. “1161–9” becomes “1161-1169” (AMA 3.11.4)."""

    def whole(match: re.Match[str]) -> str:
        before, first, letters, last = match.groups()
        if before == letters or not letters:
            missing = len(first) - len(last)
            return f"{before}{first}-{before}{first[: max(missing, 0)]}{last}"
        return f"{before}{first}-{letters}{last}"

    return re.sub("[‐‑–—]", "-", _RANGE.sub(whole, source.pages))


def _which_book(source: Source) -> list[str]:
    """Return the volume and the edition. A first edition is not named (AMA 3.12)."""
    volume = _sentence(f"Vol {source.volume}" if source.volume else "")
    edition = re.sub(r"[\s,]*\b(ed|edn|edition)\b\.?\s*\Z", "", source.edition, flags=re.IGNORECASE)
    if ordinal := _ORDINAL.fullmatch(edition):
        number = int(ordinal[1])
        edition = "" if number == 1 else f"{number}{_ending(number)}"
    return [volume, _sentence(f"{edition} ed" if edition else "")]


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
    return _sentence(_joined(":", _joined("; ", source.publisher, _year(source)), _pages(source)))


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
