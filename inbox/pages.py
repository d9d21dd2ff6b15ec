"""The inbox of whoever is signed in: what they were told, and how they want to be told."""

from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import User
from accounts.sessions import signed_in
from core.admin import search
from core.admin.search import SearchedPage
from core.paging import page_or_404
from core.text import whole_number
from inbox import preferences
from inbox.events import events
from inbox.models import Delivery, Notification

PER_PAGE = 30
MOST_COUNTED = 99


class PreferencesForm(forms.Form):
    """A form with one field for each event, for how a person wants to be told of it."""

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's form has them
        present = preferences.preferences_of(user)
        for event in events():
            self.fields[event.name] = forms.ChoiceField(
                label=str(event.label), choices=Delivery.choices, initial=present[event.name]
            )


def paths(site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns of the inbox for the admin site, which shows them to everybody who may enter it."""
    view = site.admin_view
    return [
        path("inbox/", view(partial(inbox, site=site)), name="inbox"),
        path("inbox/unread/", view(never_cache(require_GET(unread))), name="inbox_unread"),
        path("inbox/read/", view(require_POST(mark_as_read)), name="inbox_read"),
        path("inbox/preferences/", view(partial(choose, site=site)), name="inbox_preferences"),
        path("inbox/<int:pk>/open/", view(require_safe(open_page)), name="inbox_open"),
    ]


def inbox(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Return a page of the person's notifications, the newest first."""
    own = own_notifications(request)
    page = page_or_404(request, own.select_related("actor"), PER_PAGE)
    context = {
        **site.each_context(request),
        "title": gettext("Inbox"),
        "page": page,
        "newest": page.object_list[0].pk if page.object_list else 0,
        "unread": own.filter(read_at=None).exists(),
    }
    return TemplateResponse(request, "admin/inbox/inbox.html", context)


def choose(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Return the page on which a person chooses how to be told of each event, or store what they chose."""
    user = signed_in(request)
    form = PreferencesForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        preferences.prefer(user, {name: Delivery(delivery) for name, delivery in form.cleaned_data.items()})
        messages.success(request, gettext("Saved."))
        return HttpResponseRedirect(reverse("admin:inbox_preferences"))
    context = {
        **site.each_context(request),
        "title": gettext("How you are told"),
        "form": form,
        "address": user.email,
    }
    return TemplateResponse(request, "admin/inbox/preferences.html", context)


def own_notifications(request: HttpRequest) -> "QuerySet[Notification]":
    """Return the notifications of whoever is signed in, the newest first."""
    return Notification.objects.filter(recipient=signed_in(request)).order_by("-pk")


def unread(request: HttpRequest) -> HttpResponse:
    """Return the number of the person's unread notifications as JSON: as a page shows it, and in words.

    Both are empty if there are none, and “99+” if there are more than MOST_COUNTED.
    """
    rows = own_notifications(request).order_by().filter(read_at=None)
    count = rows.values("pk")[: MOST_COUNTED + 1].count()
    shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
    return JsonResponse({"shown": shown, "said": gettext("%(count)s unread") % {"count": shown} if count else ""})


def mark_as_read(request: HttpRequest) -> HttpResponse:
    """Mark as read the person's notifications up to the one in `newest`, which they had seen; lead to the inbox."""
    seen = whole_number(request.POST.get("newest", "")) or 0
    own_notifications(request).filter(read_at=None, pk__lte=seen).update(read_at=timezone.now())
    return HttpResponseRedirect(reverse("admin:inbox"))


def open_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of the person's notifications as read, and lead to the page that it is about.

    Raise Http404 for a notification of somebody else.
    """
    row = get_object_or_404(own_notifications(request), pk=pk)
    Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
    return HttpResponseRedirect(row.path)


search.add_pages(
    SearchedPage(_("Inbox"), "admin:inbox", "", _("notifications told messages")),
    SearchedPage(_("How you are told"), "admin:inbox_preferences", "", _("email preferences digest")),
)
