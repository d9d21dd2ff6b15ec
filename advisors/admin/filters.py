"""Filters of the article list by reviewers."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models import Advisor, PanelMember
from articles.admin.filters import HasFilter


class PanelFilter(HasFilter):
    """Filter by a reviewer who is on the panel or proposed."""

    title, parameter_name = _("reviewers"), "advisor"
    things, having, without = Advisor, PanelMember, _("no reviewer")

    def rows(self) -> QuerySet:
        """Return the rows of panels that have not ended."""
        return PanelMember.objects.standing()


class ProposedFilter(admin.SimpleListFilter):
    """Show only articles with proposed reviewers whom no editor has confirmed."""

    title, parameter_name = _("proposed reviewers"), "proposed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", gettext("waiting for an editor"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "waiting":
            return queryset
        return queryset.filter(pk__in=PanelMember.objects.waiting().order_by().values("article"))
