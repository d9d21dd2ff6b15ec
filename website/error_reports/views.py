"""The “Report an error” form for readers. It uses no cookie and no CSRF token, so that caches may store its page.

A CSRF token protects a session, and this form has none: a forged request could do no more than anybody can do by
filling in the form. Requests from pages of other sites are refused (core.origins), and the number of requests is
limited (core.rate_limits).
"""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Publication
from core import origins
from core.http import with_csp
from core.public import public
from core.rate_limits import DAY, HOUR, content_length, network_of, take
from core.text import clean_prose
from mail.sending import BadAddress, plain_address
from website.error_reports import handling

LARGEST_FORM = 40_000  # bytes
FROM_A_NETWORK = 5  # an hour
ON_AN_ARTICLE = 40  # a day
TOO_LONG = _("This was too long. Please write it in fewer words.")
NOT_OURS = _("Please send the form from this page.")
CROWDED = _("There were many reports just now. Please try again in an hour: what you typed is still here.")


class ReportForm(forms.Form):
    """The form with a reader's message, the passage it is about, and an optional email address for an answer."""

    passage = forms.CharField(max_length=1000, required=False)
    message = forms.CharField(
        max_length=4000,
        error_messages={
            "required": _("Please say what is wrong."),
            "max_length": _("Please say it in 4,000 characters or fewer."),
        },
    )
    address = forms.CharField(max_length=254, required=False)

    def clean_passage(self) -> str:
        return clean_prose(self.cleaned_data["passage"])

    def clean_message(self) -> str:
        message = clean_prose(self.cleaned_data["message"])
        if not message:
            raise forms.ValidationError(gettext("Please say what is wrong."), code="required")
        return message

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if not address:
            return ""
        try:
            return plain_address(address)
        except BadAddress as error:
            raise forms.ValidationError(
                gettext("This does not look like an e-mail address. Please check it, or leave it out."),
                code="address",
            ) from error


# The page is cached, so it has no CSRF token. There is no session to protect, and core.origins refuses other sites.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@with_csp("PUBLIC")
@public(max_age=60, parameters=())
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form on GET; on POST, store the report and redirect to its confirmation.

    The response does not reveal whether the report was a duplicate. Respond 400 to an invalid form, 403 to a request
    from another site, 413 to a form of more than LARGEST_FORM bytes, and 429 if there have been too many reports. Raise
    Http404 if readers cannot open the article now.
    """
    publication = _publication(slug)
    if request.method != "POST":
        return _page(request, publication, slug)
    # Both checks come before any of the body is read.
    if content_length(request) > LARGEST_FORM:
        return _page(request, publication, slug, problem=TOO_LONG, status=413)
    if not origins.is_same_origin(request):
        return _page(request, publication, slug, problem=NOT_OURS, status=403)
    sent_to = HttpResponseRedirect(reverse("website:report_sent", args=[slug]), status=303)
    if request.POST.get("homepage"):  # a hidden field that only bots fill in
        return sent_to
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, publication, slug, form, status=400)
    within = take("report network", network_of(request), FROM_A_NETWORK, HOUR)
    if not within or not take("report article", slug, ON_AN_ARTICLE, DAY):
        return _page(request, publication, slug, form, problem=CROWDED, status=429)
    handling.receive(publication=publication, **form.cleaned_data)
    return sent_to


@require_safe
@with_csp("PUBLIC")
@public(max_age=60, parameters=())
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm that a report was received. Raise Http404 for an article that readers cannot open now."""
    return render(request, "website/report_sent.html", {"publication": _publication(slug), "slug": slug})


def _publication(slug: str) -> Publication:
    """Return the publication that readers see under this slug, without its body. Raise Http404 if there is none."""
    rows = Publication.objects.visible().select_related("approval__revision").filter(article__slug=slug)
    found = rows.defer("approval__revision__body", "approval__revision__safety_note").first()
    if found is None:
        raise Http404("No such article.")
    return found


def _page(
    request: HttpRequest,
    publication: Publication,
    slug: str,
    form: ReportForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"publication": publication, "slug": slug, "form": form or ReportForm(), "problem": problem}
    return render(request, "website/report_form.html", context, status=status)
