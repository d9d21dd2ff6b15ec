"""The newsroom's search of articles: titles, slugs, attached sources and texts, published or not.

Each part returns a bounded number of articles, and uses an index.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from articles.models import Article, ArticleSource, Publication
from articles.search.finding import Matches, backend
from articles.search.queries import Query, parse
from sources.models import Source

MOST = 300  # articles that each part finds at most
MOST_SOURCES = 100
MOST_WORDS = 8


def articles_with(articles: QuerySet[Article], typed: str, *, at: datetime) -> QuerySet[Article]:
    """Return those of these articles that contain all typed words, or all of them if no word was typed.

    All words have to be in the same place: the title or slug, the working copy, the text that is live at the aware time
    `at`, or the key or title of one attached source. In working copies, a typed word also matches the beginning of a
    word; in titles, slugs and keys, it matches any part.
    """
    words = typed.split()[:MOST_WORDS]
    if not words:
        return articles
    query = parse(typed)
    found = {*_named(articles, words), *_standing_on(articles, words)}
    if query:
        found |= {*_being_written(articles, query), *_read(query, at)}
    return articles.filter(pk__in=found)


def _every(words: list[str], *fields: str) -> Q:
    """Return the condition that each word is in at least one of these fields."""
    condition = Q()
    for word in words:
        one = Q()
        for field in fields:
            one |= Q(**{f"{field}__icontains": word})
        condition &= one
    return condition


def _keys(articles: QuerySet[Article]) -> list[int]:
    return list(articles.order_by().values_list("pk", flat=True)[:MOST])


def _named(articles: QuerySet[Article], words: list[str]) -> list[int]:
    """Return the primary keys of the articles with each word in their title or slug."""
    return _keys(articles.filter(_every(words, "title", "slug")))


def _being_written(articles: QuerySet[Article], query: Query) -> list[int]:
    """Return the primary keys of the articles whose working copy matches the query."""
    sql, parameters = backend().drafts(query)
    return _keys(articles.filter(pk__in=RawSQL(sql, parameters)))


def _read(query: Query, at: datetime) -> list[int]:
    """Return the primary keys of the articles whose live text matches the query."""
    shown = Matches(query, at).keys
    return list(Publication.objects.filter(pk__in=shown).values_list("article", flat=True))


def _standing_on(articles: QuerySet[Article], words: list[str]) -> list[int]:
    """Return the primary keys of the articles with an attached source that has each word in its key or title."""
    sources = (
        Source.objects.filter(_every(words, "key", "title")).order_by().values_list("pk", flat=True)[:MOST_SOURCES]
    )
    return _keys(articles.filter(pk__in=ArticleSource.objects.filter(source__in=list(sources)).values("article")))
