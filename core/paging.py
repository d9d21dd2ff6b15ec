"""Pagination of lists that may be long."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

MAX_PAGES = 50
FAR = 100  # rows; on pages that begin after this row, primary keys are read first


class BoundedPaginator(Paginator):
    """A paginator that has at most MAX_PAGES pages of a queryset and does not count the rows after them.

    Counting all rows, or opening a page far down the list, would read every row up to there; users find older rows by
    searching. `counted_by` is a queryset of the same rows without the annotations and joins of the list, which is
    faster to count.
    """

    def __init__(self, *args: Any, counted_by: QuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counted_by = counted_by

    @cached_property
    def counted(self) -> int:
        """Return the number of rows. For a queryset, stop counting at one more than fit on MAX_PAGES pages."""
        if not isinstance(self.object_list, QuerySet):
            return super().count  # a list in memory, or an object with its own limit
        rows = self.object_list if self.counted_by is None else self.counted_by
        if not rows.query.combinator:
            rows = rows.order_by().values("pk")  # annotations and order do not matter for the count
        return rows[: self.per_page * MAX_PAGES + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, self.per_page * MAX_PAGES) if isinstance(self.object_list, QuerySet) else self.counted

    @property
    def is_capped(self) -> bool:
        """Return whether there are more rows than fit on MAX_PAGES pages."""
        return self.counted > self.count

    def page(self, number: int | str) -> Page:
        """Return a page. Raise InvalidPage for a number that is not an integer or is out of range.

        For a page far down the list (FAR), the primary keys are read first, because a database also computes
        annotations for the rows that it skips.
        """
        page = super().page(number)
        whole, rows = self.object_list, page.object_list
        is_far = page.start_index() > FAR
        if is_far and isinstance(whole, QuerySet) and isinstance(rows, QuerySet) and not rows.query.combinator:
            page.object_list = whole.filter(pk__in=list(rows.values_list("pk", flat=True)))
        return page


def page_or_404(
    request: HttpRequest, rows: QuerySet | Sequence, per_page: int, counted_by: QuerySet | None = None
) -> Page:
    """Return the page whose number is in `?page=`, or the first one if there is no number (see BoundedPaginator).

    Raise Http404 for a page that does not exist.
    """
    try:
        return BoundedPaginator(rows, per_page, counted_by=counted_by).page(request.GET.get("page", "1"))
    except InvalidPage as refusal:
        raise Http404("No such page.") from refusal


def path_of_page(path: str, page: Page) -> str:
    """Return the canonical path of a page of the list at `path`. The path of the first page contains no number."""
    return path if page.number == 1 else f"{path}?page={page.number}"
