"""What an advisor has typed at the desk and not given yet, kept as it is typed.

It is the advisor's: nobody else reads it. It goes when the verdict is given. Where a round ends without one, it stays
readable at the review's own page, and its words begin the draft of the next round.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from advisors import outcomes, review_steps
from advisors.models import Response, Review, ReviewDraft
from articles.exceptions import InvalidTransition
from core.text import has_words

# Words that go on into the next round. Nothing that is chosen does: each round is answered anew.
CARRIED = ("passage", "text", "suggestion", "remarks")


class DraftConflict(InvalidTransition):
    """Raised where something was kept from another window or device since this one last heard; `draft` is that."""

    def __init__(self, draft: ReviewDraft) -> None:
        super().__init__("This review was written on in another window or on another device.")
        self.draft = draft


def version_of(draft: ReviewDraft | None) -> str:
    """By what a page says which state of a draft it has seen; empty for none."""
    return draft.saved_at.isoformat() if draft else ""


def draft_of(review: Review) -> ReviewDraft | None:
    """What is kept for this review: one query."""
    return ReviewDraft.objects.filter(review=review).first()


def save(*, review: Review, actor: User, typed: Mapping[str, str], seen: str) -> ReviewDraft:
    """Keep what was typed in place of what was kept. `seen` is the version that the page has seen (`version_of`).

    Words that come when the round is over are kept as well: they were typed before, and go on into the next one.
    Raises DraftConflict, NotPermitted for somebody else's review, and InvalidTransition where the review is given or
    declined, or the advisor was asked about a newer revision since.
    """
    with transaction.atomic():
        review = review_steps.lock(review, actor)
        if review.verdict or review.response == Response.DECLINED:
            raise InvalidTransition(outcomes.why_closed(review))
        if not review.is_waiting and Review.objects.after(review).exists():
            raise InvalidTransition("You have been asked about a newer revision: open it from your desk.")
        before = ReviewDraft.objects.select_for_update().filter(review=review).first()
        if before is not None and seen != version_of(before) and before.typed != dict(typed):
            raise DraftConflict(before)
        draft, _ = ReviewDraft.objects.update_or_create(
            review=review, defaults={"typed": dict(typed), "saved_at": _now(before)}
        )
        return draft


def carry_over(review: Review) -> ReviewDraft | None:
    """Begin the draft of a new review with the words that its advisor left in the round before; None without any."""
    before = Review.objects.before(review).select_related("draft").first()
    draft = getattr(before, "draft", None)
    typed = draft.typed if draft else {}
    words = {name: said for name, said in typed.items() if name in CARRIED or name.startswith("reply_")}
    if not any(map(has_words, words.values())):
        return None
    return ReviewDraft.objects.create(review=review, typed=words, saved_at=timezone.now(), carried_from=before)


def remove_fields(*, review: Review, names: set[str]) -> None:
    """Drop some fields of what is kept, because their words are given now (a comment that was sent)."""
    draft = draft_of(review)
    if draft is not None and names & set(draft.typed):
        draft.typed = {name: words for name, words in draft.typed.items() if name not in names}
        draft.saved_at = _now(draft)
        draft.save(update_fields=["typed", "saved_at"])


def _now(before: ReviewDraft | None) -> datetime:
    now = timezone.now()
    return max(now, before.saved_at) if before else now
