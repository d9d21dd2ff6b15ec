"""The newest articles filed under topics, a bounded number of each: one query, by an index (migration 0002).

The newest to be begun, published or not: who asks, asks for what readers see of them.
"""

from collections.abc import Iterable

from django.db import connection

from articles.models import Article

# Each part in brackets of its own: SQLite takes no LIMIT otherwise.
PART = "SELECT * FROM (SELECT topic_id, article_id FROM {} WHERE topic_id = %s ORDER BY article_id DESC LIMIT %s) t{}"
MOST_TOPICS = 60


def newest_in(topics: Iterable[int], many: int) -> list[tuple[int, int]]:
    """(topic, article) of the `many` newest articles of each of these topics, by key; at most 60 topics."""
    topics = list(dict.fromkeys(topics))[:MOST_TOPICS]
    if not topics:
        return []
    table = connection.ops.quote_name(Article.topics.through._meta.db_table)
    parts = " UNION ALL ".join(PART.format(table, place) for place in range(len(topics)))
    with connection.cursor() as cursor:
        cursor.execute(parts, [value for topic in topics for value in (topic, many)])
        return cursor.fetchall()
