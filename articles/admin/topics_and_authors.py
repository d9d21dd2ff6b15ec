"""Topics and authors in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin import names
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
    readonly_fields = ("published_name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> tuple[str, ...]:
        """Return the read-only fields. These include `user` once a byline has recorded the author's account."""
        is_bound = obj is not None and obj.pk and Byline.objects.filter(author=obj.pk).exclude(account=None).exists()
        return (*super().get_readonly_fields(request, obj), *(("user",) if is_bound else ()))

    @admin.display(description=_("name in what is published"))
    def published_name(self, author: Author) -> str:
        """Return a note that editing the name here changes nothing published, with a link to the page that does."""
        if not author.pk:
            return "-"
        said = gettext("Editing the name here affects only what is written from now on.")
        address = reverse("admin:articles_author_name", args=[author.pk])
        return format_html('{} <a href="{}">{}</a>', said, address, gettext("Change the name everywhere"))

    def get_urls(self) -> list[URLPattern]:
        return [*names.paths(self.admin_site.admin_view), *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        return False
