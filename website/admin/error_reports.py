"""The list of error reports in the admin, and the panel of open reports on the dashboard."""

from django.contrib import admin
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Article
from core import times
from core.admin import dashboard
from core.admin.dashboard import Panel, PanelRow, count_of
from core.admin.lookups import DeclaredLookups
from core.text import whole_number
from website.admin import error_report_page
from website.models import ErrorReport

ROWS = 6


class SameFilter(admin.SimpleListFilter):
    """Hide duplicates, unless the user chooses to see them or searches for words."""

    title = _("the same as another")
    parameter_name = "same"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("only", gettext("Only duplicates")), ("too", gettext("Duplicates as well"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "only":
            return queryset.exclude(same_as=None)
        if self.value() == "too" or request.GET.get("q"):
            return queryset
        return queryset.filter(same_as=None)


class OneArticleFilter(admin.SimpleListFilter):
    """Show only the reports on one article, which a link selects; the filter does not list all articles."""

    title = _("article")
    parameter_name = "on"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        article = Article.objects.filter(pk=whole_number(request.GET.get("on"))).only("title").first()
        return [(str(article.pk), str(article))] if article else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(article=whole_number(self.value())) if self.value() else queryset


@admin.register(ErrorReport)
class ErrorReportAdmin(DeclaredLookups, admin.ModelAdmin):
    """The admin of error reports. Nobody can add or delete a report, or change a reader's words.

    All actions are functions of `website.error_reports.handling`.
    """

    list_display = ("received_at", "title", "message_start", "readers", "standing", "closed_by")
    list_filter = ("state", SameFilter, OneArticleFilter)
    list_select_related = ("article", "closed_by")
    search_fields = ("message", "passage", "article__title", "article__slug")
    search_help_text = _("Words of the report, or the title of the article.")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    @admin.display(description=_("article"), ordering="article__title")
    def title(self, report: ErrorReport) -> str:
        return str(report.article)

    @admin.display(description=_("what is wrong"))
    def message_start(self, report: ErrorReport) -> str:
        return gettext("Erased on request") if report.erased_at else report.message[:120]

    @admin.display(description=_("sent"), ordering="sent")
    def readers(self, report: ErrorReport) -> str:
        return ngettext("once", "%(count)s times", report.sent) % {"count": report.sent}

    @admin.display(description=_("state"), ordering="state")
    def standing(self, report: ErrorReport) -> str:
        state = report.get_state_display()
        if report.same_as_id is None:
            return state
        return gettext("%(state)s, the same as %(number)s") % {"state": state, "number": report.same_as_id}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        alike = ErrorReport.objects.filter(same_as=OuterRef("pk")).order_by().values("same_as")
        times = Subquery(alike.annotate(all=Sum("times")).values("all"))
        return super().get_queryset(request).annotate(sent=F("times") + Coalesce(times, Value(0)))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ErrorReport | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        return [*error_report_page.paths(self.admin_site.admin_view), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        return error_report_page.show(request, object_id)


@dashboard.add
def panels(user: User) -> list[Panel]:
    """Return a list with the panel of open reports, or an empty list if this user may not close reports.

    Makes at most two queries.
    """
    if not user.has_perm("website.change_errorreport"):
        return []
    waiting = ErrorReport.objects.waiting().select_related("article")
    rows = [
        PanelRow(
            str(report.article),
            reverse("admin:website_errorreport_change", args=[report.pk]),
            times.moment(report.received_at),
            gettext("Erased on request") if report.erased_at else report.message[:160],
            True,
        )
        for report in waiting[:ROWS]
    ]
    count = count_of(waiting, len(rows), ROWS)
    return [
        Panel(
            gettext("Errors that readers report"),
            count,
            error_report_page.open_ones(),
            rows,
            15,
        )
    ]
