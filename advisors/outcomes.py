"""Sentences that tell an advisor why a review can no longer be given, and why an approval does not count."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advisors.models import Conflict, Response, Review, Verdict
from advisors.quorum.standing import WhyNot, why_not_counted
from articles.models import Outcome, Submission
from core import times

NOTHING_MORE = gettext_lazy("You need not do anything more.")
# The other reasons are not told at the desk: the page says so of a conflict, and an editor settles the rest.
NOT_COUNTED = {
    WhyNot.NOT_VOUCHED: gettext_lazy(
        "It is on record, and counts as soon as an editor has vouched for who you are. The editors see that it waits "
        "for this; you need not do anything."
    ),
    WhyNot.SIGNED_BEFORE: gettext_lazy(
        "Your name or address has changed since you gave it, and no editor had vouched for the earlier one. It can "
        "count if you take it back below and give it again."
    ),
    WhyNot.NOT_NAMED: gettext_lazy("It does not count while you do not agree to be named."),
    WhyNot.OF_THE_TEXT: gettext_lazy("It does not count, because you have written or edited this text."),
}


def why_closed(review: Review) -> str:
    """Return a sentence saying why this review can no longer be given, or an empty string if it can."""
    if review.is_waiting:
        return ""
    if review.taken_back_at:
        return _("You took this verdict back on %(day)s. Your new answer has a page of its own.") % {
            "day": times.day(review.taken_back_at)
        }
    if review.verdict:
        if not why_final(review):
            return _("You have given your verdict. To change it, take it back first.")
        return _("You have given your verdict, and it cannot be changed.")
    if review.response == Response.DECLINED:
        return _("You have declined this review.")
    if review.release_reason:
        released = _("The editors released you from this review on %(day)s.") % {"day": times.day(review.released_at)}
        return f"{released} {NOTHING_MORE}"
    return f"{how_it_ended(review.submission)} {NOTHING_MORE}"


def why_final(review: Review) -> str:
    """Return a sentence that says why this verdict cannot be taken back, or an empty string if it can."""
    if review.verdict == Verdict.CHANGES and review.conflict == Conflict.NONE:
        return _("A request for changes decides the round at once, so it cannot be taken back.")
    if not review.submission.is_open:
        return _("The round has been decided, so its verdicts stand.")
    return ""


def why_not_yet(review: Review) -> str:
    """Return a sentence that tells the advisor why their approval does not count in the open round, or an empty string.

    Makes no query for anything but an approval in an open round.
    """
    if review.verdict != Verdict.APPROVE:
        return ""
    found = why_not_counted(review.submission).get(review.pk)
    return str(NOT_COUNTED.get(found.why, "")) if found else ""


def how_it_ended(submission: Submission) -> str:
    """Return a sentence that says how a closed round ended, and on which day."""
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
