"""Lists in pages: one page of a list, by the number in the address, and the address of each."""

from collections.abc import Sequence

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest


def page_or_404(request: HttpRequest, rows: QuerySet | Sequence, per_page: int) -> Page:
    """The page that `?page=` asks for, the first one without it. Raises Http404 for a page there is not."""
    try:
        return Paginator(rows, per_page).page(request.GET.get("page", "1"))
    except InvalidPage as refusal:
        raise Http404("No such page.") from refusal


def path_of_page(path: str, page: Page) -> str:
    """The one address of a page of the list at `path`: the first has no number in it."""
    return path if page.number == 1 else f"{path}?page={page.number}"
