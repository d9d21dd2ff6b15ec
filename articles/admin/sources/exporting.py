"""Download the source library as a file, all of it or the filtered list."""

from collections.abc import Callable

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from sources.exporters import FORMATS
from sources.exporters.downloads import download


def paths(view: Callable, model_admin: ModelAdmin) -> list[URLPattern]:
    """Return the URL pattern of the export below the sources' admin."""

    @require_safe
    def export(request: HttpRequest, ending: str) -> HttpResponse:
        """Return the filtered list as a file with this extension, or redirect to the list if a filter is invalid.

        Raise PermissionDenied without the permission to view sources, and Http404 for an unknown extension.
        """
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        if ending not in FORMATS:
            raise Http404("No such format.")
        try:
            sources = model_admin.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:sources_source_changelist")
        return download(sources, "sources", ending)

    return [path("export/<slug:ending>/", view(export), name="sources_source_export")]
