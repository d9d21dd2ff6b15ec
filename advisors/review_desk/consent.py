"""The page on which advisors give or withdraw their consent to be named."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from advisors.models import NameConsent
from advisors.personal_data import consents
from advisors.review_desk.access import advisor_of, guarded
from articles.exceptions import InvalidTransition
from core.paging import page_or_404

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def consent(request: HttpRequest) -> HttpResponse:
    """Show the consent with its history (GET), or give or withdraw it (POST, `answer` “give” or “withdraw”).

    A refused answer is shown with status 409; respond 400 to any other answer. Raise Http404 for a page of the history
    that does not exist.
    """
    advisor, refused = advisor_of(request), ""
    answer = request.POST.get("answer") if request.method == "POST" else None
    if request.method == "POST" and answer not in ("give", "withdraw"):
        return HttpResponseBadRequest(_("Give the consent, or withdraw it."))
    if answer:
        try:
            if answer == "withdraw":
                consents.withdraw(advisor=advisor, actor=advisor.user)
                said = _("Withdrawn. What you have not signed yet will not show your name.")
            else:
                consents.give(advisor=advisor, actor=advisor.user, digest=request.POST.get("consent_to", ""))
                said = _("Thank you. Your consent is on record.")
        except InvalidTransition as error:
            refused = str(error)
        else:
            messages.success(request, said)
            return redirect("board:consent")
    words = consents.current_words()
    context = {
        "advisor": advisor,
        "given": consents.in_force(advisor),
        "words": words,
        "digest": consents.digest_of(words),
        "page": page_or_404(request, NameConsent.objects.filter(advisor=advisor), PER_PAGE),
        "refused": refused,
    }
    return render(request, "advisors/consent.html", context, status=409 if refused else 200)
