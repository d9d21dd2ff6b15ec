"""The admin pages with the earlier versions of sources, people and products."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from core.admin.conflicts import ConflictDetection
from core.admin.lookups import DeclaredLookups
from core.text import whole_number


class HistoryAdmin(ConflictDetection, DeclaredLookups, SimpleHistoryAdmin):  # type: ignore[misc]  # simple_history has no types
    """An admin that requires the view permission to show earlier versions, and the change permission to restore one.

    On its own, simple_history checks only the view permission and saves whatever is posted to the page of a version.
    """

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        _refuse_invalid_keys(object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        _refuse_invalid_keys(object_id, version_id)
        if request.method != "POST":
            response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
            return response
        with transaction.atomic():
            row = self.locked(request, object_id)
            if row is None or not self.has_change_permission(request, row):
                raise PermissionDenied
            # An earlier version is restored as a whole, so stored values are not merged into it.
            self.compare(request, row, inlines=False, takes_over=False)
            answer: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
            return answer

    def render_history_view(
        self, request: HttpRequest, template: str, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        """Return the page of an earlier version, whose form carries fingerprints of the stored row.

        The version is restored only if the row has not changed since the page was shown.
        """
        if "adminform" in context:
            context |= self.compared(request, self.get_object(request, str(context["object_id"])))
        response: HttpResponse = super().render_history_view(request, template, context, **kwargs)
        return response


def _refuse_invalid_keys(*keys: str) -> None:
    """Raise Http404 if a key cannot be a primary key; simple_history would pass the key to the database unchecked."""
    if any(whole_number(key) is None for key in keys):
        raise Http404("There is no such page.")
