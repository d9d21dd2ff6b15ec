"""What stands around an article, for the partials of its page.

`{% load article_page %}{% ways_on as ways %}`
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.db import DatabaseError
from django.utils import timezone

from articles.models import Publication
from articles.pages import ArticlePage, teasers
from pagecache.memory import remembered
from website.browse import fullest_topics
from website.how_to_cite import how_to_cite

LATEST, TOPICS = 3, 8

register = template.Library()


@register.simple_tag
def citation_of(page: ArticlePage, slug: str) -> str:
    """One line of plain text in AMA style (website.how_to_cite)."""
    return how_to_cite(page, slug)


@dataclass(frozen=True)
class WaysOn:
    """Where a reader can go from a page that has nothing to read: (slug, name) of topics, and the newest articles."""

    topics: Sequence[tuple[str, str]] = ()
    latest: Sequence[Publication] = ()


@register.simple_tag
def ways_on() -> WaysOn:
    """The topics with most to read, by name, and the latest three: two queries; nothing where no database answers.

    Pages that say what went wrong ask this, and there programs come by that try one address after another: the topics
    are remembered (pagecache.memory).
    """
    try:
        return WaysOn(remembered("ways_on.topics", _topics), list(teasers(timezone.now())[:LATEST]))
    except DatabaseError:
        return WaysOn()


def _topics() -> list[tuple[str, str]]:
    most = fullest_topics(timezone.now())[:TOPICS]
    return sorted(((topic.slug, topic.name) for topic in most), key=lambda row: row[1].casefold())
