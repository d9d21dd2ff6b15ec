"""The page on which an editor chooses the reviewers of an article. It lists the board, the best candidates first."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.sessions import signed_in
from advisors import panel, panel_choices
from advisors.models import Advisor, Conflict, PanelMember, Response
from articles.exceptions import InvalidTransition
from articles.models import Article
from articles.review_terms import terms_in_force
from core.text import whole_number


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL pattern of the page. `view` wraps a view with the admin's permission check."""
    return [path("for/<int:article_id>/", view(choose), name="advisors_advisor_choose")]


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the page, or add (`put`) or remove (`off`) the advisor whose primary key is posted, and redirect.

    If this is refused, show the page with the reason and status 409. Raise PermissionDenied for anybody but an editor,
    and Http404 for an unknown article or advisor.
    """
    if not panel.may_decide(signed_in(request)):
        raise PermissionDenied
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            messages.success(request, _apply(request, article))
            return _back(request, article)
        except InvalidTransition as error:
            refused = str(error)
    context = {
        **admin.site.each_context(request),
        "title": _("Choose reviewers: %(article)s") % {"article": article},
        "opts": Article._meta,
        "article": article,
        "candidates": panel_choices.candidates(article),
        "terms": terms_in_force(article),
        "conflicted": panel.reviews_of_open_round(article).filter(conflict=Conflict.DECLARED).exclude(verdict=""),
        "declined": panel.reviews_of_open_round(article).filter(response=Response.DECLINED),
        "refused": refused,
    }
    return render(request, "admin/advisors/panel/choose.html", context, status=409 if refused else 200)


def _back(request: HttpRequest, article: Article) -> HttpResponse:
    """Return a redirect to the page whose button was pressed: the dashboard, the article's panel, or this page."""
    match request.POST.get("back"):
        case "start":
            return redirect("admin:index")
        case "article":
            return redirect("admin:articles_article_change", article.pk)
        case _:
            return redirect("admin:advisors_advisor_choose", article.pk)


def _apply(request: HttpRequest, article: Article) -> str:
    """Add or remove the posted advisor, and return a sentence that reports this.

    Raise InvalidTransition if the advisor cannot be added or removed, and Http404 for an unknown advisor.
    """
    verb = "put" if "put" in request.POST else "off"
    advisor = get_object_or_404(Advisor, pk=whole_number(request.POST.get(verb)))
    if verb == "off":
        was_proposed = PanelMember.objects.waiting().filter(article=article, advisor=advisor).exists()
        panel.take_off(article=article, advisor=advisor, actor=signed_in(request))
        said = _("You turned down %(advisor)s.") if was_proposed else _("You removed %(advisor)s from the reviewers.")
        return said % {"advisor": advisor}
    asked = {review.advisor_id for review in panel.assign(article=article, advisor=advisor, actor=signed_in(request))}
    if advisor.pk in asked:
        said = _("%(advisor)s is a reviewer now and has been asked.")
    elif article.submissions.open().exists():
        said = _("%(advisor)s is a reviewer, and was asked in this round already.")
    else:
        said = _("%(advisor)s is a reviewer now, and will be asked when the text is next submitted.")
    return said % {"advisor": advisor}
