"""Redirects in the admin: those that the site has written, and those that editors add."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin.history import HistoryAdmin
from core.models import Redirect
from core.redirects.models import RedirectQuerySet
from core.redirects.validation import leads_to_page


class ReservedFilter(admin.SimpleListFilter):
    """Hide the rows that only reserve an address, unless the user chooses to see them."""

    title = _("redirects")
    parameter_name = "reserved"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", gettext("Reserved addresses, which lead nowhere else"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Redirect]) -> QuerySet[Redirect]:
        if self.value() == "yes":
            return queryset.filter(to_path=F("from_path"))
        return queryset.leading_elsewhere()


class TargetFilter(admin.SimpleListFilter):
    """Show all redirects or, if the user chooses so, only those to pages that were deleted."""

    title = _("target")
    parameter_name = "target"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("deleted", gettext("Page deleted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Redirect]) -> QuerySet[Redirect]:
        return queryset.filter(is_dead=True) if self.value() == "deleted" else queryset


@admin.register(Redirect)
class RedirectAdmin(HistoryAdmin):
    """The redirects of the site. One that the site itself wrote can be changed only once its target page is gone."""

    list_display = ("from_path", "to_path", "target", "origin", "made_at")
    list_filter = (ReservedFilter, TargetFilter, "is_manual")
    list_select_related = ("made_by",)
    list_per_page = 50
    search_fields = ("from_path", "to_path")
    search_help_text = _("A part of the old or of the new address.")
    show_full_result_count = False
    actions = None
    fields = ("from_path", "to_path", "origin", "made_at")
    readonly_fields = ("origin", "made_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redirect]:
        return cast(RedirectQuerySet, super().get_queryset(request)).with_target()

    @admin.display(description=_("target"))
    def target(self, redirect: Redirect) -> str:
        """Return a note if the page to which the redirect leads was deleted, else an empty string."""
        return gettext("Page deleted: readers get “Page not found”") if redirect.is_dead else ""

    @admin.display(description=_("by"), ordering="made_by__name")
    def origin(self, redirect: Redirect) -> str:
        """Return the name of the user who added the redirect, or a phrase that says that the site wrote it.

        Who changed the address of the page is in the history of that page.
        """
        if not redirect.is_manual:
            return gettext("The site itself")
        return str(redirect.made_by or "")

    def get_readonly_fields(self, request: HttpRequest, obj: Redirect | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "from_path") if obj else self.readonly_fields

    def get_fields(self, request: HttpRequest, obj: Redirect | None = None) -> tuple[str, ...]:
        return self.fields if obj else ("from_path", "to_path")

    def has_change_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        """Return whether the user may change the redirect, which has to be added by hand or lead to no page."""
        may_change = super().has_change_permission(request, obj)
        return may_change and (obj is None or obj.is_manual or not leads_to_page(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        """Return whether the user may delete this redirect. Only one that was added by hand can be deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_manual)

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        if not change:
            obj.made_by = request.user
        super().save_model(request, obj, form, change)
