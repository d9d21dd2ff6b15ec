"""Describe a web page as a source, from its own title and meta elements."""

import codecs
import re
from datetime import date
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from core.outgoing.client import Answer
from sources.identifiers import bare_doi
from sources.kinds import WORK_KINDS, Work
from sources.lookups.requests import Fetch, LookupUnavailable, NotFound, ask, by_hand, words
from sources.models.sources import DOI

MOST_BYTES = 512 * 1024
# The encodings of the WHATWG's Encoding Standard, by the names of Python's codecs.
CODECS = frozenset(
    (
        *("utf-8", "utf-16-le", "utf-16-be", "utf-16", "ascii", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *("cp866", "cp874", *(f"cp{number}" for number in range(1250, 1259))),
        *(f"iso8859-{number}" for number in range(1, 17) if number != 12),
        *("gbk", "gb2312", "gb18030", "big5", "euc_jp", "iso2022_jp", "shift_jis", "euc_kr"),
    )
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?")


class _Head(HTMLParser):
    """A parser that collects the title and the named meta elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self._in_title = "", False
        self.metas: dict[str, list[str]] = {}

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Read “<![x[” as a comment, as browsers do. html.parser would raise AssertionError."""
        return self.parse_bogus_comment(i, report)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "title" and not self.title:
            self._in_title = True
        elif tag == "meta" and (name := said.get("name") or said.get("property")) and said.get("content"):
            self.metas.setdefault(name.lower(), []).append(words(said["content"] or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < 1000:
            self.title += data


def item(url: str, fetch: Fetch, today: date) -> dict:
    """Return the page at a URL as a CSL-JSON item with `today` as its day of access.

    The item contains the DOI that the page names (“citation_doi”), so that the caller can ask Crossref instead. Raise
    NotFound if there is no page or it has no title, and LookupUnavailable if it cannot be fetched or is not HTML.
    """

    def beginning(address: str, **how: object) -> Answer:
        return fetch(address, **how, cut=True)

    answer = ask(beginning, _("The page"), url, accept="text/html, application/xhtml+xml", most_bytes=MOST_BYTES)
    if answer.status == 404:
        message = _("There is no page at %(address)s. Check the address, or enter the source by hand.")
        raise NotFound(message % {"address": url[:200]})
    kind = answer.headers.get("Content-Type", "text/html").lower()
    if "html" not in kind:
        message = _("%(address)s is a file (%(type)s), not a web page. %(advice)s")
        raise LookupUnavailable(message % {"address": url[:200], "type": words(kind)[:60], "advice": by_hand()})
    head = _read(answer.body, kind)
    title = head.metas.get("citation_title", head.metas.get("og:title", [head.title]))[0]
    if not words(title):
        message = _("The page at %(address)s has no title. Enter the source by hand.")
        raise NotFound(message % {"address": url[:200]})
    return _csl(head, words(title)[:500], answer.url, today)


def _read(body: bytes, kind: str) -> _Head:
    """Return the title and meta elements of a page, decoded as its Content-Type or a meta element says, or as UTF-8."""
    named = re.search(r"charset=[\"']?([a-z0-9_-]{1,40})", kind)
    inside = _CHARSET.search(body[:4096])
    charset = named[1] if named else inside[1].decode() if inside else "utf-8"
    head = _Head()
    head.feed(body.decode(_codec(charset), "replace"))
    return head


def _codec(charset: str) -> str:
    """Return the name of Python's codec for a charset that browsers know, or "utf-8" for any other.

    Python has codecs that no page uses. Some of them raise exceptions (idna) or take quadratic time (punycode).
    """
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return "utf-8"
    return name if name in CODECS else "utf-8"


def _csl(head: _Head, title: str, url: str, today: date) -> dict:
    def first(*names: str) -> str:
        return next((head.metas[name][0] for name in names if name in head.metas), "")[:300]

    when = _YEAR.match(first("citation_publication_date", "citation_date", "article:published_time", "dc.date"))
    issued = [int(part) for part in when.groups() if part] if when else []
    doi = bare_doi(first("citation_doi"))
    made = {
        "id": url,
        "type": WORK_KINDS[Work.WEB_PAGE].csl,
        "title": title,
        "author": [_name(author) for author in head.metas.get("citation_author", [])[:100]],
        "container-title": first("citation_journal_title", "og:site_name", "application-name"),
        "publisher": first("citation_publisher", "dc.publisher"),
        "issued": {"date-parts": [issued]} if issued else {},
        "DOI": doi if re.match(DOI.regex, doi) else "",
        "URL": url,
        "accessed": {"date-parts": [[today.year, today.month, today.day]]},
    }
    return {name: value for name, value in made.items() if value}


def _name(author: str) -> dict[str, str]:
    family, comma, given = author.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": author}
