"""Whole works, such as books, in fields that are meant for their parts. Pure.

Many programs write the number of pages of a whole work where the cited pages stand. A reference would print it as the
page that is cited. An export therefore writes the cited page of a book as a span, 12–12. Other files have the title of
a book only in the field in which a chapter names its book.
"""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from sources.importers.records import Csl, ParsedRecord, first_words
from sources.kinds import WORK_KINDS, Work

WHOLE_WORKS = {WORK_KINDS[work].csl for work in (Work.BOOK, Work.REPORT, Work.THESIS)}
EDITED_BOOK = "edited book"
BOOK = WORK_KINDS[Work.BOOK].csl
# The kinds of works that are parts of a book.
PARTS = {WORK_KINDS[work].csl for work in (Work.CHAPTER, Work.CONFERENCE_PAPER)}
_NUMBER = re.compile(r"\d{1,6}(?: ?(?:pp?\.?|pages|S\.|s\.))?")


def is_number_of_pages(pages: str) -> bool:
    """Return whether the pages of a whole work are a single number, such as “312” or “312 p.”"""
    return bool(_NUMBER.fullmatch(pages.strip()))


def number_of_pages_left_out(pages: str) -> str:
    """Return the remark for a number of pages that was left out."""
    return _("“%(pages)s” was taken for the number of pages of the whole work and left out.") % {"pages": pages}


def without_size(record: ParsedRecord) -> ParsedRecord:
    """Return the record of a whole work without its number of pages, with a remark if it has one."""
    item = record.csl
    if item["type"] not in WHOLE_WORKS or not is_number_of_pages(pages := item.get("page", "")):
        return record
    rest = {name: value for name, value in item.items() if name != "page"}
    return replace(record, csl=rest, remarks=(*record.remarks, number_of_pages_left_out(pages)))


def with_editors(item: Csl) -> Csl:
    """Return the item of an edited book with its authors as editors.

    In EndNote's type “Edited Book”, and its RIS type EDBOOK, the editors stand in the place of authors.
    """
    return item | {"author": [], "editor": item["author"]} if item["author"] else item


def titled(record: ParsedRecord) -> ParsedRecord:
    """Return the record, with the title of its book and a remark if it describes a whole book and has no title.

    A chapter without title and authors is taken for its whole book. Of every other record without a title, nobody knows
    which part of the container it is.
    """
    item = record.csl
    if "title" in item or "container-title" not in item:
        return record
    if item["type"] not in WHOLE_WORKS and (item["type"] not in PARTS or "author" in item):
        return record
    kind = BOOK if item["type"] in PARTS else item["type"]
    rest = {name: value for name, value in item.items() if name != "container-title"}
    remark = _("It has no title. “%(title)s”, the title of the book or series, was taken for it.")
    remark %= {"title": first_words(item["container-title"])}
    return replace(
        record, csl={**rest, "type": kind, "title": item["container-title"]}, remarks=(*record.remarks, remark)
    )
