"""What an advisor has typed at the desk and not given yet, kept as it is typed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from advisors import reviews
from advisors.models import Review, ReviewDraft
from articles.exceptions import InvalidTransition
from betterment.text import has_words

SENT = ("text", "suggestion")


class TypedElsewhere(InvalidTransition):
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


def keep(*, review: Review, actor: User, typed: Mapping[str, str], seen: str) -> ReviewDraft:
    """Keep what was typed in place of what was kept. `seen` is the version that the page has seen (`version_of`).

    Raises TypedElsewhere, and what every act on a review raises where it is given, over or somebody else's.
    """
    with transaction.atomic():
        review = reviews.enter(review, actor)
        before = ReviewDraft.objects.select_for_update().filter(review=review).first()
        if before is not None and seen != version_of(before) and before.typed != dict(typed):
            raise TypedElsewhere(before)
        draft, _ = ReviewDraft.objects.update_or_create(
            review=review, defaults={"typed": dict(typed), "saved_at": _now(before)}
        )
        return draft


def forget(*, review: Review, names: set[str]) -> None:
    """Drop some fields of what is kept, because their words are given now (a comment that was sent)."""
    draft = draft_of(review)
    if draft is not None and names & set(draft.typed):
        draft.typed = {name: words for name, words in draft.typed.items() if name not in names}
        draft.saved_at = _now(draft)
        draft.save(update_fields=["typed", "saved_at"])


def has_unsent(review: Review) -> bool:
    """Whether a comment or an answer was begun and not sent: it would go with the draft at the verdict."""
    draft = draft_of(review)
    typed = draft.typed if draft else {}
    return any(has_words(words) for name, words in typed.items() if name in SENT or name.startswith("reply_"))


def _now(before: ReviewDraft | None) -> datetime:
    now = timezone.now()
    return max(now, before.saved_at) if before else now
