"""The page of the search, which needs no script, and the answers for the dialog that opens over other pages."""

from django.contrib.admin import AdminSite, site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.admin.search.finding import find, may_search

MOST_IN_DIALOG, MOST_ON_PAGE = 5, 20  # rows of a group


def paths(admin_site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns of the search, with the admin's sign-in check."""
    return [
        path("search/", admin_site.admin_view(search), name="search"),
        path("search/found/", admin_site.admin_view(found), name="search_found"),
    ]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found for `q`. Raise PermissionDenied for those who do not belong to the newsroom."""
    _refuse_others(request)
    results = find(request, request.GET.get("q", ""), MOST_ON_PAGE)
    title = gettext("Search the newsroom")
    context = {**site.each_context(request), "title": title, "results": results}
    return render(request, "admin/search/page.html", context)


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """Return the HTML of what was found for `q`, as options of the list in the dialog.

    Raise PermissionDenied for those who do not belong to the newsroom.
    """
    _refuse_others(request)
    results = find(request, request.GET.get("q", ""), MOST_IN_DIALOG)
    return render(request, "admin/search/_options.html", {"results": results})


def _refuse_others(request: HttpRequest) -> None:
    if not may_search(request):
        raise PermissionDenied
