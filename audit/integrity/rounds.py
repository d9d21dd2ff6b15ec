"""Checks of the rounds of review against the article's log: each was submitted and ended as the log says."""

from collections.abc import Callable, Iterator

from articles.models import Outcome, Reason, Submission, Transition
from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord

Fits = Callable[[Transition, Submission], bool]
OPENING = {"submit": Reason.NEW_TEXT, "renew": Reason.RENEWAL}
CLOSING = {
    "approve": Outcome.APPROVED,
    "request_changes": Outcome.CHANGES_REQUESTED,
    "recall": Outcome.RECALLED,
}


def faults_of(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each round of an article that was not submitted or closed as the log says.

    Also yield one for each approved round without its approval or with an approval from outside the round, and for each
    entry of the log whose round is gone.
    """
    place = record.place
    opened = [entry for entry in record.log if entry.verb in OPENING]
    closed = [entry for entry in record.log if entry.verb in CLOSING]
    for submission in record.submissions:
        revision = record.revisions_by_key.get(submission.revision_id)
        name = f"the round of revision {revision.number if revision else '?'}"
        if not _take(opened, submission, _opens):
            yield Fault(place, f"{name}: the log does not say that it was submitted so")
        if submission.outcome and not _take(closed, submission, _closes):
            yield Fault(place, f"{name}: the log does not say how it ended")
        approvals = [one for one in record.approvals.values() if one.submission_id == submission.pk]
        if submission.outcome == Outcome.APPROVED and not approvals:
            yield Fault(place, f"{name} was approved, and the approval is gone")
        for approval in approvals:
            ended = submission.closed_at or approval.approved_at
            if not submission.submitted_at <= approval.approved_at <= ended:
                yield Fault(place, f"{name}: its approval was not made while it was open")
    for entry in [*opened, *closed]:
        yield Fault(place, f"the log has an entry “{entry.verb}” for a round that is gone")


def _take(entries: list[Transition], submission: Submission, fits: Fits) -> bool:
    """Remove the first entry that fits the submission, and return whether there was one."""
    for place, entry in enumerate(entries):
        if fits(entry, submission):
            del entries[place]
            return True
    return False


def _opens(entry: Transition, submission: Submission) -> bool:
    return (
        entry.at == submission.submitted_at
        and entry.revision_id == submission.revision_id
        and entry.actor_id == submission.submitted_by_id
        and entry.actor_name == submission.submitted_by_name
        and entry.reason == submission.note
        and OPENING[entry.verb] == submission.reason
    )


def _closes(entry: Transition, submission: Submission) -> bool:
    return (
        entry.at == submission.closed_at
        and entry.revision_id == submission.revision_id
        and CLOSING[entry.verb] == submission.outcome
    )
