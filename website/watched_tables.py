"""The tables of articles and sources that public pages show, and the times at which publications start and end.

Tables with the content of revisions are not listed, because a revision never changes and readers see it only through a
publication, which is in a listed table. Tables whose rows are written in one transaction with an approval (submissions,
reviews) are not listed either.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from articles.models import Publication
from core.db.site_version import next_change_by
from core.db.watched_tables import WatchedTable

_OWN_TOPICS = "SELECT topic_id FROM articles_article_topics WHERE article_id = %(article)s"
_OWN_AUTHORS = "SELECT author_id FROM articles_byline WHERE revision_id = %(revision)s"
_OWN_NAMES = (
    "SELECT signed_name_id FROM articles_byline WHERE revision_id = %(revision)s UNION ALL "
    "SELECT g.signed_name_id FROM articles_signatory g JOIN articles_approval v ON v.id = g.approval_id "
    "WHERE v.revision_id = %(revision)s"
)
_OWN_SOURCES = "SELECT source_id FROM articles_citation WHERE revision_id = %(revision)s"
_OWN_PUBLICATIONS = "SELECT id FROM articles_publication WHERE article_id = %(article)s"
_OF_ARTICLE = "article_id = %(article)s"
# All columns except has_started and has_ended, because changing these changes nothing for readers.
_OF_PUBLICATION = tuple(
    field.column for field in Publication._meta.concrete_fields if field.name not in ("id", "has_started", "has_ended")
)

WATCHED_TABLES = (
    # No page's state has this table, because website.kept_pages compares the house settings themselves.
    WatchedTable("core_houseversion", on=("INSERT",), on_article=None),
    WatchedTable("core_redirect", on_article=None),
    WatchedTable("articles_publication", columns=_OF_PUBLICATION, on_article=_OF_ARTICLE),
    WatchedTable("articles_noticecorrection", on=("INSERT",), on_article=f"publication_id IN ({_OWN_PUBLICATIONS})"),
    WatchedTable("articles_approval", on_article="revision_id = %(revision)s"),
    WatchedTable("articles_article", columns=("slug",), on=("UPDATE",), on_article="id = %(article)s"),
    WatchedTable("articles_article_topics", on_article=_OF_ARTICLE),
    WatchedTable("articles_recommendation", on_article=_OF_ARTICLE),
    WatchedTable("articles_topic", on_article=f"id IN ({_OWN_TOPICS})"),
    WatchedTable("articles_author", on_article=f"id IN ({_OWN_AUTHORS})"),
    # Not a new name: readers see it once a publication names it.
    WatchedTable("articles_signedname", on=("UPDATE",), on_article=f"id IN ({_OWN_NAMES})"),
    WatchedTable("sources_source", on=("UPDATE",), on_article=f"id IN ({_OWN_SOURCES})"),
    WatchedTable("articles_searchentry", on_article=None),  # only the search reads this table
)


@next_change_by
def publications(after: datetime) -> Sequence[QuerySet]:
    """Return queries for the next start and the next end of a publication after the timezone-aware time `after`.

    Each query uses an index.
    """
    rows = Publication.objects.filter(cancelled_at=None)
    return [
        rows.filter(starts_at__gt=after).order_by("starts_at").values_list("starts_at", flat=True)[:1],
        rows.filter(ends_at__gt=after).order_by("ends_at").values_list("ends_at", flat=True)[:1],
    ]
