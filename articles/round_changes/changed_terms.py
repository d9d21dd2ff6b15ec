"""The changes that editors have made to the terms of rounds that approved a text, for the public record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from articles.models import Approval, TermsChange, Topic


@dataclass(frozen=True)
class ChangedTerms:
    """One change of the terms of a round: the topics that no longer need a specialist, and those that need one now."""

    quorum_before: int
    quorum: int
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    reason: str
    changed_at: datetime


def changed_terms(approvals: Iterable[Approval]) -> dict[int, list[ChangedTerms]]:
    """Return the changes of terms in the rounds of these approvals, by primary key of the round, the oldest first.

    Makes four queries, or one if no terms were changed.
    """
    rows = TermsChange.objects.filter(submission__in={approval.submission_id for approval in approvals})
    rows = rows.select_related("submission").prefetch_related("specialists", "submission__specialists")
    found: dict[int, list[ChangedTerms]] = {}
    specialists: dict[int, list[Topic]] = {}
    for row in rows.order_by("pk"):
        before = specialists.get(row.submission_id, list(row.submission.specialists.all()))
        after = specialists[row.submission_id] = list(row.specialists.all())
        found.setdefault(row.submission_id, []).append(
            ChangedTerms(
                row.quorum_before,
                row.quorum,
                tuple(topic.name for topic in before if topic not in after),
                tuple(topic.name for topic in after if topic not in before),
                row.reason,
                row.changed_at,
            )
        )
    return found
