"""The newest articles on a topic or by an author, at a cost that does not grow with the archive."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, Publication, Topic

MOST = 360
MOST_TOPICS = 60
# In SQLite, a part of a UNION can have a LIMIT only inside a sub-query.
PART = "SELECT * FROM (SELECT topic_id, article_id FROM {} WHERE topic_id = %s ORDER BY article_id DESC LIMIT %s) t{}"


class Newest:
    """The newest publications on a topic or by an author, at most MOST, as a sequence for Django's Paginator.

    `rows` are all publications that are visible at the aware time `at`, newest first. `leads` and `belongs` are the
    same filter, written as a join and as an EXISTS. If at most MOST publications match, their keys are read through the
    join and only these rows are sorted. Otherwise `rows` are scanned until the page is full. Either query could read
    the whole archive where the other is cheap, and a query planner without statistics may choose the wrong one, so this
    class chooses.
    """

    def __init__(self, rows: QuerySet[Publication], *, at: datetime, leads: Q, belongs: Exists) -> None:
        self.rows, self.at, self.leads, self.belongs = rows, at, leads, belongs

    @cached_property
    def _few(self) -> set[int]:
        found = Publication.objects.visible(self.at).filter(self.leads).order_by().values_list("pk", flat=True)
        return set(found[: MOST + 1])

    @property
    def is_capped(self) -> bool:
        """Return whether there are more publications than can be paged through."""
        return len(self._few) > MOST

    def count(self) -> int:
        """Return the number of publications that can be paged through."""
        return min(len(self._few), MOST)

    def __getitem__(self, part: slice) -> list[Publication]:
        rows = self.rows.filter(self.belongs) if self.is_capped else self.rows.filter(pk__in=self._few)
        return list(rows[part.start : min(part.stop or MOST, MOST)])


def newest_on(topic: Topic, rows: QuerySet[Publication], at: datetime) -> Newest:
    """Return those of `rows`, publications visible at the timezone-aware time `at`, whose article has this topic.

    The filter is a join, because for `article__in=…` SQLite would first collect all articles on the topic.
    """
    filed = Article.topics.through.objects.filter(topic=topic.pk, article=OuterRef("article"))
    return Newest(rows, at=at, leads=Q(article__topics=topic.pk), belongs=Exists(filed))


def newest_in(topics: Iterable[int], many: int) -> list[tuple[int, int]]:
    """Return (topic, article) pairs of primary keys: on each topic the `many` newest articles, published or not.

    `topics` are primary keys; only the first MOST_TOPICS are used. The one query uses an index
    (articles/migrations/0002_database_rules.py). Callers have to filter out the articles that readers cannot see.
    """
    query, parameters = newest_in_sql(topics, many)
    if not parameters:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def newest_in_sql(topics: Iterable[int], many: int) -> tuple[str, list[int]]:
    """Return the SQL of `newest_in` and its parameters, or "" and an empty list if there are no topics."""
    topics = list(dict.fromkeys(topics))[:MOST_TOPICS]
    table = connection.ops.quote_name(Article.topics.through._meta.db_table)
    parts = " UNION ALL ".join(PART.format(table, place) for place in range(len(topics)))
    return parts, [value for topic in topics for value in (topic, many)]
