"""Sentences that tell an advisor why a review can no longer be given."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advisors.models import Response, Review
from articles.models import Outcome, Submission
from core import times

NOTHING_MORE = gettext_lazy("You need not do anything more.")


def why_closed(review: Review) -> str:
    """Return a sentence saying why this review can no longer be given, or an empty string if it can."""
    if review.is_waiting:
        return ""
    if review.verdict:
        return _("You have given your verdict, and it cannot be changed.")
    if review.response == Response.DECLINED:
        return _("You have declined this review.")
    if review.release_reason:
        released = _("The editors released you from this review on %(day)s.") % {"day": times.day(review.released_at)}
        return f"{released} {NOTHING_MORE}"
    return f"{how_it_ended(review.submission)} {NOTHING_MORE}"


def how_it_ended(submission: Submission) -> str:
    """Return a sentence saying how and on which day a round ended that is no longer open."""
    if submission.outcome == Outcome.APPROVED:
        said = _("The board approved this revision on %(day)s.")
    elif submission.outcome == Outcome.RECALLED:
        said = _("The text was taken back from the board on %(day)s.")
    else:
        said = _("Changes were requested on %(day)s, so this revision will not be approved.")
    return said % {"day": times.day(submission.closed_at)}


def can_reopen(review: Review) -> bool:
    """Return whether the advisor can undo a refusal: they have declined, and the round is still open."""
    return review.response == Response.DECLINED and review.submission.is_open
