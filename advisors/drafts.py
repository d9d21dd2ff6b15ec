"""Drafts of advisors: what somebody has typed at the review desk and not sent yet, saved as it is typed.

Only the advisor can read a draft. It is deleted when the verdict is given. If a round ends without a verdict, the draft
stays readable on the page of the review, and its texts are copied into the draft of the next round.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from advisors import outcomes, review_steps
from advisors.models import Response, Review, ReviewDraft
from articles.exceptions import InvalidTransition
from core.text import has_words

# The texts that are copied into the draft of the next round. Choices are not: each round is answered anew.
CARRIED = ("passage", "text", "suggestion", "remarks")


class DraftConflict(InvalidTransition):
    """Raised when another window or device has saved the draft since this page was loaded; `draft` is that draft."""

    def __init__(self, draft: ReviewDraft) -> None:
        super().__init__(gettext("This review was changed in another window or on another device."))
        self.draft = draft


def version_of(draft: ReviewDraft | None) -> str:
    """Return the version of a draft, which a page sends back when it saves; an empty string if there is no draft."""
    return draft.saved_at.isoformat() if draft else ""


def draft_of(review: Review) -> ReviewDraft | None:
    """Return the draft of this review, or None. One query."""
    return ReviewDraft.objects.filter(review=review).first()


def save(*, review: Review, actor: User, typed: Mapping[str, str], seen: str) -> ReviewDraft:
    """Replace the draft of a review. `seen` is the version that the page was loaded with (`version_of`).

    Texts that arrive after the end of the round are saved too, for the draft of the next round. Raises DraftConflict if
    the draft was saved elsewhere since, NotPermitted for somebody else's review, and InvalidTransition if the verdict
    was given, the review was declined, or the advisor has been asked about a newer revision.
    """
    with transaction.atomic():
        review = review_steps.lock(review, actor)
        if review.verdict or review.response == Response.DECLINED:
            raise InvalidTransition(outcomes.why_closed(review))
        if not review.is_waiting and Review.objects.after(review).exists():
            raise InvalidTransition(gettext("You have been asked about a newer revision: open it from your desk."))
        before = ReviewDraft.objects.select_for_update().filter(review=review).first()
        if before is not None and seen != version_of(before) and before.typed != dict(typed):
            raise DraftConflict(before)
        draft, _ = ReviewDraft.objects.update_or_create(
            review=review, defaults={"typed": dict(typed), "saved_at": _now(before)}
        )
        return draft


def carry_over(review: Review) -> ReviewDraft | None:
    """Copy the texts of the advisor's draft from the previous round into the draft of a new review, and return it.

    Return None if there are no texts to copy.
    """
    before = Review.objects.before(review).select_related("draft").first()
    draft = getattr(before, "draft", None)
    typed = draft.typed if draft else {}
    words = {name: said for name, said in typed.items() if name in CARRIED or name.startswith("reply_")}
    if not any(map(has_words, words.values())):
        return None
    return ReviewDraft.objects.create(review=review, typed=words, saved_at=timezone.now(), carried_from=before)


def remove_fields(*, review: Review, names: set[str]) -> None:
    """Remove fields from a draft, because their words have been sent."""
    draft = draft_of(review)
    if draft is not None and names & set(draft.typed):
        draft.typed = {name: words for name, words in draft.typed.items() if name not in names}
        draft.saved_at = _now(draft)
        draft.save(update_fields=["typed", "saved_at"])


def _now(before: ReviewDraft | None) -> datetime:
    """Return the current time, but never one before the draft was last saved."""
    now = timezone.now()
    return max(now, before.saved_at) if before else now
