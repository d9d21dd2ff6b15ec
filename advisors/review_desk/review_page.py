"""The review page: the article as readers will see it and, beside it, everything that a verdict needs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from advisors import disclosures, drafts, invitation_reasons, outcomes
from advisors.models import Response, Review, Step
from advisors.passages import words_of_blocks, words_of_parts
from advisors.quorum import vouching
from advisors.review_desk import changes, link_accesses, side_panels
from advisors.review_desk.access import ReviewAccess, access_to, guarded
from advisors.review_desk.forms import CommentForm, DeclineForm, VerdictForm, draft_words
from articles.models import Revision
from articles.pages import page_of
from core.db.own_fields import own_field

VIEWS = ("changes", "whole")


@require_safe
@guarded
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show the page of one review, with the advisor's draft. Redirect if its verdict was taken back.

    Raise Http404 if the user who has signed in was not asked for this review.
    """
    here = access_to(request, review_id)
    if here.review.pk != review_id:
        return redirect("board:review", here.review.pk)
    return page(request, here)


def page(
    request: HttpRequest,
    here: ReviewAccess,
    *,
    form: VerdictForm | None = None,
    remark: CommentForm | None = None,
    decline: DeclineForm | None = None,
    answer: tuple[int, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the review page. Bound forms repeat the typed text.

    `answer` is a reply that was refused, as a pair of the key of its thread and the text. `refused` is the reason why
    an action was refused.
    """
    review, submission = here.review, here.review.submission
    revision = submission.revision
    before = invitation_reasons.earlier_review(review)
    draft = None if review.verdict else drafts.draft_of(review)
    typed = draft.typed if draft else {}
    article = page_of(revision)
    now, earlier = side_panels.visible_threads(review)
    checked, answered = side_panels.checks(submission)
    has_changes = before is not None and before.revision.digest != revision.digest
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else "changes" if has_changes else "whole"
    if view == "changes" and not has_changes:
        view = "whole"
    context = {
        "review": review,
        "submission": submission,
        "by_token": here.by_token,
        "can_write": review.is_waiting and review.response == Response.ACCEPTED,
        "closed": "" if review.verdict else outcomes.why_closed(review),
        "why_not_yet": outcomes.why_not_yet(review),
        "is_unvouched": review.is_waiting and bool(vouching.without_vouch([review.advisor])),
        "why_final": outcomes.why_final(review) if review.verdict else "",
        "terms_changes": submission.terms_changes.all(),
        "taken_back": Review.with_taken_back.of_the_request(review).exclude(taken_back_at=None).order_by("pk"),
        "can_reopen": outcomes.can_reopen(review),
        "has_asked_for_time": _has_asked_for_time(review),
        "left": draft_words(typed) if draft and not review.is_waiting else [],
        "page": article,
        "sources": side_panels.sources(article, revision),
        "checked": checked,
        "answered": answered,
        "threads": now,
        "earlier": earlier,
        "how_many": len(now) + len(earlier),
        "still_open": side_panels.count_open([*now, *earlier]),
        "touching": disclosures.touching(review.advisor, submission.article) if review.is_waiting else [],
        "standing": disclosures.standing(review.advisor),
        "before": before,
        "why": invitation_reasons.reason_for(review, before),
        "view": view,
        "diff": changes.compared(before.revision, revision) if before is not None and view == "changes" else None,
        "form": form or VerdictForm(review, typed=typed),
        "remark": remark or CommentForm(initial=typed),
        "parts": _parts(revision) if review.is_waiting else [],
        "blocks": list(enumerate(words_of_blocks(revision.body))) if review.is_waiting else [],
        "others": invitation_reasons.other_advisors(review) if review.is_waiting else [],
        "decline": decline or DeclineForm(),
        "answer": answer,
        "typed": typed,
        "draft": draft,
        "draft_version": drafts.version_of(draft),
        "refused": refused,
        **link_accesses.latest_accesses(review),
    }
    return render(request, "advisors/review.html", context, status=status)


def _parts(revision: Revision) -> list[tuple[str, str]]:
    """Return (name of the field, its label followed by its text) for each part of the article besides the body."""
    words = words_of_parts(revision)
    labels = {name: own_field(Revision, name).verbose_name for name in words}
    return [(name, f"{labels[name][:1].upper()}{labels[name][1:]}: {text}") for name, text in words.items()]


def _has_asked_for_time(review: Review) -> bool:
    """Return whether the advisor has asked for a later due date and the due date has not changed since."""
    if not review.is_waiting:
        return False
    return review.steps.filter(step=Step.MORE_TIME, due_on=review.submission.due_on).exists()
