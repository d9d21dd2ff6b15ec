"""Template tags for an article's citation and further reading.

Usage: `{% load article_page %}{% ways_on as ways %}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.db import DatabaseError
from django.utils import timezone

from articles.models import Publication
from articles.pages import ArticlePage, teasers
from website.browse import FIGURES_FOR, fullest_topics
from website.how_to_cite import how_to_cite
from website.kept_pages import cached

LATEST, TOPICS = 3, 8

register = template.Library()


@register.simple_tag
def citation_of(page: ArticlePage, slug: str) -> str:
    """Return the reference for citing this article, as one line of plain text in AMA style (website.how_to_cite)."""
    return how_to_cite(page, slug)


@dataclass(frozen=True)
class WaysOn:
    """Suggestions for a page without content, such as an error page: topics (slug, name), and the newest articles."""

    topics: Sequence[tuple[str, str]] = ()
    latest: Sequence[Publication] = ()


@register.simple_tag
def ways_on() -> WaysOn:
    """Return the topics with the most articles (at most TOPICS), sorted by name, and the newest articles (LATEST).

    Both are empty if the database raises an error. The topics are cached for FIGURES_FOR seconds, because programs that
    probe one URL after another request large numbers of error pages.
    """
    try:
        topics = cached("ways_on.topics", _topics, FIGURES_FOR)
        return WaysOn(topics, list(teasers(timezone.now())[:LATEST]))
    except DatabaseError:
        return WaysOn()


def _topics() -> list[tuple[str, str]]:
    """Return (slug, name) of the topics with the most published articles, sorted by name."""
    most = fullest_topics(timezone.now())[:TOPICS]
    return sorted(((topic.slug, topic.name) for topic in most), key=lambda row: row[1].casefold())
