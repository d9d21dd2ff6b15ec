"""Actions of the board's panel beside an article's form: threads, suggested wording, remarks, links to a review.

Each action has its own form and redirects to the article. If an action is refused, the response is a page with status
409 that gives the reason and the typed text.
"""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.sessions import signed_in
from advisors import links, panel, remarks, threads
from advisors.models import Comment, CommentState, Review
from articles.exceptions import InvalidTransition
from articles.models import Article
from articles.permissions import may
from core.text import whole_number

MESSAGES = {
    "reply": _("Your answer is below the comment."),
    "resolve": _("Resolved."),
    "reopen": _("Open again."),
    "take": _("The wording is in the text, as a new revision."),
}


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns. `view` wraps a view with the admin's permission check."""
    return [
        path("thread/<int:comment_id>/<slug:step>/", view(thread), name="advisors_advisor_thread"),
        path("link/<int:review_id>/<slug:step>/", view(link), name="advisors_advisor_link"),
        path("release/<int:review_id>/", view(release), name="advisors_advisor_release"),
        path("remarks/<int:review_id>/withhold/", view(withhold), name="advisors_advisor_withhold"),
    ]


@require_POST
def thread(request: HttpRequest, comment_id: int, step: str) -> HttpResponse:
    """Perform one action (`step`, a key of MESSAGES) on a thread, and redirect; if it is refused, respond with 409.

    Raise Http404 for an unknown action or comment, and if the user may not edit the article.
    """
    if step not in MESSAGES:
        raise Http404
    comments = Comment.objects.select_related("review__submission__article")
    comment = comments.filter(pk=comment_id).first()
    if comment is None:
        raise Http404
    article = comment.review.submission.article
    typed = request.POST.get("text", "")
    steps = {
        "reply": lambda: threads.reply(comment=comment, actor=signed_in(request), text=typed),
        "resolve": lambda: threads.mark(comment=comment, actor=signed_in(request), state=CommentState.RESOLVED),
        "reopen": lambda: threads.mark(comment=comment, actor=signed_in(request), state=CommentState.OPEN),
        "take": lambda: threads.take(comment=comment, actor=signed_in(request), seen_version=_version(request)),
    }
    return _act(request, article, steps[step], str(MESSAGES[step]), typed)


@require_POST
def link(request: HttpRequest, review_id: int, step: str) -> HttpResponse:
    """Send an advisor a new link (`step` “send”) or revoke their links (“end”), and redirect; 409 if this is refused.

    Raise Http404 for an unknown action or review, and if the user may not edit the article.
    """
    steps = {
        "send": (links.send_link, gettext("An email with a new link is on its way. Earlier links no longer work.")),
        "end": (links.end_links, gettext("Their links no longer work. They can still sign in.")),
    }
    review = Review.with_taken_back.select_related("submission__article").filter(pk=review_id).first()
    if step not in steps or review is None:
        raise Http404
    verb, said = steps[step]
    return _act(request, review.submission.article, lambda: verb(review=review, actor=signed_in(request)), said, "")


@require_POST
def release(request: HttpRequest, review_id: int) -> HttpResponse:
    """Release an advisor from this round, for the reason that was typed, and redirect; 409 if this is refused.

    Raise Http404 for an unknown review, and if the user may not edit the article.
    """
    review = Review.with_taken_back.select_related("submission__article").filter(pk=review_id).first()
    if review is None:
        raise Http404
    typed = request.POST.get("text", "")
    return _act(
        request,
        review.submission.article,
        lambda: panel.release(review=review, actor=signed_in(request), reason=typed),
        gettext(
            "%(advisor)s is released, and gets an email with the reason. You can ask somebody else, or ask them again."
        )
        % {"advisor": review.advisor_shown},
        typed,
    )


@require_POST
def withhold(request: HttpRequest, review_id: int) -> HttpResponse:
    """Withhold an advisor's remarks from readers, for the reason that was typed, and redirect; 409 if this is refused.

    Raise Http404 for an unknown review, and if the user may not edit the article.
    """
    review = Review.with_taken_back.select_related("submission__article").filter(pk=review_id).first()
    if review is None:
        raise Http404
    typed = request.POST.get("text", "")
    return _act(
        request,
        review.submission.article,
        lambda: remarks.withhold(review=review, actor=signed_in(request), reason=typed),
        gettext("Withheld: readers no longer see these remarks."),
        typed,
    )


def _act(request: HttpRequest, article: Article, act: Callable, said: str, typed: str) -> HttpResponse:
    """Call `act` and redirect to the article with the message `said`.

    If `act` is refused, return a page with status 409 that gives the reason and repeats the text that was typed. Raise
    Http404 if the user may not edit the article.
    """
    if not may(signed_in(request), "edit", article):
        raise Http404
    back = f"{reverse('admin:articles_article_change', args=[article.pk])}#board"
    try:
        act()
    except InvalidTransition as error:
        context = {
            **admin.site.each_context(request),
            "title": gettext("This could not be done"),
            "article": article,
            "refused": str(error),
            "typed": typed,
            "back": back,
        }
        return render(request, "admin/advisors/panel/refused.html", context, status=409)
    messages.success(request, said)
    return redirect(back)


def _version(request: HttpRequest) -> int:
    """Return the version of the working copy that the page showed, or -1 (never a version) if none was sent."""
    typed = whole_number(request.POST.get("seen_version"))
    return -1 if typed is None else typed
