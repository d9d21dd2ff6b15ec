"""The views for comments on the article and for replies in threads, on the review page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advisors import drafts, reviews, threads
from advisors.models import CommentState
from advisors.review_desk import side_panels
from advisors.review_desk.access import access_to, guarded
from advisors.review_desk.forms import CommentForm
from advisors.review_desk.review_page import page
from articles.exceptions import InvalidTransition

COMMENT = {"block", "start", "passage", "text", "suggestion"}


@require_POST
@guarded
def comment(request: HttpRequest, review_id: int) -> HttpResponse:
    """Add a comment on a passage, a block or the whole article.

    An invalid form is shown again with status 400, a refused one with status 409. Raise Http404 if the user who has
    signed in was not asked for this review.
    """
    here = access_to(request, review_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return page(request, here, remark=form, refused=_("The comment could not be saved as it is."), status=400)
    try:
        note = reviews.comment(review=here.review, actor=here.actor, **form.cleaned_data)
    except InvalidTransition as error:
        return page(request, here, remark=form, refused=str(error), status=409)
    drafts.remove_fields(review=here.review, names=COMMENT)
    messages.success(request, _("Comment saved: the writer can read it now."))
    return _back(request, review_id, note.pk)


@require_POST
@guarded
def thread(request: HttpRequest, review_id: int, comment_id: int) -> HttpResponse:
    """Reply in a thread, or mark its comment as resolved or open again.

    A refused reply is shown with status 409. Raise Http404 if this user was not asked for the review, or if its page
    does not show the thread.
    """
    here = access_to(request, review_id)
    now, earlier = side_panels.visible_threads(here.review)
    found = next((row for row in (*now, *earlier) if row.comment.pk == comment_id), None)
    if found is None:
        raise Http404("No such thread here.")
    state, text = request.POST.get("state", ""), request.POST.get("text", "")
    try:
        if state in CommentState.values:
            threads.mark(comment=found.comment, actor=here.actor, state=CommentState(state))
        else:
            threads.reply(comment=found.comment, actor=here.actor, text=text)
            drafts.remove_fields(review=here.review, names={f"reply_{comment_id}"})
    except InvalidTransition as error:
        return page(request, here, answer=(comment_id, text), refused=str(error), status=409)
    return _back(request, review_id, comment_id)


def _back(request: HttpRequest, review_id: int, comment_id: int) -> HttpResponse:
    """Redirect to this thread on the page of the review, in the view that was open."""
    view = request.POST.get("view")
    query = f"?view={view}" if view in ("changes", "whole") else ""
    return redirect(f"{reverse('board:review', args=[review_id])}{query}#thread{comment_id}")
