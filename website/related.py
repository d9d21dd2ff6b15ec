"""Related articles for the page of an article.

Their keys are part of the state of the page and cheap to read; their texts are read only if the page is rendered.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F

from articles.models import Publication
from articles.models.visibility import IN_FORCE_SQL
from website.newest_lists import newest_in_sql

MOST = 3
NEWEST = 40  # the number of newest articles considered for each topic

_OF_REVISION = [f"approval__revision{name}" for name in ("", "__title", "__standfirst", "__hero_image")]
# Plain SQL, because building this query with the ORM takes ten times as long as running it.
_RELATED = """
SELECT p.id, a.slug FROM articles_publication p JOIN articles_article a ON a.id = p.article_id
WHERE p.article_id IN (SELECT article_id FROM ({newest}) considered) AND p.article_id <> %s AND {in_force}
ORDER BY (
    SELECT COUNT(*) FROM articles_article_topics f WHERE f.article_id = p.article_id AND f.topic_id IN ({topics})
) DESC, p.starts_at DESC, p.id DESC LIMIT {most}
"""


def related(article: int, topics: Sequence[int], at: datetime) -> list[tuple[int, str]]:
    """Return (primary key of the publication, slug of the article) of up to MOST articles related to `article`.

    These are other articles that share one of the `topics` of `article` and that readers can open at the timezone-aware
    time `at`. `article` and `topics` are primary keys. The articles that share the most topics come first; among
    equals, the latest comes first. On each topic only the newest articles, NEWEST in number, are considered, so that
    the cost does not grow with the archive. Makes one query, or none if there are no topics.
    """
    if not topics:
        return []
    newest, parameters = newest_in_sql(topics, NEWEST)
    query = _RELATED.format(
        newest=newest, in_force=IN_FORCE_SQL.format("p"), topics=", ".join(["%s"] * len(topics)), most=MOST
    )
    now = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(query, [*parameters, article, now, now, *topics])
        return cursor.fetchall()


def publications(found: Sequence[tuple[int, str]], at: datetime) -> list[Publication]:
    """Return the publications that `related` found, in the same order. Makes one query.

    Publications that readers cannot open at the timezone-aware time `at` are left out. Each has the article's `slug`;
    title, standfirst and picture are in `approval.revision`.
    """
    shown = Publication.objects.visible(at).filter(pk__in=[key for key, _ in found]).annotate(slug=F("article__slug"))
    rows = shown.select_related("approval__revision").only("approval", *_OF_REVISION).in_bulk()
    return [rows[key] for key, _ in found if key in rows]
