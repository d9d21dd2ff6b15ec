"""What readers say is wrong, in the admin: to be read, and closed with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from articles import reports
from articles.exceptions import InvalidTransition
from articles.models import ErrorReport, ReportState
from betterment import start_page, times
from betterment.admin_lookups import DeclaredLookups
from betterment.start_page import Panel, Row

SAID = ("article", "revision", "passage", "message", "address", "received_at")
CLOSED = ("state", "outcome", "closed_by", "closed_at")
ROWS = 6


class CloseForm(forms.ModelForm):
    """What came of it, in the words of the newsroom."""

    class Meta:
        model = ErrorReport
        fields = ["state", "outcome"]
        labels = {"state": "It", "outcome": "What came of it"}
        help_texts = {"outcome": "For colleagues. When you close the report, the reader's address is deleted."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "state" in self.fields:
            self.fields["state"].choices = [("", "…"), *ReportState.choices[1:]]
            self.fields["outcome"].required = True


@admin.register(ErrorReport)
class ErrorReportAdmin(DeclaredLookups, admin.ModelAdmin):
    """Nobody types one in here, changes a reader's words or removes one; closing goes through `articles.reports`."""

    form = CloseForm
    list_display = ("received_at", "title", "message_start", "state", "closed_by")
    list_filter = ("state",)
    list_select_related = ("article", "closed_by")
    search_fields = ("message", "passage", "article__title", "article__slug")
    search_help_text = "Words of the report, or the title of the article."
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description="article", ordering="article__title")
    def title(self, report: ErrorReport) -> str:
        return str(report.article)

    @admin.display(description="what is wrong")
    def message_start(self, report: ErrorReport) -> str:
        return report.message[:120]

    def get_fields(self, request: HttpRequest, obj: ErrorReport | None = None) -> tuple[str, ...]:
        return (*SAID, *(CLOSED[:2] if obj and self._is_open(obj) else CLOSED))

    def get_readonly_fields(self, request: HttpRequest, obj: ErrorReport | None = None) -> tuple[str, ...]:
        return SAID if obj and self._is_open(obj) else (*SAID, *CLOSED)

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("article", "revision", "closed_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ErrorReport | None = None) -> bool:
        """What is closed stays as it is."""
        return super().has_change_permission(request, obj) and (obj is None or self._is_open(obj))

    def has_delete_permission(self, request: HttpRequest, obj: ErrorReport | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ErrorReport, form: forms.ModelForm, change: bool) -> None:
        """Nothing: `response_change` closes it."""

    def response_change(self, request: HttpRequest, obj: ErrorReport) -> HttpResponse:
        try:
            reports.close(report=obj, actor=request.user, state=obj.state, outcome=obj.outcome)
        except InvalidTransition as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.path)
        self.message_user(request, "The report is closed, and the reader's address is deleted.", messages.SUCCESS)
        return redirect("admin:articles_errorreport_changelist")

    @staticmethod
    def _is_open(report: ErrorReport) -> bool:
        return report.closed_at is None


@start_page.add
def panels(user: User) -> list[Panel]:
    """Open reports, for those who may close them: two queries."""
    if not user.has_perm("articles.change_errorreport"):
        return []
    waiting = ErrorReport.objects.filter(state=ReportState.OPEN).select_related("article")
    rows = [
        Row(
            str(report.article),
            reverse("admin:articles_errorreport_change", args=[report.pk]),
            times.moment(report.received_at),
            report.message[:160],
            True,
        )
        for report in waiting[:ROWS]
    ]
    url = f"{reverse('admin:articles_errorreport_changelist')}?state__exact={ReportState.OPEN}"
    return [Panel("Errors that readers report", waiting.count(), url, rows, "No report is open.", 15)]
