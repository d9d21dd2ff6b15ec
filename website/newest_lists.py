"""The newest articles of one topic, one author or one expert, at a cost that does not grow with the archive."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, Publication, Topic

MOST = 360
MOST_TOPICS = 60
# SQLite accepts a LIMIT in a part of a UNION only inside a sub-query.
PART = "SELECT * FROM (SELECT topic_id, article_id FROM {} WHERE topic_id = %s ORDER BY article_id DESC LIMIT %s) t{}"


class Newest:
    """The newest publications that belong to one object, as a sequence for Django's Paginator.

    `rows` are all visible publications, newest first; `leads` filters them from the side of the publication
    (`article__in=…`), and `belongs` is the same condition as an EXISTS. For up to MOST publications the keys are read
    first and their rows sorted; for more, the list of all publications is scanned until a page is full. Each way would
    read the whole archive in the case of the other, and a planner without statistics may pick the wrong one. At most
    MOST publications can be paged through.
    """

    def __init__(self, rows: QuerySet[Publication], *, at: datetime, leads: Q, belongs: Exists) -> None:
        self.rows, self.at, self.leads, self.belongs = rows, at, leads, belongs

    @cached_property
    def _few(self) -> set[int]:
        found = Publication.objects.visible(self.at).filter(self.leads).order_by().values_list("pk", flat=True)
        return set(found[: MOST + 1])

    @property
    def is_capped(self) -> bool:
        """Whether there are more publications than can be paged through."""
        return len(self._few) > MOST

    def count(self) -> int:
        """Return how many publications can be paged through."""
        return min(len(self._few), MOST)

    def __getitem__(self, part: slice) -> list[Publication]:
        rows = self.rows.filter(self.belongs) if self.is_capped else self.rows.filter(pk__in=self._few)
        return list(rows[part.start : min(part.stop or MOST, MOST)])


def newest_on(topic: Topic, rows: QuerySet[Publication], at: datetime) -> Newest:
    """Return those of `rows` that are filed under a topic, as of that aware time.

    Filters by a join: for `article__in=…` SQLite would first collect all the topic's articles.
    """
    filed = Article.topics.through.objects.filter(topic=topic.pk, article=OuterRef("article"))
    return Newest(rows, at=at, leads=Q(article__topics=topic.pk), belongs=Exists(filed))


def newest_in(topics: Iterable[int], many: int) -> list[tuple[int, int]]:
    """Return (topic key, article key) of the `many` newest articles of each of these topics, published or not.

    `topics` are keys, of which the first 60 are used. One query, by an index
    (articles/migrations/0002_database_rules.py). Callers filter the articles for those that readers see.
    """
    query, parameters = newest_in_sql(topics, many)
    if not parameters:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def newest_in_sql(topics: Iterable[int], many: int) -> tuple[str, list[int]]:
    """Return the query of `newest_in` with its parameters, both empty without a topic."""
    topics = list(dict.fromkeys(topics))[:MOST_TOPICS]
    table = connection.ops.quote_name(Article.topics.through._meta.db_table)
    parts = " UNION ALL ".join(PART.format(table, place) for place in range(len(topics)))
    return parts, [value for topic in topics for value in (topic, many)]
