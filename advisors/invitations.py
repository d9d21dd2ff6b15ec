"""Tokens that open one review to its advisor without a password: made for a letter, kept as a hash.

A token ends when the advisor declines, when the round closes before their verdict, and when it runs out. After the
verdict it goes on opening the review to be read; nothing can be done there, since a verdict is frozen.
"""

import hashlib
import secrets
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from advisors.models import Review, ReviewToken
from articles.models import Submission
from betterment import mail

TOKEN_BYTES = 32
DAYS_AFTER_DUE, LEAST_DAYS = 7, 14
NOTED_AT_MOST_EVERY = timedelta(minutes=1)


def token_hash(raw: str) -> str:
    """What is kept of a token and what it is looked up by, so that no answer takes longer for a better guess."""
    return hashlib.sha256(raw.encode(errors="replace")).hexdigest()


def issue(review: Review) -> str:
    """A new token for a review, which is known to nobody afterwards. It lasts until a week after the due date, and for
    two weeks at least."""
    now = timezone.now()
    last_day = review.submission.due_on + timedelta(days=DAYS_AFTER_DUE + 1)
    after_due = datetime.combine(last_day, time.min, timezone.get_current_timezone())
    raw = secrets.token_urlsafe(TOKEN_BYTES)
    ReviewToken.objects.create(
        review=review,
        token_hash=token_hash(raw),
        made_at=now,
        expires_at=max(after_due, now + timedelta(days=LEAST_DAYS)),
    )
    return raw


def find(raw: str) -> ReviewToken | None:
    """The token if it opens its review now, and its advisor is still on the board.

    The same hash and the same query whatever it is given.
    """
    tokens = ReviewToken.objects.good().select_related(
        "review__advisor__user", "review__submission__revision", "review__submission__article"
    )
    return tokens.filter(
        token_hash=token_hash(raw), review__advisor__is_active=True, review__advisor__user__is_active=True
    ).first()


def note_use(token: ReviewToken) -> None:
    """Note that this token let somebody in, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at <= now - NOTED_AT_MOST_EVERY:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_AT_MOST_EVERY)
        ReviewToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now


def revoke(review: Review) -> int:
    """End every token of a review; returns how many were open."""
    return review.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


def revoke_unanswered(submission: Submission) -> int:
    """End the tokens of those who gave no verdict in a round that is over; returns how many were open."""
    left = ReviewToken.objects.filter(review__submission=submission, review__verdict="", revoked_at=None)
    return left.update(revoked_at=timezone.now())


@mail.fills("review_token")
def token_for_a_letter(review_id: int) -> str:
    """A token for a letter that is about to leave. Raises mail.NotWanted where nothing is asked any more."""
    review = Review.objects.select_related("submission").get(pk=review_id)
    if not review.is_waiting:
        raise mail.NotWanted("This review is asked for no more: it was answered, or the round is over.")
    return issue(review)
