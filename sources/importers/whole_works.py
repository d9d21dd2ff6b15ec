"""The number of pages of a whole work, which many programs write where the cited pages stand. Pure.

A reference would print it as the page that is cited. An export therefore writes the cited page of a book as a span,
12–12.
"""

import re

from django.utils.translation import gettext as _

from sources.kinds import WORK_KINDS, Work

WHOLE_WORKS = {WORK_KINDS[work].csl for work in (Work.BOOK, Work.REPORT, Work.THESIS)}
_NUMBER = re.compile(r"\d{1,6}(?: ?(?:pp?\.?|pages|S\.|s\.))?")


def is_number_of_pages(pages: str) -> bool:
    """Return whether the pages of a whole work are a single number, such as “312” or “312 p.”"""
    return bool(_NUMBER.fullmatch(pages.strip()))


def number_of_pages_left_out(pages: str) -> str:
    """Return the remark for a number of pages that was left out."""
    return _("“%(pages)s” was taken for the number of pages of the whole work and left out.") % {"pages": pages}
