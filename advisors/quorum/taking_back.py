"""Taking back a mistaken verdict, which its advisor may do until the board has decided.

The verdict stays stored with its signature and no longer counts. The advisor's next answer is another review in the
same round, whose draft has what they wrote. The log of the article and an email tell the editors; readers never see a
verdict that did not count.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from advisors import outcomes, review_steps
from advisors.models import Conflict, Review, ReviewDraft, Verdict
from advisors.quorum import emails
from advisors.quorum.standing import standing
from articles.exceptions import InvalidTransition
from articles.round_changes.taken_back import take_back_verdict
from core import times


def take_back(*, review: Review, actor: User) -> Review:
    """Take back a verdict, and return the new review in which the advisor can answer again.

    What they wrote becomes the draft of the new review, but not the verdict itself, which they have to choose again.
    The editors get one email. If the verdict has been taken back already, return the review that replaced it and do
    nothing. Raise NotPermitted for anybody but the review's advisor and for one who has left the board, and
    InvalidTransition without a verdict or once the round has been decided.
    """
    with transaction.atomic():
        review = review_steps.lock(review, actor)
        if review.taken_back_at:
            return Review.objects.of_the_request(review).get()
        if not review.verdict:
            raise InvalidTransition(_("You have not given a verdict in this round, so there is nothing to take back."))
        if final := outcomes.why_final(review):
            raise InvalidTransition(final)
        entry = take_back_verdict(submission=review.submission, actor=actor, verdict=_in_words(review))
        review.taken_back_at = entry.at
        review.save(update_fields=["taken_back_at"])
        anew = Review.objects.create(
            submission=review.submission,
            advisor=review.advisor,
            advisor_name=review.advisor_name,
            invited_by_id=review.invited_by_id,
            invited_at=review.invited_at,
            response=review.response,
            responded_at=review.responded_at,
        )
        ReviewDraft.objects.create(review=anew, typed=_typed(review), saved_at=entry.at)
        emails.editors_taken_back(review, standing(review.submission).in_words)
        return anew


def _in_words(review: Review) -> str:
    """Return a description of the verdict that was taken back, for the log, which is never translated."""
    verdict = "approval" if review.verdict == Verdict.APPROVE else "request for changes"
    conflict = ", with a conflict of interest" if review.conflict == Conflict.DECLARED else ""
    return f"The {verdict} of {times.moment(review.verdict_at)}{conflict}."


def _typed(review: Review) -> dict[str, str]:
    """Return the fields of the draft with what the advisor wrote, except the verdict."""
    typed = {
        "conflict": review.conflict,
        "statement": review.conflict_statement,
        "remarks": review.remarks,
        "remarks_shown": review.remarks_shown,
    }
    for answer in review.ticks.all():
        typed |= {f"tick_{answer.item_id}": answer.answer, f"words_{answer.item_id}": answer.words}
    return {name: words for name, words in typed.items() if words}
