"""Subscribers in the admin. Editors can view, export, unsubscribe and erase them, but not add or change them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin.lookups import DeclaredLookups
from newsletter import exports, subscribing
from newsletter.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(DeclaredLookups, admin.ModelAdmin):
    """The list of subscribers. Each of its actions needs its own permission."""

    list_display = ("address", "state", "asked_at", "confirmed_at", "unsubscribed_at", "consent_version")
    list_filter = ("state", "consent_version")
    search_fields = ("address",)
    list_per_page = 50
    actions = ["unsubscribe", "erase", "export"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: only the subscribers themselves can consent."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        """Return False: a subscription changes only through `newsletter.subscribing`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        """Return False: unlike the action `erase`, plain deletion would not suppress later emails to the address."""
        return False

    def has_unsubscribe_permission(self, request: HttpRequest) -> bool:
        """Return whether this user may end subscriptions."""
        return request.user.has_perm("newsletter.unsubscribe_subscriber")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Return whether this user may erase subscribers."""
        return request.user.has_perm("newsletter.erase_subscriber")

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether this user may export the list."""
        return request.user.has_perm("newsletter.export_subscriber")

    @admin.action(description=_("Unsubscribe"), permissions=["unsubscribe"])
    def unsubscribe(self, request: HttpRequest, chosen: QuerySet) -> None:
        """End these subscriptions, and delete the ones that were never confirmed."""
        ended = sum(subscribing.unsubscribe(digest=digest) for digest in list(chosen.values_list("digest", flat=True)))
        self.message_user(request, gettext("%(ended)s unsubscribed.") % {"ended": ended}, messages.SUCCESS)

    @admin.action(description=_("Erase…"), permissions=["erase"])
    def erase(self, request: HttpRequest, chosen: QuerySet) -> HttpResponse | None:
        """Show a page that asks for confirmation, or erase these subscribers if the editor has confirmed.

        A keyed hash of each address is stored, so that a restored backup cannot make the site email the address again.
        """
        if "sure" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": gettext("Erase subscribers"),
                "chosen": chosen,
                "opts": self.opts,
                "media": self.media,
            }
            return render(request, "admin/newsletter/subscriber/erase.html", context)
        everybody = list(chosen)
        self.log_deletions(request, everybody)  # the log contains their keys, not their addresses
        for subscriber in everybody:
            subscribing.erase(subscriber)
        self.message_user(
            request, gettext("%(count)s erased. Their addresses are kept as hashes only.") % {"count": len(everybody)}
        )
        return None

    @admin.action(description=_("Export those who receive it as CSV"), permissions=["export"])
    def export(self, request: HttpRequest, chosen: QuerySet) -> StreamingHttpResponse:
        """Return a streamed CSV file with those of the selected subscribers who receive the newsletter."""
        rows = exports.lines(chosen.receiving().iterator(chunk_size=1000))
        response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="newsletter.csv"'
        return response
