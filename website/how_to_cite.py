"""The reference for citing an article of this site, in AMA style (AMA Manual of Style, 11th ed., 3.15.3)."""

import re
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from articles.pages import ArticlePage
from core import times
from core.house.memory import house
from sources.author_names import authors

_TITLE_BEFORE = re.compile(r"^(?:(?:Prof|Professor|Dr|Dame|Sir)\.?\s+)+")
_SUFFIX = re.compile(r"(Jr|Sr|II|III|IV)\.?")
_ENDED = re.compile(r"[.?!][\"'”’»]*\Z")


def how_to_cite(page: ArticlePage, slug: str) -> str:
    """Return the AMA reference for the version that `page` shows, as one line of plain text.

    It has the authors, the title, the site, the dates, the version and its permanent URL. The date of access is a
    placeholder for the reader to fill in. Return "" for a preview, which has no date of publication.
    """
    if not page.published:
        return ""
    parts = [
        authors([family_first(byline.name) for byline in page.bylines]),
        page.title,
        house().name,
        f"Published {_day(page.published)}",
        f"Updated {_day(page.updated)}" if page.updated else "",
        f"Version {page.version}",
        "Accessed [the day on which you read it]",
    ]
    address = f"{settings.SITE_URL}{reverse('website:version', args=[slug, page.version])}"
    return " ".join([*(part if _ENDED.search(part) else f"{part}." for part in parts if part), address])


def family_first(name: str) -> str:
    """Return a name with the family name first, in the form that `sources.author_names` reads.

    “Dr Ludwig van Beethoven” becomes “van Beethoven, Ludwig”. The family name is the last word, together with
    lower-case particles before it; “Jr”, “Sr” or a numeral after it is a suffix. A single word, or a name that begins
    with “The”, is treated as the name of an organisation and returned in braces.
    """
    words = _TITLE_BEFORE.sub("", name).split()
    if len(words) < 2 or words[0] == "The":
        return f"{{{' '.join(words) or name}}}"
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    parts = [" ".join(words[start:]), " ".join(words[:start]), suffix]
    return ", ".join(part for part in parts if part)


def _day(at: datetime) -> str:
    """Return the date in AMA format, such as “March 4, 2026”, as in the references of articles."""
    return times.american_day(at)
