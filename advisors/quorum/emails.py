"""Emails about the quorum of an open round, one function for each (see advisors.emails)."""

from collections.abc import Sequence

from django.urls import reverse

from accounts.models import User
from advisors.emails import (
    editors_and_writers,
    panel_address,
    queue,
    review_context,
    site_url,
    submission_context,
)
from advisors.models import Advisor, Review
from articles.models import Submission, TermsChange, Topic
from articles.notifications import editors


def editors_taken_back(review: Review, missing: str) -> int:
    """Tell the editors that an advisor has taken back a verdict; return the number queued.

    `missing` says what the open round still needs.
    """
    context = {
        **submission_context(review.submission),
        "advisor": review.advisor_shown,
        "verdict": review.get_verdict_display(),
        "verdict_at": review.verdict_at,
        "missing": missing,
        "page": panel_address(review.submission.article),
    }
    return queue("editors_taken_back", context, editors())


def round_terms_changed(review: Review, change: TermsChange, dropped: Sequence[Topic], added: Sequence[Topic]) -> int:
    """Tell an advisor in a round that an editor has changed its terms, and why.

    `dropped` are the topics that need no specialist any more, `added` those that need one from now on. Return the
    number queued.
    """
    context = {**review_context(review), **_terms_context(change, dropped, added)}
    return queue("round_terms_changed", context, [review.advisor.user])


def editors_terms_changed(
    submission: Submission,
    actor: User,
    change: TermsChange,
    dropped: Sequence[Topic],
    added: Sequence[Topic],
    missing: str,
) -> int:
    """Tell the editors and the writers, except `actor`, that the terms were changed; return the number queued.

    `dropped` and `added` are as for `round_terms_changed`; `missing` says what the round still needs.
    """
    context = {
        **submission_context(submission),
        **_terms_context(change, dropped, added),
        "missing": missing,
        "page": panel_address(submission.article),
    }
    return queue("editors_terms_changed", context, editors_and_writers(submission, actor))


def _terms_context(change: TermsChange, dropped: Sequence[Topic], added: Sequence[Topic]) -> dict:
    """Return the template context that both emails about changed terms share."""
    return {
        "by": change.changed_by_shown,
        "before": change.quorum_before,
        "quorum": change.quorum,
        "dropped": [topic.name for topic in dropped],
        "added": [topic.name for topic in added],
        "reason": change.reason,
    }


def editors_consent_withdrawn(advisor: Advisor, rounds: Sequence[tuple[Submission, str]]) -> int:
    """Tell the editors that an advisor has withdrawn the consent to name and portrait.

    `rounds` are the open rounds that this concerns, each with a sentence on the consequence. Return the number queued.
    """
    context = {
        "advisor": advisor.name_with_credentials,
        "rounds": [(row.revision.title, said, panel_address(row.article)) for row, said in rounds],
        "page": site_url() + reverse("admin:advisors_advisor_change", args=[advisor.pk]),
    }
    return queue("editors_consent_withdrawn", context, editors())
