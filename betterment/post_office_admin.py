"""The queue of letters in the admin: a superuser looks at what waits and why, and may try again
what was given up.

django-post-office's own pages are taken down: they let whoever may write templates run them, and send letters again.
Imported by the room whose admin shows the letters.
"""

from importlib import import_module

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from post_office.models import STATUS, Attachment, Email, EmailTemplate, Log

from betterment import times
from betterment.admin_lookups import DeclaredLookups

import_module("post_office.admin")  # registers its own, which would otherwise come after ours

for model in (Attachment, Email, EmailTemplate, Log):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Email)
class QueuedLetterAdmin(DeclaredLookups, admin.ModelAdmin):
    """No letter is changed here, and superusers alone see them: letters are addressed to somebody else."""

    change_form_template = "admin/change_form.html"  # not its own, which has a button to send again
    list_display = ("pk", "address", "subject", "status", "number_of_retries", "scheduled_time", "created")
    list_display_links = ("pk", "subject")
    list_filter = ("status",)
    list_per_page = 50
    search_fields = ("to", "subject")
    ordering = ("-pk",)
    fields = (
        *("from_email", "address", "subject", "status", "number_of_retries", "scheduled_time", "created"),
        *("message_id", "words", "troubles"),
    )
    readonly_fields = fields
    actions = ("try_again",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Email | None = None) -> bool:
        return False

    @admin.action(description="Try again those that were given up", permissions=["view"])
    def try_again(self, request: HttpRequest, chosen: "QuerySet[Email]") -> None:
        """Back into the queue; what was sent stays sent, what waits goes on waiting."""
        back = chosen.filter(status=STATUS.failed).update(
            status=STATUS.queued, number_of_retries=0, scheduled_time=None
        )
        messages.success(request, f"{back} of {len(chosen)} will be tried again.")

    @admin.display(description="to")
    def address(self, row: Email) -> str:
        return ", ".join(row.to)

    @admin.display(description="text")
    def words(self, row: Email) -> str:
        return format_html("<pre>{}</pre>", row.message)

    @admin.display(description="what went wrong")
    def troubles(self, row: Email) -> str:
        said = [f"{times.moment(log.date)} {log.exception_type}: {log.message}" for log in row.logs.order_by("pk")]
        return format_html("<pre>{}</pre>", "\n".join(said) or "Nothing.")
