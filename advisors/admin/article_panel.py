"""Actions of the board's panel beside an article's form: threads, wording, remarks, links to a review.

Each is a form of its own and returns to the article; where it is refused, what was typed is shown again.
"""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from advisors import links, panel, remarks, threads
from advisors.models import Comment, CommentState, Review
from articles.exceptions import InvalidTransition
from articles.models import Article
from articles.permissions import may
from core.text import whole_number

MESSAGES = {
    "reply": "Your answer stands under the comment.",
    "resolve": "Resolved.",
    "reopen": "Open again.",
    "take": "The wording is in the text, as a new revision.",
}


def paths(view: Callable) -> list[URLPattern]:
    """Return the addresses; `view` wraps a view with the admin's check of access."""
    return [
        path("thread/<int:comment_id>/<slug:step>/", view(thread), name="advisors_advisor_thread"),
        path("link/<int:review_id>/<slug:step>/", view(link), name="advisors_advisor_link"),
        path("release/<int:review_id>/", view(release), name="advisors_advisor_release"),
        path("remarks/<int:review_id>/withhold/", view(withhold), name="advisors_advisor_withhold"),
    ]


@require_POST
def thread(request: HttpRequest, comment_id: int, step: str) -> HttpResponse:
    """Do one step in a thread, for those who edit the article; 404 for others."""
    if step not in MESSAGES:
        raise Http404
    comments = Comment.objects.select_related("review__submission__article")
    comment = comments.filter(pk=comment_id).first()
    if comment is None:
        raise Http404
    article = comment.review.submission.article
    typed = request.POST.get("text", "")
    steps = {
        "reply": lambda: threads.reply(comment=comment, actor=request.user, text=typed),
        "resolve": lambda: threads.mark(comment=comment, actor=request.user, state=CommentState.RESOLVED),
        "reopen": lambda: threads.mark(comment=comment, actor=request.user, state=CommentState.OPEN),
        "take": lambda: threads.take(comment=comment, actor=request.user, seen_version=_version(request)),
    }
    return _act(request, article, steps[step], MESSAGES[step], typed)


@require_POST
def link(request: HttpRequest, review_id: int, step: str) -> HttpResponse:
    """Send an advisor a new link, or revoke their links."""
    steps = {
        "send": (links.send_link, "An email with a new link is on its way. Earlier links open nothing any more."),
        "end": (links.end_links, "Their links no longer work. They can still sign in."),
    }
    review = Review.objects.select_related("submission__article").filter(pk=review_id).first()
    if step not in steps or review is None:
        raise Http404
    verb, said = steps[step]
    return _act(request, review.submission.article, lambda: verb(review=review, actor=request.user), said, "")


@require_POST
def release(request: HttpRequest, review_id: int) -> HttpResponse:
    """Release an advisor from this round."""
    review = Review.objects.select_related("submission__article").filter(pk=review_id).first()
    if review is None:
        raise Http404
    typed = request.POST.get("text", "")
    return _act(
        request,
        review.submission.article,
        lambda: panel.release(review=review, actor=request.user, reason=typed),
        f"{review.advisor_name} is released, and told why. You can ask somebody else, or them again.",
        typed,
    )


@require_POST
def withhold(request: HttpRequest, review_id: int) -> HttpResponse:
    """Withhold remarks from readers."""
    review = Review.objects.select_related("submission__article").filter(pk=review_id).first()
    if review is None:
        raise Http404
    typed = request.POST.get("text", "")
    return _act(
        request,
        review.submission.article,
        lambda: remarks.withhold(review=review, actor=request.user, reason=typed),
        "Withheld: readers do not see these remarks any more.",
        typed,
    )


def _act(request: HttpRequest, article: Article, act: Callable, said: str, typed: str) -> HttpResponse:
    """Call `act` and redirect to the article; where it is refused, return a page with the reason and what was typed."""
    if not may(request.user, "edit", article):
        raise Http404
    back = f"{reverse('admin:articles_article_change', args=[article.pk])}#board"
    try:
        act()
    except InvalidTransition as error:
        context = {
            **admin.site.each_context(request),
            "title": "This could not be done",
            "article": article,
            "refused": str(error),
            "typed": typed,
            "back": back,
        }
        return render(request, "admin/advisors/panel/refused.html", context, status=409)
    messages.success(request, said)
    return redirect(back)


def _version(request: HttpRequest) -> int:
    """Return the version of the working copy that the page showed; -1, which never exists, where it is not a number."""
    typed = whole_number(request.POST.get("seen_version"))
    return -1 if typed is None else typed
