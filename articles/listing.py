"""The newest of what belongs to one topic, one author or one expert, at a cost that does not grow with the archive."""

from datetime import datetime
from functools import cached_property

from django.db.models import Exists, Q, QuerySet

from articles.models import Publication

MOST = 360


class Newest:
    """What readers see at that time of what belongs somewhere, the newest first: what a Paginator needs.

    `leads` finds the publications from their side (`article__in=…`), `belongs` says of one whether it is among them,
    and `rows` are all that readers see, by time. Of few, the keys are read and sorted; of many, which are counted up to
    MOST, the list of all is walked until a page is full. Each way would read the whole archive in the other's place,
    and a planner without statistics takes it. At most MOST can be paged through.
    """

    def __init__(self, rows: QuerySet[Publication], *, at: datetime, leads: Q, belongs: Exists) -> None:
        self.rows, self.at, self.leads, self.belongs = rows, at, leads, belongs

    @property
    def _found(self) -> QuerySet[Publication]:
        return Publication.objects.visible(self.at).filter(self.leads).order_by()

    @cached_property
    def _few(self) -> list[tuple[datetime, int]]:
        return sorted(set(self._found.values_list("starts_at", "pk")), reverse=True)

    @cached_property
    def _counted(self) -> int:
        return self._found.values("article")[: MOST + 1].count()  # each once: what readers see is one an article

    @property
    def is_capped(self) -> bool:
        """Whether there are more than can be paged through."""
        return self._counted > MOST

    def count(self) -> int:
        """How many can be paged through."""
        return min(self._counted, MOST)

    def __getitem__(self, part: slice) -> list[Publication]:
        if self.is_capped:
            return list(self.rows.filter(self.belongs)[part.start : min(part.stop or MOST, MOST)])
        keys = [pk for _, pk in self._few[part]]
        found = {row.pk: row for row in self.rows.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]
