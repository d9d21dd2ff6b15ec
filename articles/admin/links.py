"""The addresses that sources and live texts lead to, and what they answered: to be read."""

from django.contrib import admin
from django.http import HttpRequest

from articles.models import Link, LinkAnswer
from betterment.admin_lookups import DeclaredLookups


class AnswerInline(admin.TabularInline):
    """The answers of an address, the newest first."""

    model = LinkAnswer
    fields = ("at", "answers", "status", "detail", "moved_to")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False


@admin.register(Link)
class LinkAdmin(DeclaredLookups, admin.ModelAdmin):
    """Nobody adds, changes or removes one: `manage.py check_links` does."""

    list_display = ("url", "state", "checked_at")
    list_filter = ("state",)
    search_fields = ("url",)
    list_per_page = 50
    ordering = ("-checked_at", "-pk")
    fields = ("url", "state", "checked_at")
    inlines = (AnswerInline,)

    def get_actions(self, request: HttpRequest) -> dict:
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False
