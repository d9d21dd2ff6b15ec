"""Sources, topics and authors in the admin."""

from django.contrib import admin
from django.db import models
from django.db.models import Count
from django.http import HttpRequest

from articles.models import Author, Source, Topic
from betterment.past import PastAdmin


@admin.register(Source)
class SourceAdmin(PastAdmin):
    """The library. A writer adds sources and edits those that no revision cites yet."""

    list_display = ("key", "title", "year", "evidence", "retraction_state", "citing")
    list_filter = ("evidence", "work", "retraction_state")
    search_fields = ("key", "title", "authors", "container", "doi", "pmid")
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("key", "work", "evidence", "title", "authors")}),
        (
            "Where it appeared",
            {
                "fields": (
                    *("container", "container_short", "publisher", "edition", "editors", "year", "published_on"),
                    *("volume", "issue", "pages"),
                )
            },
        ),
        (
            "How to find it",
            {"fields": ("doi", "pmid", "pmcid", "isbn", "url", "accessed_on", "archived_url", "archived_on")},
        ),
        ("Retraction", {"fields": ("retraction_state", "retraction_note")}),
    )
    readonly_fields = ("retraction_state", "retraction_note")

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(revisions=Count("citations"))

    @admin.display(description="cited in revisions", ordering="revisions")
    def citing(self, source: Source) -> int:
        return source.revisions

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or request.user.has_perm("articles.edit_all_articles") or not obj.is_cited()

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or self.has_change_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> dict:
        return {}

    def save_model(self, request: HttpRequest, obj: Source, form, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Topic)
class TopicAdmin(PastAdmin):
    list_display = ("name", "slug")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Author)
class AuthorAdmin(PastAdmin):
    list_display = ("name", "credentials", "job_title", "user")
    list_select_related = ("user",)
    search_fields = ("name", "credentials", "user__email")
    autocomplete_fields = ("user",)
    prepopulated_fields = {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        return False
