"""Filters of the source library."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.sessions import signed_in
from articles.models import Citation, Publication
from sources.models import Link, LinkState

if TYPE_CHECKING:
    from django.contrib.admin.filters import _ListFilterChoices


class MergedFilter(admin.SimpleListFilter):
    """Filter for merged duplicates. Without a choice, they are hidden."""

    title = _("merged")
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", gettext("merged duplicates")), ("all", gettext("all"))]

    def choices(self, changelist: ChangeList) -> "Iterator[_ListFilterChoices]":
        first, *others = super().choices(changelist)
        yield {**first, "display": gettext("in use")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "all":
            return queryset
        return queryset.filter(merged_into__isnull=self.value() != "yes")


class CitedFilter(admin.SimpleListFilter):
    """Filter by citations of the source in live articles, or in any revision that the user may read."""

    title = _("cited")
    parameter_name = "cited"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("live", gettext("in a live article")),
            ("yes", gettext("in any revision")),
            ("no", gettext("nowhere")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "live":
            shown = Publication.objects.visible().filter(approval__revision__citations__source=OuterRef("pk"))
            return queryset.filter(Exists(shown))
        known = Exists(Citation.objects.readable_by(signed_in(request)).filter(source=OuterRef("pk")))
        if self.value() == "yes":
            return queryset.filter(known)
        return queryset.exclude(known) if self.value() == "no" else queryset


class LinkFilter(admin.SimpleListFilter):
    """Filter by the state of the source's URL at the last check."""

    title = _("web address")
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("dead", gettext("dead")),
            ("moved", gettext("moved")),
            ("alive", gettext("works")),
            ("unknown", gettext("unknown")),
            ("none", gettext("no web address")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return queryset.filter(url="")
        links = Link.objects.filter(url=OuterRef("url"))
        if self.value() in (LinkState.ALIVE, LinkState.MOVED, LinkState.DEAD):
            return queryset.filter(Exists(links.filter(state=self.value())))
        if self.value() == "unknown":
            return queryset.filter(~Q(url=""), ~Exists(links.exclude(state=LinkState.UNKNOWN)))
        return queryset
