"""Read PubMed's XML (PubmedArticleSet), as PubMed and other programs save it. Pure."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from sources.importers.canonical import canonical
from sources.importers.records import CannotRead, ParsedRecord, UnreadEntry, first_words
from sources.importers.retraction_reports import CONCERN_ABOUT, CONCERN_IN, RETRACTED_IN, RETRACTION_OF
from sources.lookups.pubmed_records import articles_in, csl, text_at, types_of
from sources.lookups.safe_xml import UnsafeXml, parse_text

FORMAT = "PubMed XML"
ARTICLE = re.compile(r"<Pubmed(?:Book)?Article[\s>]")
NOTICES = {
    "RetractionIn": RETRACTED_IN,
    "ErratumIn": "erratum in",
    "ExpressionOfConcernIn": CONCERN_IN,
    "UpdateIn": "updated in",
    "RetractionOf": RETRACTION_OF,
    "ExpressionOfConcernFor": CONCERN_ABOUT,
}


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each article, book or chapter of a PubmedArticleSet in order, then an UnreadEntry for each other element.

    Raise CannotRead if the text is not XML or is not safe to parse.
    """
    try:
        root = parse_text(text)
    except UnsafeXml as error:
        raise CannotRead(_("This XML cannot be read. %(reason)s") % {"reason": error}) from error
    if root.tag in ("PubmedArticle", "PubmedBookArticle"):
        wrapper = Element("PubmedArticleSet")
        wrapper.append(root)
        root = wrapper
    lines = _lines(text)
    for article in articles_in(root):
        line = next(lines, 1)
        item = csl(article)
        item["custom"] = {
            **item.get("custom", {}),
            "publication-types": types_of(article),
            "notices": list(_notices(article)),
        }
        found = canonical(item)
        found["id"] = found.get("id", "").removeprefix("pmid:")
        yield ParsedRecord({name: value for name, value in found.items() if value}, line, FORMAT)
    for stray in root:
        if stray.tag not in ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument"):
            yield UnreadEntry(1, first_words(stray.tag), _("This element is not an article or a book."))


def _lines(text: str) -> Iterator[int]:
    """Yield the line number of each record."""
    line, counted = 1, 0
    for match in ARTICLE.finditer(text):
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        yield line


def _notices(article: Element) -> Iterator[str]:
    for remark in article.findall("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        if label := NOTICES.get(remark.get("RefType", "")):
            pmid = text_at(remark, "PMID")
            yield f"{label}: {text_at(remark, 'RefSource')}{f' PMID: {pmid}' if pmid else ''}"
