"""Emails about the quorum of an open round, one function for each (see advisors.emails)."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from advisors.emails import (
    REVIEWERS,
    editors_and_writers,
    other_editors,
    panel_address,
    queue,
    review_context,
    submission_context,
    tell,
    verdicts_of,
)
from advisors.models import Advisor, Review
from articles.models import Reason, Submission, TermsChange, Topic
from articles.notifications import APPROVED, editors
from inbox import events
from mail import sending

CONFLICT = events.register("conflict", gettext_lazy("A reviewer declared a conflict of interest"))


def editors_conflict(review: Review, missing: str, instead: str) -> int:
    """Tell the editors that an advisor declared a conflict of interest with the verdict, so that it does not count.

    `missing` says in words what the open round still needs, and is empty if the round is not open. `instead` is the
    name of an advisor who could be asked, or empty. Return the number queued.
    """
    context = {
        **submission_context(review.submission),
        "advisor": review.advisor_shown,
        "verdict": review.get_verdict_display(),
        "statement": review.conflict_statement,
        "missing": missing,
        "instead": instead,
        "page": panel_address(review.submission.article),
    }
    key = f"{review.pk}:{review.verdict_at}"
    return tell(CONFLICT, "editors_conflict", context, editors(), key=key, actor=review.advisor.user)


def editors_quorum(submission: Submission, actor: User) -> int:
    """Tell the editors, except `actor`, that the board has approved; return the number queued.

    The email has the answers of each reviewer.
    """
    signed = [str(signatory) for signatory in submission.approval.signatories.all()]
    is_renewal = submission.reason == Reason.RENEWAL
    context = {
        **submission_context(submission),
        "signed": signed,
        "is_renewal": is_renewal,
        "given": verdicts_of(submission),
    }
    return tell(APPROVED, "editors_quorum", context, other_editors(actor), key=str(submission.pk))


def advisor_left(submission: Submission, advisor: Advisor, missing: str) -> int:
    """Tell the editors that an advisor in this open round has left, and what is missing; return the number queued."""
    context = {**submission_context(submission), "advisor": advisor.name_with_credentials, "missing": missing}
    context["page"] = panel_address(submission.article)
    key = f"{submission.pk}:{advisor.pk}"
    return tell(REVIEWERS, "editors_advisor_left", context, editors(), key=key)


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
    key = f"{review.pk}:{review.verdict_at}"
    return tell(REVIEWERS, "editors_taken_back", context, editors(), key=key, actor=review.advisor.user)


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
    people = editors_and_writers(submission, actor)
    return tell(REVIEWERS, "editors_terms_changed", context, people, key=str(change.pk), actor=actor)


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
        "page": sending.site_url() + reverse("admin:advisors_advisor_change", args=[advisor.pk]),
    }
    return queue("editors_consent_withdrawn", context, editors())
