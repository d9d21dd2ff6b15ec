"""The tables of the articles and sources that public pages show, and the times at which publications start and end.

Tables of a revision's content are not listed: a revision never changes, and is shown by a publication. The same holds
for rows written in one transaction with an approval (submissions, reviews).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from articles.models import Publication
from pagecache.site_version import NO_PART, WatchedTable, next_change_by

# Cache tags of an article's page: the articles and topics that it shows, by key (website.related).
ARTICLE, TOPIC = "article ", "topic "
_OF_AN_ARTICLE = f"SELECT '{ARTICLE}' || article_id AS part FROM {{rows}}"
_OF_A_TOPIC = f"SELECT '{TOPIC}' || topic_id AS part FROM {{rows}}"
_OF_ITS_ARTICLE = _OF_AN_ARTICLE + " JOIN articles_revision revision ON revision.id = revision_id"

_OWN_TOPICS = "SELECT topic_id FROM articles_article_topics WHERE article_id = %(article)s"
_OWN_AUTHORS = "SELECT author_id FROM articles_byline WHERE revision_id = %(revision)s"
_OWN_SOURCES = "SELECT source_id FROM articles_citation WHERE revision_id = %(revision)s"
_OF_ARTICLE = "article_id = %(article)s"

WATCHED_TABLES = (
    # website.kept_pages compares the house settings themselves.
    WatchedTable("core_houseversion", on=("INSERT",), on_article=None),
    WatchedTable("articles_publication", parts=_OF_AN_ARTICLE, by=("article_id",), on_article=_OF_ARTICLE),
    WatchedTable(
        "articles_approval",
        parts=_OF_ITS_ARTICLE,
        by=("revision_id",),
        on_article="revision_id = %(revision)s",
    ),
    WatchedTable("articles_article", columns=("slug",), on=("UPDATE",), on_article="id = %(article)s"),
    WatchedTable(
        "articles_article_topics",
        parts=f"{_OF_AN_ARTICLE} UNION {_OF_A_TOPIC}",
        by=("article_id", "topic_id"),
        on_article=_OF_ARTICLE,
    ),
    WatchedTable("articles_recommendation", parts=_OF_AN_ARTICLE, by=("article_id",), on_article=_OF_ARTICLE),
    WatchedTable("articles_topic", on_article=f"id IN ({_OWN_TOPICS})"),
    WatchedTable("articles_author", on_article=f"id IN ({_OWN_AUTHORS})"),
    WatchedTable("sources_source", on=("UPDATE",), on_article=f"id IN ({_OWN_SOURCES})"),
    WatchedTable("articles_searchentry", parts=NO_PART, on_article=None),  # only the search reads it
)


def parts_of(articles: Iterable[int], topics: Iterable[int]) -> list[str]:
    """Return the cache tags for these articles and topics (keys), each once, in order."""
    return [*(f"{ARTICLE}{key}" for key in sorted(set(articles))), *(f"{TOPIC}{key}" for key in sorted(set(topics)))]


@next_change_by
def publications(after: datetime, parts: Sequence[str] | None = None) -> list[QuerySet]:
    """Return queries for the next scheduled start and the next end of a publication after that aware time.

    `parts` are cache tags: if given, only the articles among them count. Each query uses an index.
    """
    rows = Publication.objects.filter(cancelled_at=None)
    if parts is not None:
        own = [int(part.removeprefix(ARTICLE)) for part in parts if part.startswith(ARTICLE)]
        rows = rows.filter(article__in=own)
    return [
        rows.filter(starts_at__gt=after).order_by("starts_at").values_list("starts_at", flat=True)[:1],
        rows.filter(ends_at__gt=after).order_by("ends_at").values_list("ends_at", flat=True)[:1],
    ]
