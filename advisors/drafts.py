"""Drafts of reviews: text that an advisor has typed at the review desk and not sent yet.

The page saves the draft while the advisor types, and only the advisor can read it. It is deleted when the verdict is
given. If a round ends without a verdict, the draft stays readable on the page of the review, and its texts are copied
to the draft of the next round.
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

# The texts that are copied to the draft of the next round. Choices are not copied: each round needs new answers.
CARRIED = ("passage", "text", "suggestion", "remarks")


class DraftConflict(InvalidTransition):
    """Raised if the draft was saved in another window or on another device since the page was loaded.

    `draft` is the draft that was saved there.
    """

    def __init__(self, draft: ReviewDraft) -> None:
        super().__init__(gettext("This review was changed in another window or on another device."))
        self.draft = draft


def version_of(draft: ReviewDraft | None) -> str:
    """Return the version of a draft, or "" if there is no draft. The page sends the version with its next save."""
    return draft.saved_at.isoformat() if draft else ""


def draft_of(review: Review) -> ReviewDraft | None:
    """Return the draft of this review, or None. Makes one query."""
    return ReviewDraft.objects.filter(review=review).first()


def save(*, review: Review, actor: User, typed: Mapping[str, str], seen: str) -> ReviewDraft:
    """Replace the draft of a review and return it. `seen` is the version that the page has loaded (`version_of`).

    `typed` maps the names of fields to texts. Text that arrives after the end of the round is saved too, for the draft
    of the next round. Raise DraftConflict if a different draft was saved elsewhere since, and NotPermitted for anybody
    but the review's advisor and for one who has left the board. Raise InvalidTransition if the verdict was given, the
    review was declined, or the advisor has been asked to review a newer revision.
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
    """Copy the texts of the advisor's draft from the previous round to the draft of a new review.

    Return the new draft, or None if there is no text to copy.
    """
    before = Review.objects.before(review).select_related("draft").first()
    draft = getattr(before, "draft", None)
    typed = draft.typed if draft else {}
    words = {name: said for name, said in typed.items() if name in CARRIED or name.startswith("reply_")}
    if not any(map(has_words, words.values())):
        return None
    return ReviewDraft.objects.create(review=review, typed=words, saved_at=timezone.now(), carried_from=before)


def remove_fields(*, review: Review, names: set[str]) -> None:
    """Remove these fields from a draft, because their contents have been sent."""
    draft = draft_of(review)
    if draft is not None and names & set(draft.typed):
        draft.typed = {name: words for name, words in draft.typed.items() if name not in names}
        draft.saved_at = _now(draft)
        draft.save(update_fields=["typed", "saved_at"])


def _now(before: ReviewDraft | None) -> datetime:
    """Return the current time, but never a time before the last save of the draft."""
    now = timezone.now()
    return max(now, before.saved_at) if before else now
