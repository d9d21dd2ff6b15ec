"""Scheduled emails in the admin, with their state (due, queued, sent or cancelled), and a sample of each email."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from advisors import email_samples
from advisors.models import ScheduledEmail
from core import times
from core.admin.lookups import DeclaredLookups
from core.http import with_csp
from mail import admin as post_office_admin
from mail import sending
from mail.states import LastError, state_of, with_last_error

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

__all__ = ["ScheduledEmailAdmin", "email_samples", "post_office_admin"]


class StateFilter(admin.SimpleListFilter):
    """Filter scheduled emails by state: not queued yet, queued or sent, cancelled."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("due", gettext("not queued yet")),
            ("sent", gettext("queued or sent")),
            ("cancelled", gettext("called off")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[ScheduledEmail]") -> "QuerySet[ScheduledEmail]":
        chosen: dict[str | None, dict[str, bool | None]] = {
            "due": {"sent_at": None, "cancelled_at": None},
            "sent": {"sent_at__isnull": False},
            "cancelled": {"cancelled_at__isnull": False},
        }
        return queryset.filter(**chosen.get(self.value(), {}))


@admin.register(ScheduledEmail)
class ScheduledEmailAdmin(DeclaredLookups, admin.ModelAdmin):
    """A read-only list. The job in `advisors.jobs` plans, queues and cancels these emails."""

    change_list_template = "admin/advisors/scheduledemail/change_list.html"
    list_display = ("occasion", "recipient", "about", "due_at", "state")
    list_filter = (StateFilter, "occasion")
    list_select_related = ("recipient", "email", "review__submission__revision", "submission__revision")
    list_per_page = 50
    search_fields = ("recipient__name", "submission__revision__title")
    ordering = ("-due_at", "-pk")
    actions = None
    fields = readonly_fields = ("occasion", "recipient", "about", "due_at", "state", "the_email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ScheduledEmail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScheduledEmail | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ScheduledEmail]":
        return with_last_error(super().get_queryset(request), email="email")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("emails/", view(self.samples), name="advisors_email_samples"),
            path("emails/<slug:name>/", view(self.sample), name="advisors_email_sample"),
            path("emails/<slug:name>/html/", view(self.sample_html), name="advisors_email_sample_html"),
            *super().get_urls(),
        ]

    def samples(self, request: HttpRequest) -> HttpResponse:
        """List the kinds of email that the site sends. Raise PermissionDenied if the user may not view the list."""
        self._allow(request)
        rows = sorted((str(sample[0]), name) for name, sample in sending.SAMPLES.items())
        return _page(request, self, "list", title=gettext("How the emails read"), rows=rows)

    def sample(self, request: HttpRequest, name: str) -> HttpResponse:
        """Show one kind of email with sample data: the subject, the text, and the HTML in a frame.

        Raise Http404 for an unknown name, and PermissionDenied if the user may not view the list.
        """
        occasion, (subject, text, _) = self._rendered(request, name)
        return _page(request, self, "sample", title=occasion, name=name, subject=subject, text=text)

    def sample_html(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Return the HTML of a sample as a separate page, for the frame of `sample`.

        Its content security policy allows no scripts and no requests. Raise Http404 for an unknown name, and
        PermissionDenied if the user may not view the list.
        """
        return _html(request, self._rendered(request, name)[1][2])

    def _rendered(self, request: HttpRequest, name: str) -> tuple[str, tuple[str, str, str]]:
        self._allow(request)
        if name not in sending.SAMPLES:
            raise Http404
        occasion, context = sending.SAMPLES[name]
        return str(occasion), sending.render(name, context())

    def _allow(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    @admin.display(description=_("about"))
    def about(self, scheduled: ScheduledEmail) -> str:
        submission = scheduled.submission or (scheduled.review and scheduled.review.submission)
        return submission.revision.title if submission else "–"

    @admin.display(description=_("state"))
    def state(self, scheduled: "WithAnnotations[ScheduledEmail, LastError]") -> str:
        """Return the state in words: of the email in the outbox if it is still there, else of this row."""
        if scheduled.email:
            return state_of(scheduled.email, scheduled.last_error, scheduled.last_error_type)
        if scheduled.sent_at:
            return gettext("queued %(when)s") % {"when": times.moment(scheduled.sent_at)}
        if scheduled.cancelled_at:
            return gettext("called off %(when)s") % {"when": times.moment(scheduled.cancelled_at)}
        return gettext("not queued yet")

    @admin.display(description=_("email"))
    def the_email(self, scheduled: ScheduledEmail) -> str:
        if scheduled.email is None:
            return "–"
        address = reverse("admin:post_office_email_change", args=[scheduled.email_id])
        return format_html('<a href="{}">{}</a>', address, scheduled.email.subject)


@require_safe
def _page(request: HttpRequest, page_admin: ScheduledEmailAdmin, template: str, **context: object) -> HttpResponse:
    everything = {**page_admin.admin_site.each_context(request), "opts": page_admin.opts, **context}
    return render(request, f"admin/advisors/scheduledemail/{template}.html", everything)


@require_safe
@with_csp("EMAIL")
def _html(request: HttpRequest, html: str) -> HttpResponse:
    return HttpResponse(html)
