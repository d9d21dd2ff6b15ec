"""Filters of the article list by reviewers."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from advisors.models import Advisor, PanelMember
from articles.admin.filters import HasFilter


class PanelFilter(HasFilter):
    """By reviewer, on the panel or proposed."""

    title, parameter_name = "reviewers", "advisor"
    things, having, without = Advisor, PanelMember, "no reviewer"

    def rows(self) -> QuerySet:
        """Return the rows of panels that have not ended."""
        return PanelMember.objects.standing()


class ProposedFilter(admin.SimpleListFilter):
    """Articles with proposed reviewers whom no editor has confirmed."""

    title, parameter_name = "proposed reviewers", "proposed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", "waiting for an editor")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "waiting":
            return queryset
        return queryset.filter(pk__in=PanelMember.objects.waiting().order_by().values("article"))
