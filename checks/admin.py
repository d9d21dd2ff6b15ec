"""The admin pages for the word lists of the editorial checks."""

from django.contrib import admin
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from checks import try_page
from checks.models import Condition, PreferredTerm
from core.admin import search
from core.admin.history import HistoryAdmin
from core.admin.search import SearchedPage


@admin.register(PreferredTerm)
class PreferredTermAdmin(HistoryAdmin):
    """The admin of spelling mistakes and of terms that the publication does not use (check LNG02)."""

    list_display = ("avoid", "prefer", "why")
    search_fields = ("avoid", "prefer", "why")
    list_per_page = 50


@admin.register(Condition)
class ConditionAdmin(HistoryAdmin):
    """The admin of terms by which the checks CLM01 and CLM02 recognise health claims, such as names of diseases."""

    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)
    list_per_page = 50

    def get_urls(self) -> list[URLPattern]:
        return [*try_page.paths(self.admin_site.admin_view), *super().get_urls()]


search.add_pages(
    SearchedPage(_("Try the checks"), "admin:checks_try", "checks.view_condition", _("paste text findings claims"))
)
