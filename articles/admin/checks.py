"""Views for the panel of editorial checks: check the text in the form, and store writers' answers to warnings."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.sessions import signed_in
from articles import waivers
from articles.admin.editing_session import article_for
from articles.admin.readiness_list import readiness_list, shown_with_list
from articles.exceptions import InvalidTransition
from articles.forms import AnswerForm
from articles.models import Article
from articles.readiness import draft_from, findings, with_answers
from articles.typed_article import typed_article
from checks import preflight
from checks.preflight import Draft, Finding, Level
from products.models import Product


@require_POST
def typed(request: HttpRequest, object_id: str | None = None) -> HttpResponse:
    """Return the findings on the posted form as HTML.

    Raise Http404 if the user may not edit the article or, for a new one, without the permission to change articles.
    """
    article = article_for(signed_in(request), object_id) if object_id else None
    if not request.user.has_perm("articles.change_article"):
        raise Http404
    draft, found = _checked(request.POST, article, signed_in(request))
    listed = readiness_list(article, draft, found) if draft else None
    context = {"findings": shown_with_list(found, listed), "readiness": listed, "original": article}
    return render(request, "admin/articles/article/_checks.html", context)


@require_POST
def answer(request: HttpRequest, object_id: str) -> HttpResponse:
    """Store an answer to one warning (a waiver), or take the answer back (`take_back`).

    The panel's script also posts the article's form, so that a warning about unsaved text can be answered; otherwise
    the warning is looked up in the stored text. The script gets 204, or 409 with the reason; a browser without the
    script is redirected to the form. Raise Http404 if the user may not edit the article.
    """
    user = signed_in(request)
    article = article_for(user, object_id)
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidTransition(" ".join(str(error) for errors in form.errors.values() for error in errors))
        if "take_back" in request.POST:
            waivers.take_back(article=article, actor=user, mark=form.cleaned_data["mark"])
        else:
            finding = _named(form.cleaned_data["mark"], request.POST, article, user)
            reason, until = form.cleaned_data["reason"], form.cleaned_data["until"]
            waivers.waive(article=article, actor=user, finding=finding, reason=reason, until=until)
    except InvalidTransition as error:
        if request.headers.get("X-Panel"):
            return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
    if request.headers.get("X-Panel"):
        return HttpResponse(status=204)
    return redirect("admin:articles_article_change", article.pk)


def _checked(data: QueryDict, article: Article | None, actor: User) -> tuple[Draft | None, list[Finding]]:
    """Return the draft in the posted form, and all findings on it with any answers.

    If the form is invalid, there is no draft, and one of the findings is a blocker that says so (STR05).
    """
    draft = None
    try:
        draft = typed_draft(data, article, actor)
        found = preflight.run(draft)
    except ValidationError as error:
        found = [
            Finding("STR05", Level.BLOCKER, " ".join(error.messages), _("The checks can read the text after that."))
        ]
    return draft, with_answers(found, article, None) if article else found


def _named(mark: str, data: QueryDict, article: Article, actor: User) -> Finding:
    """Return the finding with this mark in the text, posted or stored. Raise InvalidTransition if there is none."""
    found = _checked(data, article, actor)[1] if "body" in data else findings(article, article.head())
    for finding in found:
        if finding.mark == mark:
            return finding
    raise InvalidTransition(_("The checks no longer give this warning for the text as it is now."))


def typed_draft(data: QueryDict, article: Article | None, actor: User) -> Draft:
    """Return the posted article as the Draft that the checks read.

    The panel's script posts whether there is a picture (`has_hero`), because a chosen picture may not be uploaded yet.
    Raise ValidationError, by field, for HTML that is too large or too deep, and for text that is far too long.
    """
    typed = typed_article(data, article=article, actor=actor)
    draft = draft_from(
        typed.content,
        authors=[author.name for author in typed.authors],
        sources=typed.sources,
        topics=typed.topics,
        products=typed.products(Product.objects.prefetch_related("topics")),
    )
    return replace(draft, hero=bool(data.get("has_hero")))
