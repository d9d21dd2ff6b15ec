"""The page on which an editor vouches for an advisor's identity."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.sessions import signed_in
from advisors import panel
from advisors.models import Advisor
from advisors.quorum import vouching
from articles.exceptions import InvalidTransition, NotPermitted


class VouchForm(forms.Form):
    how = forms.CharField(
        label=_("How have you checked who they are?"),
        help_text=_("For example: “called the number on the institute’s website”, “met at the congress in May”."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL pattern of the page. `view` wraps a view with the admin's permission check."""
    return [path("<int:object_id>/vouch/", view(vouch), name="advisors_vouch")]


@require_http_methods(["GET", "HEAD", "POST"])
def vouch(request: HttpRequest, object_id: int) -> HttpResponse:
    """Show who the advisor claims to be and who has vouched for them (GET), or record a vouch (POST).

    If it is refused, show the page again with the reason: status 403 if the user may not vouch for this advisor, 409
    if the advisor has changed since the page was opened, 400 for other reasons. Raise PermissionDenied for anybody but
    an editor, and Http404 for an unknown advisor.
    """
    if not panel.may_decide(signed_in(request)):
        raise PermissionDenied
    advisor = get_object_or_404(Advisor.objects.select_related("user", "added_by"), pk=object_id)
    refused = vouching.refusal(advisor, signed_in(request))
    status = 403 if refused else 200
    form = VouchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not refused:
        if request.POST.get("seen") != vouching.identity(advisor):
            refused = gettext(
                "Somebody has changed the name, account or address since you opened this page. Check again."
            )
            status = 409
        elif form.is_valid():
            try:
                vouching.vouch(advisor=advisor, actor=signed_in(request), how=form.cleaned_data["how"])
            except (InvalidTransition, NotPermitted) as error:
                refused, status = str(error), 400
            else:
                said = gettext("Recorded: you vouch for %(advisor)s. Their verdicts count now.")
                messages.success(request, said % {"advisor": advisor})
                return redirect("admin:advisors_advisor_change", advisor.pk)
        else:
            status = 400
    context = {
        **admin.site.each_context(request),
        "title": gettext("Vouch for %(advisor)s") % {"advisor": advisor},
        "opts": Advisor._meta,
        "advisor": advisor,
        "identity": vouching.identity(advisor),
        "vouches": advisor.vouches.select_related("signed_name__shown_as")[:20],
        "form": form,
        "refused": refused,
    }
    return render(request, "admin/advisors/advisor/vouch.html", context, status=status)
