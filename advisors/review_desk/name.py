"""The page on which an advisor asks to be shown under another name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from advisors.review_desk.access import advisor_of, guarded
from articles.exceptions import InvalidTransition
from articles.models import NameChange
from articles.names import changes


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def name(request: HttpRequest) -> HttpResponse:
    """Show the advisor's name (GET); ask for another one, or take the request back with `take_back` (POST).

    A refusal is shown with status 409, or 400 if no name was typed.
    """
    advisor, refused = advisor_of(request), ""
    if request.method == "POST":
        try:
            if "take_back" in request.POST:
                while change := NameChange.objects.waiting().filter(asked_by=advisor.user).first():
                    changes.decline(change=change, actor=advisor.user)
                said = _("Taken back. Your name stays as it is.")
            else:
                changes.ask(person=advisor.user, actor=advisor.user, name=request.POST.get("name", ""))
                said = _("Thank you. An editor confirms it, and then readers see your new name everywhere.")
        except InvalidTransition as error:
            refused = str(error)
        else:
            messages.success(request, said)
            return redirect("board:name")
    typed = request.POST.get("name", "")
    waiting = NameChange.objects.waiting().filter(asked_by=advisor.user).select_related("before", "after")
    context = {"advisor": advisor, "waiting": list(waiting), "typed": typed, "refused": refused}
    refusal = 409 if typed else 400  # a conflict with what is stored, or an empty form
    return render(request, "advisors/name.html", context, status=refusal if refused else 200)
