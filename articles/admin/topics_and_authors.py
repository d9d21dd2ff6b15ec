"""Topics and authors in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import Author, Byline, Topic
from core.admin.history import HistoryAdmin


@admin.register(Topic)
class TopicAdmin(HistoryAdmin):
    list_display = ("name", "slug", "review_quorum", "review_interval_days", "needs_specialist")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "description", "products")}),
        (
            _("Reviews of articles on this topic"),
            {
                "fields": ("review_quorum", "review_due_days", "review_interval_days", "needs_specialist"),
                "description": _(
                    "If an article has several topics, the strictest rule applies. An empty field means the usual rule."
                ),
            },
        ),
    )
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Author)
class AuthorAdmin(HistoryAdmin):
    list_display = ("name", "credentials", "job_title", "user")
    list_select_related = ("user",)
    search_fields = ("name", "credentials", "user__email")
    autocomplete_fields = ("user",)
    prepopulated_fields = {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> tuple[str, ...]:
        """Return the fields that nobody edits here. An account under which something was written stays its author's."""
        is_bound = obj is not None and obj.pk and Byline.objects.filter(author=obj.pk).exclude(account=None).exists()
        return (*super().get_readonly_fields(request, obj), *(("user",) if is_bound else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        return False
