"""The admin pages with the earlier versions of sources, people and products."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from core.admin.lookups import DeclaredLookups
from core.text import whole_number


class HistoryAdmin(DeclaredLookups, SimpleHistoryAdmin):  # type: ignore[misc]  # simple_history has no types
    """An admin that requires the view permission to show earlier versions, and the change permission to restore one.

    simple_history by itself checks only the view permission and saves whatever is posted to the page of a version.
    """

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        _refuse_invalid_keys(object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        _refuse_invalid_keys(object_id, version_id)
        if request.method == "POST":
            thing = self.get_object(request, object_id)
            if thing is None or not self.has_change_permission(request, thing):
                raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response


def _refuse_invalid_keys(*keys: str) -> None:
    """Raise Http404 if a key cannot be a primary key; simple_history would pass the key to the database unchecked."""
    if any(whole_number(key) is None for key in keys):
        raise Http404("There is no such page.")
