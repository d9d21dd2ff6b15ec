"""The state of everything on an article's page that can change after its revision was approved.

A revision, its citations and its signatures never change. The rest (such as retractions, names of topics, products, and
URLs of people) is in watched tables (core.db.watched_tables.WatchedTable), each of which declares the rows that an
article's page shows (`on_article`). Equal states produce identical pages. Reading a state takes at most three queries.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.apps import apps
from django.db import connection

from articles.models.visibility import IN_FORCE_SQL
from website.related import related

# Plain SQL, because building this query with the ORM takes several times as long as running it.
_SHOWN = f"""
SELECT p.id, p.article_id, v.revision_id FROM articles_publication p
JOIN articles_article a ON a.id = p.article_id JOIN articles_approval v ON v.id = p.approval_id
WHERE a.slug = %s AND {IN_FORCE_SQL.format("p")}
"""
_ROW = {
    "postgresql": "encode(sha256(convert_to(json_build_array({})::text, 'UTF8')), 'hex')",
    "sqlite": "json_array({})",
}


@dataclass(frozen=True)
class ArticleState:
    """The state of an article's page at one moment.

    `publication` is its primary key. `rows` holds (table, primary key, digest or values) for every row of a watched
    table that the page shows. `related` holds the related articles as `website.related.related` returns them.
    """

    publication: int
    rows: tuple[tuple[str, int, str], ...]
    related: tuple[tuple[int, str], ...]


def article_state(slug: str, at: datetime) -> ArticleState | None:
    """Return the state of the article's page at the timezone-aware time `at`.

    Return None if readers see no article with this slug at that time.
    """
    now = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [slug, now, now])
        keys = cursor.fetchone()
        if keys is None:
            return None
        publication, article, revision = keys
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
