"""Lists in pages: one page of a list, by the number in the address, and the address of each."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

MOST_PAGES = 50
FAR = 100  # rows that are skipped


class BoundedPaginator(Paginator):
    """The first fifty pages of a list of any length, which is counted no further: a count reads every row, and so
    does the way to a page far down. Who looks for something older searches for it.

    `counted_by` are the same rows without what a list shows of them, where a join would be made for that alone.
    """

    def __init__(self, *args: Any, counted_by: QuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counted_by = counted_by

    @cached_property
    def counted(self) -> int:
        """How many rows there are, up to one more than the pages hold."""
        if not isinstance(self.object_list, QuerySet):
            return super().count  # of what is in memory, or knows its own bounds
        rows = self.object_list if self.counted_by is None else self.counted_by
        if not rows.query.combinator:
            rows = rows.order_by().values("pk")  # neither what is shown of them nor their order matters
        return rows[: self.per_page * MOST_PAGES + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, self.per_page * MOST_PAGES) if isinstance(self.object_list, QuerySet) else self.counted

    @property
    def is_capped(self) -> bool:
        """Whether there is more than the pages hold."""
        return self.counted > self.count

    def page(self, number: int | str) -> Page:
        """One page. Of one far down the keys are read first: what a list shows of its rows, a database works out for
        those that it skips as well. Raises InvalidPage."""
        page = super().page(number)
        rows = page.object_list
        if page.start_index() > FAR and isinstance(rows, QuerySet) and not rows.query.combinator:
            page.object_list = self.object_list.filter(pk__in=list(rows.values_list("pk", flat=True)))
        return page


def page_or_404(
    request: HttpRequest, rows: QuerySet | Sequence, per_page: int, counted_by: QuerySet | None = None
) -> Page:
    """The page that `?page=` asks for, the first one without it (see BoundedPaginator). Raises Http404 for a page there
    is not."""
    try:
        return BoundedPaginator(rows, per_page, counted_by=counted_by).page(request.GET.get("page", "1"))
    except InvalidPage as refusal:
        raise Http404("No such page.") from refusal


def path_of_page(path: str, page: Page) -> str:
    """The one address of a page of the list at `path`: the first has no number in it."""
    return path if page.number == 1 else f"{path}?page={page.number}"
