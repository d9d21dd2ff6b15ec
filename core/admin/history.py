"""Old versions of sources, people and products in the admin."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from core.admin.lookups import DeclaredLookups
from core.text import whole_number


class HistoryAdmin(DeclaredLookups, SimpleHistoryAdmin):
    """Old versions are for whoever may look, and restored by whoever may change what stands there now.

    simple_history asks for the right to look only, and then saves whatever is posted to the page of a version.
    """

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        _only_numbers(object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        _only_numbers(object_id, version_id)
        if request.method == "POST":
            thing = self.get_object(request, object_id)
            if thing is None or not self.has_change_permission(request, thing):
                raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)


def _only_numbers(*keys: str) -> None:
    """Raises Http404 for an address that names no row: simple_history asks the database whatever it is."""
    if any(whole_number(key) is None for key in keys):
        raise Http404("There is no such page.")
