"""The pages to ask for another name of an author, and those on which editors confirm name changes."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.sessions import signed_in
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, NameChange, NameChangeDecision
from articles.names import changes
from core import times
from core.admin import dashboard
from core.admin.dashboard import Panel, PanelRow, count_of
from core.paging import page_or_404

PER_PAGE, ROWS = 50, 6


class NameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=120)


class ConfirmForm(forms.Form):
    how = forms.CharField(
        label=_("How have you checked that it is the same person?"),
        help_text=_("For example: “called the number on the institute’s website”. Do not ask why they change it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns of the pages. `view` wraps a view with the admin's permission check."""
    return [
        path("names/", view(waiting), name="articles_names"),
        path("names/<int:change_id>/", view(decide), name="articles_name_decide"),
        path("<int:object_id>/name/", view(ask), name="articles_author_name"),
    ]


@dashboard.add
def panels(user: User) -> list[Panel]:
    """Return the panel of name changes that wait for an editor, or no panel."""
    if not user.has_perm("articles.edit_all_articles"):
        return []
    requests = NameChange.objects.waiting().select_related("before", "after").order_by("asked_at", "pk")
    rows = [
        PanelRow(str(change), reverse("admin:articles_name_decide", args=[change.pk]), times.day(change.asked_at))
        for change in requests[:ROWS]
    ]
    if not rows:
        return []
    return [
        Panel(gettext("Names to confirm"), count_of(requests, len(rows), ROWS), reverse("admin:articles_names"), rows)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, object_id: int) -> HttpResponse:
    """Show the author's name (GET), or ask for another one (POST).

    An invalid form is shown again with status 400, and a refusal with status 409.

    Raise PermissionDenied for anybody but the author or, if the author has no account, an editor, and Http404 for an
    unknown author.
    """
    author = get_object_or_404(Author.objects.select_related("user"), pk=object_id)
    person, actor = author.user or author, signed_in(request)
    if not changes.may_ask(actor, person):
        raise PermissionDenied
    form, refused, status = NameForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            changes.ask(person=person, actor=actor, name=form.cleaned_data["name"])
        except InvalidTransition as error:
            refused, status = str(error), 409
        else:
            messages.success(request, gettext("Recorded. Another editor or an administrator confirms it."))
            return redirect("admin:index")
    elif request.method == "POST":
        status = 400
    title = gettext("Another name for %(author)s") % {"author": author}
    context = {"title": title, "opts": Author._meta, "author": author, "form": form, "refused": refused}
    context["may_change"] = actor.has_perm("articles.change_author")
    return _page(request, "admin/articles/author/ask_name.html", context, status)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List the name changes that wait for an editor, PER_PAGE on a page.

    Raise PermissionDenied for anybody but an editor, and Http404 for a page that does not exist.
    """
    _must_be_editor(request)
    rows = NameChange.objects.waiting().select_related("before", "after", "asked_by").order_by("asked_at", "pk")
    context = {"title": gettext("Names to confirm"), "opts": Author._meta, "page": page_or_404(request, rows, PER_PAGE)}
    return _page(request, "admin/articles/author/names.html", context, 200)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, change_id: int) -> HttpResponse:
    """Show a name change that waits (GET), or confirm or decline it (POST, `answer` “confirm” or “decline”) and
    redirect.

    A refused answer is shown with status 403 if the user cannot confirm the change, 400 without a reason, and 409 if
    the change cannot be made. If somebody has decided already, the page says who, when and how, with status 410 (GET),
    or 409 and what was typed (POST).

    Raise PermissionDenied for anybody but an editor, and Http404 for an unknown change.
    """
    _must_be_editor(request)
    rows = NameChange.objects.select_related(
        "before__account", "before__author__user", "before__shown_as", "after__account"
    )
    change, actor = get_object_or_404(rows.select_related("asked_by"), pk=change_id), signed_in(request)
    if ended := _ended(request, change):
        return ended
    refused = changes.refusal(change, actor)
    status = 403 if refused and request.method == "POST" else 200
    form = ConfirmForm(request.POST or None)
    is_declined = request.POST.get("answer") == "decline"
    if request.method == "POST" and (is_declined or (not refused and form.is_valid())):
        try:
            if is_declined:
                changes.decline(change=change, actor=actor, how=request.POST.get("how", "")[:500])
                said = gettext("Declined. The name stays as it is.")
            else:
                changes.confirm(change=change, actor=actor, how=form.cleaned_data["how"])
                said = gettext("Confirmed. Readers see the new name everywhere.")
        except (InvalidTransition, NotPermitted) as error:
            if ended := _ended(request, change):
                return ended
            refused, status = str(error), 409
        else:
            messages.success(request, said)
            return redirect("admin:articles_names")
    elif request.method == "POST" and not refused:
        status = 400
    names = [one.before.name for one in changes.request_of(change)] or [change.before.name]
    title = gettext("Confirm a name")
    context = {"title": title, "opts": Author._meta, "change": change, "names": names, "form": form}
    return _page(request, "admin/articles/author/decide_name.html", {**context, "refused": refused}, status)


def _ended(request: HttpRequest, change: NameChange) -> HttpResponse | None:
    """Return the page that says how the change was decided and shows what was typed, or None if it waits.

    The page shows no former name.
    """
    decision = NameChangeDecision.objects.filter(change=change).select_related("decided_by").first()
    if decision is None:
        return None
    is_post = request.method == "POST"
    context = {"title": gettext("This name has been decided on"), "opts": Author._meta, "decision": decision}
    context |= {"change": change, "is_taken_back": not decision.is_confirmed and decision.decided_by == change.asked_by}
    context |= {"typed": request.POST.get("how", "")[:500].strip() if is_post else "", "is_post": is_post}
    return _page(request, "admin/articles/author/decided_name.html", context, 409 if is_post else 410)


def _must_be_editor(request: HttpRequest) -> None:
    if not signed_in(request).has_perm("articles.edit_all_articles"):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)
