"""Whether a review can still be given, and the reason where it cannot, in a sentence for its advisor."""

from advisors.models import Response, Review
from articles.models import Outcome, Submission
from core import times

NOTHING_MORE = "Nothing more is asked of you."


def why_closed(review: Review) -> str:
    """Return in a sentence why this review can no longer be given; empty where it can."""
    if review.is_waiting:
        return ""
    if review.verdict:
        return "You have given your verdict: it stands as it is."
    if review.response == Response.DECLINED:
        return "You have declined this review."
    if review.release_reason:
        return f"The editors released you from this review on {times.day(review.released_at)}. {NOTHING_MORE}"
    return f"{how_it_ended(review.submission)} {NOTHING_MORE}"


def how_it_ended(submission: Submission) -> str:
    """Return in a sentence how a round that is no longer open ended."""
    if submission.outcome == Outcome.APPROVED:
        return f"The board approved this revision on {times.day(submission.closed_at)}."
    if submission.outcome == Outcome.RECALLED:
        return f"The text was taken back from the board on {times.day(submission.closed_at)}."
    return f"Changes were requested on {times.day(submission.closed_at)}, so this revision will not be approved."


def can_reopen(review: Review) -> bool:
    """Return whether the advisor can undo a refusal: they declined, and the round is still open."""
    return review.response == Response.DECLINED and review.submission.is_open
