"""The admin pages of queued and sent emails: editors read them, and superusers retry those that failed.

The admin pages of django-post-office are unregistered, because they would run templates typed in by a user, and send
any email again. advisors.admin imports this module, because its admin pages link to the emails.
"""

from importlib import import_module

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from post_office.models import STATUS, Attachment, Email, EmailTemplate, Log

from core import times
from core.admin.lookups import DeclaredLookups
from core.http import with_csp
from core.paging import BoundedPaginator
from core.text import whole_number
from mail.states import STATES, redacted, state_of, with_last_error, with_recipient_name

import_module("post_office.admin")  # registers its own pages, which would otherwise replace ours

for model in (Attachment, Email, EmailTemplate, Log):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

MAX_PEOPLE = 100  # the number of people that a search by name considers


class EmailStateFilter(admin.SimpleListFilter):
    """Filter emails by their state (mail.states.STATES)."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, (label, *conditions) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Email]") -> "QuerySet[Email]":
        state = self.value()
        return queryset.filter(**STATES[state][1]) if state in STATES else queryset


@admin.register(Email)
class QueuedEmailAdmin(DeclaredLookups, admin.ModelAdmin):
    """Read-only pages of emails. Links that give access are removed from the text, for superusers as well."""

    change_list_template = "admin/post_office/email/change_list.html"
    change_form_template = "admin/change_form.html"  # not django-post-office's, which has a button to send again
    list_display = ("subject", "recipient", "queued_at", "state")
    list_filter = (EmailStateFilter,)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    search_fields = ("to", "subject")
    search_help_text = _("A person's name or address, or words of the subject.")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("subject", "recipient", "queued_at", "state", "files", "html", "words")}),
        (_("For whoever looks after the mail server"), {"fields": ("from_email", "message_id", "troubles")}),
    )
    readonly_fields = (
        *("subject", "recipient", "queued_at", "state", "files", "html", "words"),
        *("from_email", "message_id", "troubles"),
    )
    actions = ("try_again",)

    class Media:
        css = {"all": ("css/emails.css",)}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return request.user.has_perm("post_office.view_email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Return whether this user may queue failed emails again."""
        return request.user.is_active and request.user.is_superuser

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Email]":
        return with_recipient_name(
            with_last_error(super().get_queryset(request)), get_user_model()._default_manager.all()
        )

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Email]", search_term: str
    ) -> "tuple[QuerySet[Email], bool]":
        """Return the emails that match by subject, by email address, or by the name of the user who has that address.

        Also return, as Django's method does, whether there may be duplicates.
        """
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            people = get_user_model()._default_manager.filter(name__icontains=search_term.strip())
            addresses = list(people.values_list("email", flat=True)[:MAX_PEOPLE])
            found = queryset.filter(Q(pk__in=found.order_by().values("pk")) | Q(to__in=addresses))
        return found, has_duplicates

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.html_view)
        return [path("<path:object_id>/html/", view, name="post_office_email_html"), *super().get_urls()]

    def html_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Return the HTML of an email as a page whose content security policy forbids scripts and requests.

        Raise PermissionDenied for users who may not read emails, and Http404 if there is no such email.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        email = Email.objects.filter(pk=whole_number(object_id)).first()
        if email is None:
            raise Http404("There is no such email.")
        return _html(request, redacted(email)[1])

    @admin.action(description=_("Try again those that failed"), permissions=["retry"])
    def try_again(self, request: HttpRequest, chosen: "QuerySet[Email]") -> None:
        """Queue again the selected emails that have failed, unless they no longer have a recipient."""
        failed = Email.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)), status=STATUS.failed)
        count = failed.exclude(to="").update(status=STATUS.queued, number_of_retries=0, scheduled_time=None)
        messages.success(
            request, gettext("%(count)s of %(chosen)s will be tried again.") % {"count": count, "chosen": len(chosen)}
        )

    @admin.display(description=_("to"))
    def recipient(self, email: Email) -> str:
        addresses = ", ".join(email.to)
        return f"{email.recipient_name} <{addresses}>" if email.recipient_name else addresses

    @admin.display(description=_("queued"), ordering="created")
    def queued_at(self, email: Email) -> str:
        return times.moment(email.created)

    @admin.display(description=_("state"))
    def state(self, email: Email) -> str:
        return state_of(email, email.last_error, email.last_error_type)

    @admin.display(description=_("files"))
    def files(self, email: Email) -> str:
        return ", ".join(name for name, *_ in (email.context or {}).get("attachments", [])) or "–"

    @admin.display(description=_("text"))
    def words(self, email: Email) -> str:
        return format_html('<pre class="email-words" tabindex="0">{}</pre>', redacted(email)[0])

    @admin.display(description="HTML")
    def html(self, email: Email) -> str:
        if not email.html_message:
            return "–"
        address = reverse("admin:post_office_email_html", args=[email.pk])
        frame = '<iframe class="email-html" sandbox="" title="{}" src="{}"></iframe>'
        return format_html(frame, gettext("The email as HTML"), address)

    @admin.display(description=_("what went wrong"))
    def troubles(self, email: Email) -> str:
        errors = [f"{times.moment(log.date)} {log.exception_type}: {log.message}" for log in email.logs.order_by("pk")]
        return format_html('<pre class="email-words">{}</pre>', "\n".join(errors) or gettext("Nothing."))


@require_safe
@with_csp("EMAIL")
def _html(request: HttpRequest, html: str) -> HttpResponse:
    return HttpResponse(html)
