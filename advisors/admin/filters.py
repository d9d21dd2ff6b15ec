"""Filters of the list of articles by their reviewers, and of the list of reviews by verdicts taken back."""

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
        """Return the confirmed and the proposed reviewers, without those removed, turned down or withdrawn."""
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


class TakenBackFilter(admin.SimpleListFilter):
    """Show only the verdicts that their advisors took back, or only the reviews that stand."""

    title, parameter_name = _("taken back"), "taken_back"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", gettext("no")), ("yes", gettext("yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(taken_back_at__isnull=self.value() == "no")
