"""Corrections of accounts in the admin: the list, the page on which an editor asks, and the page of each request."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.sessions import signed_in
from advisors.admin.account_search import ROUTE_NAME, AccountChoiceField, AccountSearchView
from advisors.admin.decision_pages import Answers, Decided, DecisionPagesAdmin, decide
from advisors.corrections import asking, deciding
from advisors.models import AccountCorrection, Advisor, Corrected
from articles.exceptions import InvalidTransition
from articles.models import Author
from core.text import whole_number

# For each kind of correction, the field that names what is corrected and the field that says how.
FIELDS = {
    Corrected.ADVISOR: ("advisor", "new_account"),
    Corrected.AUTHOR: ("author", "new_account"),
    Corrected.ADDRESS: ("account", "new_address"),
}


def _choice(field: str, model: type[Model], **words: Any) -> forms.ModelChoiceField:
    """Return an autocompleting field for a row of `model`; `field` is the name of the AccountCorrection field it fills.

    `words` are its `label` and `help_text`.
    """
    return forms.ModelChoiceField(
        model._default_manager.all(),
        required=False,
        widget=AutocompleteSelect(AccountCorrection._meta.get_field(field), admin.site),
        **words,
    )


class AskForm(forms.Form):
    """The form to ask for a correction: what is wrong, what is right, and why."""

    corrected = forms.ChoiceField(label=_("What is wrong?"), choices=Corrected, widget=forms.RadioSelect)
    advisor = _choice("advisor", Advisor, label=_("Advisor"), help_text=_("If the account of an advisor is wrong."))
    author = _choice("author", Author, label=_("Author"), help_text=_("If the account of an author is wrong."))
    account = AccountChoiceField(
        "old_account", label=_("Account"), help_text=_("If the email address of an account is wrong.")
    )
    new_account = AccountChoiceField(
        "new_account", label=_("Right account"), help_text=_("For an advisor or an author.")
    )
    new_address = forms.EmailField(label=_("Right address"), required=False, help_text=_("For an account."))
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For example: “she has left the institute and no longer reads that address”."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        kind = cleaned.get("corrected")
        for name in FIELDS[Corrected(kind)] if isinstance(kind, str) and kind in Corrected else ():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError(_("This is needed for that correction."), code="required"))
        return cleaned

    @property
    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """Return each field with the kinds of correction that it belongs to, separated by spaces; "" for all kinds."""
        return [(field, " ".join(kind for kind, names in FIELDS.items() if field.name in names)) for field in self]

    def ask(self, actor: User) -> AccountCorrection:
        """Ask for the correction that the valid form describes, and return the request.

        Raise NotPermitted if `actor` may not ask or one of the accounts is theirs, and InvalidTransition if the
        correction is not possible (advisors.corrections.asking).
        """
        given, kind = self.cleaned_data, self.cleaned_data["corrected"]
        subject, reason = given[FIELDS[kind][0]], given["reason"]
        if kind == Corrected.ADDRESS:
            return asking.ask_for_address(account=subject, new_address=given["new_address"], reason=reason, actor=actor)
        return asking.ask_for_account(subject=subject, new_account=given["new_account"], reason=reason, actor=actor)


class DecisionForm(forms.Form):
    words = forms.CharField(
        label=_("How have you made sure, or why is it withdrawn?"),
        help_text=_("For example: “mail to that address comes back; she called from the institute’s number”."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.register(AccountCorrection)
class AccountCorrectionAdmin(DecisionPagesAdmin):
    """The requests for corrections, the newest first. Each has a page on which an administrator may confirm it."""

    change_list_template = "admin/advisors/accountcorrection/change_list.html"
    list_display = ("what", "corrected", "who_asked", "asked_at", "state")
    list_filter = ("corrected", "outcome__ended")
    search_fields = ("old_address", "new_address", "asked_by__name")
    list_select_related = ("advisor", "author", "old_account", "outcome")

    def get_urls(self) -> list[URLPattern]:
        return [*paths(self.admin_site.admin_view), *super().get_urls()]

    def decision_page(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show the request (GET), or confirm or withdraw it (POST, `answer` “confirm” or “withdraw”).

        Raise Http404 for an unknown request.
        """
        return correction_page(request, number)

    @admin.display(description=_("correction"))
    def what(self, correction: AccountCorrection) -> str:
        return str(correction)

    @admin.display(description=_("asked by"), ordering="asked_by_name")
    def who_asked(self, correction: AccountCorrection) -> str:
        return correction.asked_by_shown

    @admin.display(description=_("state"))
    def state(self, correction: AccountCorrection) -> str:
        """Return how the request ended, or that it is waiting."""
        if hasattr(correction, "outcome"):
            return correction.outcome.get_ended_display()
        return gettext("to be confirmed") if correction.is_waiting else gettext("not confirmed in time")


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns for asking and for finding accounts. `view` wraps a view with the admin's check."""
    return [
        path("ask/", view(ask), name="advisors_accountcorrection_ask"),
        path("ask/accounts/", view(AccountSearchView.as_view()), name=ROUTE_NAME),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form (GET; the query may name an `advisor`, `author` or `account`), or ask for a correction (POST).

    A refused request is shown with the reason and status 400. Raise PermissionDenied for anybody but an editor.
    """
    actor, refused = signed_in(request), ""
    if not asking.may_ask(actor):
        raise PermissionDenied
    if request.method == "POST":
        form = AskForm(request.POST)
        if form.is_valid():
            try:
                correction = form.ask(actor)
            except InvalidTransition as error:
                refused = str(error)
            else:
                said = gettext("An email to %(address)s asks to confirm it. Nothing changes until then.")
                messages.success(request, said % {"address": correction.confirm_address})
                return redirect("admin:advisors_accountcorrection_change", correction.pk)
    else:
        form = AskForm(initial=_named(request))
    context = {
        **admin.site.each_context(request),
        "title": gettext("Ask for a correction"),
        "opts": AccountCorrection._meta,
        "form": form,
        "media": form.media,
        "refused": refused,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "admin/advisors/accountcorrection/ask.html", context, status=status)


def _named(request: HttpRequest) -> dict[str, object]:
    """Return the initial values of the form for what the query names."""
    for kind, (name, _how) in FIELDS.items():
        if (number := whole_number(request.GET.get(name))) is not None:
            return {"corrected": kind, name: number}
    return {}


@require_http_methods(["GET", "HEAD", "POST"])
def correction_page(request: HttpRequest, object_id: int) -> HttpResponse:
    """Show a request with its outcome (GET), or confirm it as an administrator, or withdraw it (POST).

    A refusal is shown with status 403 if the user may not do it, otherwise 400. Raise Http404 for an unknown request.
    """
    actor, decided = signed_in(request), Decided(status=200)
    rows: QuerySet[AccountCorrection] = AccountCorrection.objects.select_related(
        "advisor", "author", "old_account", "new_account", "asked_by", "outcome"
    )
    correction = get_object_or_404(rows, pk=object_id)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        answers: Answers = {
            "confirm": (
                lambda words: deciding.confirm_as_administrator(correction=correction, actor=actor, how=words),
                gettext("Corrected. The old address has been told."),
            ),
            "withdraw": (
                lambda words: deciding.withdraw(correction=correction, actor=actor, reason=words),
                gettext("Withdrawn. The old address has been told."),
            ),
        }
        decided = decide(request, form, answers, gettext("Confirm it, or withdraw it."))
    if decided.is_done:
        return redirect("admin:advisors_accountcorrection_change", correction.pk)
    context = {
        **admin.site.each_context(request),
        "title": str(correction),
        "opts": AccountCorrection._meta,
        "correction": correction,
        "outcome": getattr(correction, "outcome", None),
        "form": form,
        "why_not": deciding.why_not_administrator(correction, actor),
        "may_withdraw": asking.may_ask(actor),
        "refused": decided.refused,
    }
    return render(request, "admin/advisors/accountcorrection/page.html", context, status=decided.status)
