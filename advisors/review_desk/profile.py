"""The pages for an advisor's profile and for the yearly disclosure with the questions of the ICMJE's form."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from advisors import disclosures
from advisors.profiles.changes import by_others
from advisors.profiles.editing import update_profile
from advisors.review_desk.access import advisor_of, guarded
from advisors.review_desk.forms import ProfileForm, interest_forms
from articles.exceptions import InvalidTransition
from core import times
from core.paging import page_or_404

CHANGES_PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def disclosure(request: HttpRequest) -> HttpResponse:
    """Show the questions with the answers of the latest disclosure (GET), or record new answers (POST).

    The answers are valid for a year from today. An incomplete form is shown again with status 400.
    """
    advisor = advisor_of(request)
    last = advisor.disclosures.first()
    questions = interest_forms(last, request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and all(form.is_valid() for form in questions):
        interests = {form.question: form.interest() for form in questions}
        try:
            made = disclosures.disclose(advisor=advisor, actor=advisor.user, interests=interests)
        except InvalidTransition as error:
            refused = str(error)
        else:
            said = _("Thank you. Your disclosure is valid until %(day)s.") % {"day": times.day(made.valid_until)}
            messages.success(request, said)
            return redirect("board:desk")
    elif request.method == "POST":
        refused = _("Some questions are not answered yet. They are marked below.")
    context = {"advisor": advisor, "questions": questions, "last": last, "refused": refused}
    return render(request, "advisors/disclosure.html", context, status=400 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def profile(request: HttpRequest) -> HttpResponse:
    """Show and save the part of the profile that the advisor can edit; respond 400 to invalid values.

    The page also lists what others changed since the advisor first signed. Raise Http404 for an unknown page of that.
    """
    advisor = advisor_of(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=advisor)
    if request.method == "POST" and form.is_valid():
        update_profile(advisor=advisor, actor=advisor.user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("board:desk")
    refused = _("Something is not valid. It is marked below.") if request.method == "POST" else ""
    changes = page_or_404(request, by_others(advisor), CHANGES_PER_PAGE)
    context = {"advisor": advisor, "form": form, "refused": refused, "changes": changes}
    return render(request, "advisors/profile.html", context, status=400 if refused else 200)
