"""Tokens in emails that open one review to its advisor without a password. Only their hashes are stored.

A token is valid until it expires or an editor revokes it. After the verdict, a refusal or the end of the round it still
opens the review for reading: the state of the review, not the token, decides which actions are possible.
"""

import hashlib
import secrets
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from advisors import outcomes
from advisors.models import Review, ReviewToken
from articles.models import Submission
from mail import sending

TOKEN_BYTES = 32
DAYS_AFTER_DUE, LEAST_DAYS = 7, 14
RECORDED_AT_MOST_EVERY = timedelta(minutes=1)


def token_hash(raw: str) -> str:
    """Return the SHA-256 of a token in hexadecimal.

    Tokens are looked up by this hash, so that the duration of a look-up reveals nothing about stored tokens.
    """
    return hashlib.sha256(raw.encode(errors="replace")).hexdigest()


def issue(review: Review, sent_to: str = "") -> str:
    """Create a token for a review and return it. It cannot be read again later, because only its hash is stored.

    `sent_to` is the address to which it is sent, by default that of the advisor's account. The token is valid until a
    week after the due date, and for at least two weeks.
    """
    now = timezone.now()
    raw = secrets.token_urlsafe(TOKEN_BYTES)
    ReviewToken.objects.create(
        review=review,
        token_hash=token_hash(raw),
        sent_to=sent_to or review.advisor.user.email,
        made_at=now,
        expires_at=max(_after_due(review.submission), now + timedelta(days=LEAST_DAYS)),
    )
    return raw


def _after_due(submission: Submission) -> datetime:
    """Return the aware time at which the seventh day after the due date ends, in the newsroom's time zone."""
    last_day = submission.due_on + timedelta(days=DAYS_AFTER_DUE + 1)
    return datetime.combine(last_day, time.min, timezone.get_current_timezone())


def extend(submission: Submission) -> int:
    """Extend the valid tokens of a round whose due date has been put off; return the number extended."""
    until = _after_due(submission)
    tokens = ReviewToken.objects.good().filter(review__submission=submission, expires_at__lt=until)
    return tokens.update(expires_at=until)


def find(raw: str) -> ReviewToken | None:
    """Return the token if it is valid and its advisor is still active, else None. Always makes one query."""
    tokens = ReviewToken.objects.good().select_related(
        "review__advisor__user", "review__submission__revision", "review__submission__article"
    )
    return tokens.filter(
        token_hash=token_hash(raw), review__advisor__is_active=True, review__advisor__user__is_active=True
    ).first()


def record_use(token: ReviewToken) -> None:
    """Record that this token was used now, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at <= now - RECORDED_AT_MOST_EVERY:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - RECORDED_AT_MOST_EVERY)
        ReviewToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now


def revoke(review: Review) -> int:
    """Revoke every token that opens a review; return the number of tokens that were not revoked before."""
    return ReviewToken.objects.to(review).filter(revoked_at=None).update(revoked_at=timezone.now())


@sending.fills_placeholder("review_token")
def token_for_email(review_id: int, address: str) -> str:
    """Issue and return a token for an email that is being sent to this address.

    Raise EmailCancelled if the review can no longer be given.
    """
    review = Review.with_taken_back.select_related("submission", "advisor__user").get(pk=review_id)
    if review.taken_back_at:  # the token opens the review that replaced it
        review = Review.objects.select_related("submission", "advisor__user").of_the_request(review).get()
    if not review.is_waiting:
        raise sending.EmailCancelled(outcomes.why_closed(review))
    return issue(review, sent_to=address)
