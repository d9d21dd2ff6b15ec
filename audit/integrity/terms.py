"""Checks of the terms of rounds: the quorum is the one in the log, and the log has every change of the terms."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from articles.models import Submission, TermsChange, Transition
from audit.integrity.faults import Fault


def terms_of_rounds() -> Iterator[Fault]:
    """Yield a fault for each round, open or closed, whose terms or changes of terms the log contradicts.

    Also yield one for each change that does not start from the terms before it or was made after the decision.
    """
    yield from _terms_at_the_submission()
    yield from _changes_without_an_entry()
    yield from _entries_without_a_change()
    yield from _chains_of_changes()


def _terms_at_the_submission() -> Iterator[Fault]:
    """Yield a fault for each round whose quorum is not the one that was logged when it was submitted."""
    logged = Transition.objects.filter(
        article=OuterRef("article"), verb__in=("submit", "renew"), at=OuterRef("submitted_at")
    )
    rows: QuerySet[Submission] = Submission.objects.select_related("article")
    rows = rows.annotate(logged=Subquery(logged.values("quorum")[:1]))
    for row in rows.filter(Q(logged=None) | ~Q(logged=F("quorum"))).order_by("pk").iterator():
        yield Fault(
            row.article.slug,
            f"round {row.pk} needs {row.quorum} approvals, and the log says {row.logged or 'nothing'}",
        )


def _changes_without_an_entry() -> Iterator[Fault]:
    """Yield a fault for each change of terms that the log does not have, with its person, time and quorum."""
    entries = Transition.objects.filter(
        article=OuterRef("submission__article"),
        verb="change_terms",
        at=OuterRef("changed_at"),
        actor=OuterRef("changed_by"),
        quorum=OuterRef("quorum"),
    )
    for row in TermsChange.objects.exclude(Exists(entries)).select_related("submission__article").iterator():
        yield Fault(
            row.submission.article.slug,
            f"the terms of round {row.submission_id} were changed ({row}) and the log does not say so",
        )


def _entries_without_a_change() -> Iterator[Fault]:
    """Yield a fault for each entry of the log on changed terms whose change is gone."""
    changes = TermsChange.objects.filter(
        submission__article=OuterRef("article"), changed_at=OuterRef("at"), quorum=OuterRef("quorum")
    )
    entries = Transition.objects.filter(verb="change_terms").exclude(Exists(changes)).select_related("article")
    for entry in entries.iterator():
        yield Fault(entry.article.slug, f"the log says that {entry.actor_shown} changed terms, and the change is gone")


def _chains_of_changes() -> Iterator[Fault]:
    """Yield a fault for each change that does not begin at the terms before it or was made after the decision."""
    before: TermsChange | None = None
    rows = TermsChange.objects.select_related("submission__article").order_by("submission_id", "pk")
    for row in rows.iterator():
        submission = row.submission
        is_next = before is not None and before.submission_id == row.submission_id
        in_force = before.quorum if before is not None and is_next else submission.quorum
        if row.quorum_before != in_force:
            yield Fault(
                submission.article.slug,
                f"a change of the terms of round {submission.pk} begins at {row.quorum_before}, not at {in_force}",
            )
        if submission.closed_at is not None and row.changed_at > submission.closed_at:
            yield Fault(submission.article.slug, f"the terms of round {submission.pk} were changed after its decision")
        before = row
