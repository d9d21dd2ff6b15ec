"""Everything on the page of an article that can change after its revision was approved, read by three queries.

A revision, its citations and its signatures never change. The rest (retractions, names of topics, products, addresses
of people) stands in tables that are watched anyway (pagecache.site_version.WatchedTable): each says which of its rows
an article's page shows. Two equal states make the same page.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.apps import apps
from django.db import connection

from articles.models import Publication
from website.related import related

_ROW = {
    "postgresql": "encode(sha256(convert_to(json_build_array({})::text, 'UTF8')), 'hex')",
    "sqlite": "json_array({})",
}


@dataclass(frozen=True)
class ArticleState:
    """What the page of an article shows at one moment: the key of the publication; (table, key, digest or values) of
    every row that the page shows; the related articles (website.related.related).
    """

    publication: int
    rows: tuple[tuple[str, int, str], ...]
    related: tuple[tuple[int, str], ...]


def article_state(slug: str, at: datetime) -> ArticleState | None:
    """Return the state of the page at that address at that aware time; None if readers see no article there."""
    shown = Publication.objects.visible(at).filter(article__slug=slug)
    keys = shown.values_list("pk", "article", "approval__revision").first()
    if keys is None:
        return None
    publication, article, revision = keys
    with connection.cursor() as cursor:
        cursor.execute(_query(connection.vendor), {"article": article, "revision": revision})
        rows = tuple(cursor.fetchall())
    topics = [key for table, key, _ in rows if table == "articles_topic"]
    return ArticleState(publication, rows, tuple(related(article, topics, at)))


@cache
def _query(vendor: str) -> str:
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    parts = []
    for config in apps.get_app_configs():
        for watched in getattr(config, "watched_tables", ()):
            if watched.on_article is not None:
                columns = watched.columns or [field.column for field in models[watched.table]._meta.concrete_fields]
                row = _ROW[vendor].format(", ".join(f'"{column}"' for column in columns))
                parts.append(f"SELECT '{watched.table}', id, {row} FROM {watched.table} WHERE {watched.on_article}")
    return " UNION ALL ".join(parts) + " ORDER BY 1, 2"
