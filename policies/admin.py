"""Policies in the admin. Editors write them, and every change is recorded in their history."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.admin.history import HistoryAdmin
from core.fields import HtmlField
from core.http import with_csp
from core.rich_text import PlainEditor
from policies.models import Policy


@admin.register(Policy)
class PolicyAdmin(HistoryAdmin):
    """The list of policies, and the form of a policy with its history."""

    formfield_overrides = {HtmlField: {"widget": PlainEditor(_("The page"))}}
    fields = ("title", "slug", "summary", "body", "position", "is_shown", "updated_at")
    list_display = ("title", "is_shown", "position", "updated_at")
    list_filter = ("is_shown",)
    search_fields = ("title", "summary", "body")
    list_per_page = 50
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("updated_at",)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Return the form with a content security policy that the rich-text editor can work under.

        The policy “EDITOR” allows the editor's inline scripts and styles.
        """
        return with_csp("EDITOR")(super().changeform_view)(request, object_id, form_url, extra_context)
