"""The citation of an article on this site, as an AMA reference (AMA Manual of Style, 11th ed., 3.15.3) and CSL-JSON."""

import re
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.pages import ArticlePage
from core import times
from core.house.memory import house
from sources.author_names import authors
from sources.importers.mapping import FIELDS, item_of
from sources.importers.records import Csl
from sources.kinds import Work

ACCESS_DAY = "the day on which you read it"  # stands for the date of access, which only the reader's browser knows
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
        authors([family_first(byline.name) for byline in page.bylines if not byline.signed_name.is_removed]),
        page.title,
        house().name,
        f"Published {_day(page.published)}",
        f"Updated {_day(page.updated)}" if page.updated else "",
        f"Version {page.version}",
        f"Accessed [{ACCESS_DAY}]",
    ]
    return " ".join([*(part if _ENDED.search(part) else f"{part}." for part in parts if part), _address(page, slug)])


def csl_of(page: ArticlePage, slug: str) -> Csl:
    """Return the version that `page` shows as a canonical CSL-JSON item, dated by its latest change.

    The page has to show a publication. The day is that in the newsroom's time zone.
    """
    names = [family_first(byline.name) for byline in page.bylines if not byline.signed_name.is_removed]
    on = timezone.localdate(page.updated or page.published)
    return item_of(
        {
            **dict.fromkeys((*FIELDS, "key"), ""),
            "work": Work.WEB_PAGE,
            "title": page.title,
            "authors": "\n".join(names),
            "container": house().name,
            "year": on.year,
            "published_on": on,
            "url": _address(page, slug),
        }
    )


def _address(page: ArticlePage, slug: str) -> str:
    """Return the permanent URL of the version that `page` shows."""
    return f"{settings.SITE_URL}{reverse('website:version', args=[slug, page.version])}"


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
