"""Filters of the list of articles by their reviewers."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models import Advisor, PanelMember
from articles.admin.filters import HasFilter


class PanelFilter(HasFilter):
    """Filter articles by a confirmed or proposed reviewer, or show those that have no reviewer."""

    title, parameter_name = _("reviewers"), "advisor"
    things, having, without = Advisor, PanelMember, _("no reviewer")

    def rows(self) -> QuerySet:
        """Return the places on panels and the proposals that have not ended."""
        return PanelMember.objects.standing()


class ProposedFilter(admin.SimpleListFilter):
    """Show only articles with proposed reviewers on whom an editor still has to decide."""

    title, parameter_name = _("proposed reviewers"), "proposed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", gettext("waiting for an editor"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "waiting":
            return queryset
        return queryset.filter(pk__in=PanelMember.objects.waiting().order_by().values("article"))
