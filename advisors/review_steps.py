"""The log of a review (refusals, releases, repeated invitations, requests for more time) and the effects of an entry.

This module also has the lock under which a review is changed. It is the lock of the article, as in the workflow, so
that two answers given at the same time are handled one after the other.
"""

from django.utils.translation import gettext as _

from accounts.models import User
from advisors import emails, outcomes, scheduled_emails
from advisors.models import Review, ReviewStep, ScheduledEmail, Step
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article


def lock(review: Review, actor: User) -> Review:
    """Lock the article, and return the review in its present state. Call this in a transaction.

    Raise NotPermitted for anybody but the review's advisor, and if the advisor has left the board.
    """
    Article.objects.select_for_update().get(pk=review.submission.article_id)
    rows = Review.with_taken_back.select_related("submission__revision", "submission__article", "advisor__user")
    review = rows.get(pk=review.pk)
    if review.advisor.user_id != actor.pk or not actor.is_active:
        raise NotPermitted(_("Somebody else was asked for this review. Nobody can give it for them."))
    if not review.advisor.is_active:
        raise NotPermitted(_("You are no longer on the board."))
    return review


def lock_open(review: Review, actor: User) -> Review:
    """Lock the article, and return the review in its present state. Call this in a transaction.

    Raise NotPermitted for anybody but the review's advisor and for one who has left the board, and InvalidTransition if
    the review can no longer be given.
    """
    review = lock(review, actor)
    if closed := outcomes.why_closed(review):
        raise InvalidTransition(closed)
    return review


def record(review: Review, step: Step, actor: User, words: str = "") -> ReviewStep:
    """Add an entry to the log of a review and return it; cancel or resume reminders and queue the email for this step.

    Call this in the transaction that changes the review. `words` is the text that `actor` wrote.
    """
    entry = ReviewStep.objects.create(
        review=review, step=step, by=actor, by_name=str(actor), due_on=review.submission.due_on, words=words
    )
    reminders = ScheduledEmail.objects.filter(review=review)
    match step:
        case Step.DECLINED:
            scheduled_emails.cancel(reminders)
            emails.editors_declined(review)
        case Step.REOPENED:
            scheduled_emails.resume(reminders)
            emails.editors_reopened(review)
        case Step.RELEASED:
            scheduled_emails.cancel(reminders)
            emails.released(review)
        case Step.ASKED_AGAIN:
            scheduled_emails.resume(reminders)
            scheduled_emails.send_invitation(review, f"invitation {review.pk} {entry.pk}")
        case Step.MORE_TIME:
            emails.editors_more_time(review)
    return entry
