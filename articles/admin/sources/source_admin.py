"""The source library in the admin."""

from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.sessions import signed_in
from articles.admin.editing_session import article_for
from articles.admin.sources import exporting, merging, panels, pasting
from articles.admin.sources.filters import CitedFilter, LinkFilter, MergedFilter
from articles.cited_sources.source_imports import attach_source
from articles.cited_sources.source_uses import is_in_use
from articles.exceptions import InvalidTransition
from articles.models import Revision
from core.admin.history import HistoryAdmin
from sources.models import Source
from sources.new_keys import RULE, save_with_key

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CountedSource = WithAnnotations[Source, "RevisionCount"]

PASTED_LONG = {"pmid", "pmcid", "isbn"}


class SourceForm(forms.ModelForm):
    """The form of a source. The key of a new one may be left empty: it is made when the source is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields and self.instance.pk is None:
            self.fields["key"].required = False
            self.fields["key"].help_text = RULE


class RevisionCount(TypedDict):
    """The column that `SourceAdmin.get_queryset` adds to a source."""

    revisions: int


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    """The source library. Writers may add sources, and edit those that no revision cites yet."""

    list_display = ("key", "title", "year", "evidence", "retraction_state", "citing")
    list_filter = ("evidence", "work", "retraction_state", CitedFilter, LinkFilter, MergedFilter)
    search_fields = ("key", "title", "authors", "container", "container_short", "doi", "pmid", "pmcid", "isbn", "url")
    search_help_text = _("Key, title, author, journal, DOI, PMID, PMCID, ISBN or address.")
    ordering = ("key",)
    form = SourceForm
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    # What matters first; the form has two columns (library.css).
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("title", "authors", "container", "work", "year", "evidence"),
                    *("doi", "pmid", "pmcid", "isbn", "url", "accessed_on"),
                )
            },
        ),
        (
            _("More about where it appeared"),
            {
                "fields": (
                    *("volume", "issue", "pages", "container_short", "publisher", "edition", "editors"),
                    "published_on",
                )
            },
        ),
        (
            _("Archived copy"),
            {
                "fields": ("archived_url", "archived_on"),
                "description": _("Readers find it beside the source, so that a page that is gone can still be read."),
            },
        ),
        (_("Citation key"), {"fields": ("key",), "classes": ("collapse",)}),
        (_("Retraction"), {"fields": ("retraction_state", "retraction_note", "reported_retraction")}),
    )
    readonly_fields = ("retraction_state", "retraction_note", "reported_retraction")

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> list:
        """Return the groups of fields; for a new source, without the last one, which nobody can fill in."""
        fieldsets = list(super().get_fieldsets(request, obj))
        return fieldsets if obj else fieldsets[:-1]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[CountedSource]":
        """Return the sources, each with the number of citing revisions that the user may read (`revisions`)."""
        known = Q()
        if not request.user.has_perm("articles.edit_all_articles"):
            known = Q(citations__revision__in=Revision.objects.readable_by(signed_in(request)).order_by().values("pk"))
        sources: QuerySet[Source] = super().get_queryset(request).select_related("merged_into")
        return sources.annotate(revisions=Count("citations", filter=known))

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Return the form field. It accepts a longer text for identifiers that may be pasted as part of a URL."""
        if db_field.name in PASTED_LONG:
            kwargs["max_length"] = 200
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Return the matching sources, without merged duplicates if the search is for autocomplete."""
        found, has_doubles = super().get_search_results(request, queryset, search_term)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            found = found.filter(merged_into=None)
        return found, has_doubles

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [*merging.paths(view), *pasting.paths(view), *exporting.paths(view, self), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        source = kwargs.get("obj")
        context["may_merge"] = request.user.has_perm("articles.edit_all_articles")
        context["duplicates_at"] = reverse("admin:articles_pick_duplicates")
        if source:
            context |= panels.beside(source, request)
        return super().render_change_form(request, context, *args, **kwargs)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Return the form for a new source. With `?article=`, the source is attached to that article when it is saved.

        Raise Http404 for an article that the user may not edit.
        """
        number = request.GET.get("article", "")
        article = article_for(signed_in(request), number) if number else None
        return super().add_view(request, form_url, {**(extra_context or {}), "for_article": article})

    def response_add(self, request: HttpRequest, obj: Source, post_url_continue: str | None = None) -> HttpResponse:
        """Attach a source that was entered for an article, and lead back to the article's form."""
        number = request.GET.get("article", "")
        if not number:
            return super().response_add(request, obj, post_url_continue)
        article = article_for(signed_in(request), number)
        try:
            attach_source(source=obj, actor=signed_in(request), article=article)
        except InvalidTransition as error:
            told = gettext("“%(source)s” is in the library, but not attached. %(reason)s")
            messages.warning(request, told % {"source": obj.title, "reason": error})
        else:
            told = gettext("“%(source)s” (%(key)s) is in the library and attached to this article.")
            messages.success(request, told % {"source": obj.title, "key": obj.key})
        if {"_continue", "_addanother"} & request.POST.keys():
            return super().response_add(request, obj, post_url_continue)
        return redirect("admin:articles_article_change", article.pk)

    @admin.display(description=_("cited in revisions"), ordering="revisions")
    def citing(self, source: "CountedSource") -> int:
        return source.revisions

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or request.user.has_perm("articles.edit_all_articles") or not obj.is_cited()

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """Return whether the user may try to delete the source. A writer may not if the source is in use.

        A source in use is never deleted. The admin then tells editors which articles use the source, but these may be
        other people's drafts, which writers must not see.
        """
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None or request.user.has_perm("articles.edit_all_articles"):
            return True
        return self.has_change_permission(request, obj) and not is_in_use(obj)

    def get_actions(self, request: HttpRequest) -> dict:
        return {}

    def save_model(self, request: HttpRequest, obj: Source, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = signed_in(request)
        save_with_key(obj, partial(super().save_model, request, obj, form, change))
