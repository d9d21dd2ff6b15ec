"""The newsroom's search in the list of articles: titles, slugs, attached sources and texts, published or not.

Each part returns a bounded number of articles, and uses an index or reads few rows. At each unpublished stage, only the
bodies saved last are read; published texts are found through the readers' index.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from articles.models import Article, ArticleSource, Publication, Stage
from articles.search.finding import Matches
from articles.search.queries import parse
from sources.models import Source

MOST = 300  # articles that each part finds at most
MOST_SOURCES = 100
MOST_WORDS = 8
MOST_READ = 500  # bodies that are read at each stage, one by one


def articles_with(articles: QuerySet[Article], typed: str, *, at: datetime) -> QuerySet[Article]:
    """Return the articles that contain all typed words, or all `articles` if no word was typed.

    All words have to be in the title and slug, in the title and body, in the live text, or in one attached source.
    """
    words = typed.split()[:MOST_WORDS]
    if not words:
        return articles
    found = {*_named(words), *_being_written(words), *_read(typed, at), *_standing_on(words)}
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


def _named(words: list[str]) -> list[int]:
    return _keys(Article.objects.filter(_every(words, "title", "slug")))


def _being_written(words: list[str]) -> list[int]:
    last: list[int] = []
    for stage in Stage:  # each by the index of its stage
        if stage != Stage.PUBLISHED:
            of_stage = Article.objects.filter(stage=stage).order_by("-saved_at", "-pk")
            last += of_stage.values_list("pk", flat=True)[:MOST_READ]
    return _keys(Article.objects.filter(_every(words, "title", "body"), pk__in=last))


def _read(typed: str, at: datetime) -> list[int]:
    query = parse(typed)
    shown = Matches(query, at).keys if query else []
    return list(Publication.objects.filter(pk__in=shown).values_list("article", flat=True))


def _standing_on(words: list[str]) -> list[int]:
    sources = (
        Source.objects.filter(_every(words, "key", "title")).order_by().values_list("pk", flat=True)[:MOST_SOURCES]
    )
    at_hand = ArticleSource.objects.filter(source__in=list(sources)).order_by()
    return list(at_hand.values_list("article", flat=True)[:MOST])
