"""The newest of what belongs to one topic, one author or one expert, at a cost that does not grow with the archive."""

from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, Publication, Topic

MOST = 360


class Newest:
    """What readers see at that time of what belongs somewhere, the newest first: what a Paginator needs.

    `leads` finds the publications from their side (`article__in=…`), `belongs` says of one whether it is among
    them, and `rows` are all that readers see, by time. Of few, the keys are read and their rows sorted; of many, the
    list of all is walked until a page is full. Each way would read the whole archive in the other's place, and where
    a planner has no statistics it takes it. At most MOST can be paged through.
    """

    def __init__(self, rows: QuerySet[Publication], *, at: datetime, leads: Q, belongs: Exists) -> None:
        self.rows, self.at, self.leads, self.belongs = rows, at, leads, belongs

    @cached_property
    def _few(self) -> set[int]:
        found = Publication.objects.visible(self.at).filter(self.leads).order_by().values_list("pk", flat=True)
        return set(found[: MOST + 1])

    @property
    def is_capped(self) -> bool:
        """Whether there are more than can be paged through."""
        return len(self._few) > MOST

    def count(self) -> int:
        """How many can be paged through."""
        return min(len(self._few), MOST)

    def __getitem__(self, part: slice) -> list[Publication]:
        rows = self.rows.filter(self.belongs) if self.is_capped else self.rows.filter(pk__in=self._few)
        return list(rows[part.start : min(part.stop or MOST, MOST)])


def newest_on(topic: Topic, rows: QuerySet[Publication], at: datetime) -> Newest:
    """The newest of `rows` that are filed under a topic, as they stand at that aware time.

    They are led to by a join: of `article__in=…` SQLite makes a list of all the topic's articles before it takes one.
    """
    filed = Article.topics.through.objects.filter(topic=topic.pk, article=OuterRef("article"))
    return Newest(rows, at=at, leads=Q(article__topics=topic.pk), belongs=Exists(filed))
