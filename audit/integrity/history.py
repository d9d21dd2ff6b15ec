"""Checks of the log and of the stage: the log is an unbroken path that ends at the article's stage."""

from collections.abc import Iterator

from articles.models import Outcome, Stage
from articles.transitions import MOVES
from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord, rows_of


def faults_of(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each entry of an article's log that the entry before it or the transition table contradicts.

    Also yield one if the log does not end at the article's stage, and those of `faults_of_stage`.
    """
    yield from _faults_of_log(record)
    of_the_stage = list(faults_of_stage(record))
    yield from of_the_stage
    last = Stage(record.log[-1].to_stage) if record.log else Stage.DRAFT
    if record.article.stage != last and not of_the_stage:
        message = f"is at “{record.article.get_stage_display()}” and its log ends at “{last.label}”"
        yield Fault(record.place, message)


def _faults_of_log(record: ArticleRecord) -> Iterator[Fault]:
    stage, at = Stage.DRAFT.value, None
    for entry in record.log:
        if entry.from_stage != stage:
            yield Fault(record.place, f"the log jumps from “{Stage(stage).label}” to “{Stage(entry.from_stage).label}”")
        if entry.from_stage not in MOVES.get(entry.verb, {}):
            label = Stage(entry.from_stage).label
            yield Fault(record.place, f"the log has an entry “{entry.verb}”, which the stage “{label}” does not allow")
        if at is not None and entry.at < at:
            yield Fault(record.place, f"the log goes back in time at its entry “{entry.verb}”")
        stage, at = entry.to_stage, entry.at


def faults_of_stage(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each way in which an article's stage contradicts its submissions, approvals or publications."""
    article, place = record.article, record.place
    opened = sum(submission.outcome == Outcome.OPEN for submission in record.submissions)
    newest = record.revisions[-1] if record.revisions else None
    is_approved = newest is not None and any(True for _ in rows_of(newest, "approvals"))
    last = record.shown[-1] if record.shown else None
    if (article.stage == Stage.IN_REVIEW) != (opened == 1):
        yield Fault(place, f"is at “{article.get_stage_display()}” with {opened} open submissions")
    if article.stage in (Stage.APPROVED, Stage.PUBLISHED, Stage.WITHDRAWN) and not is_approved:
        yield Fault(place, f"is at “{article.get_stage_display()}” and its newest revision is not approved")
    if article.stage == Stage.PUBLISHED and last is None:
        yield Fault(place, "is at “Published” but was never published")
    if article.stage == Stage.WITHDRAWN and not (last and last.notice):
        yield Fault(place, "is at “Withdrawn” and readers find no notice")
    if article.stage == Stage.APPROVED and last and last.notice and _shows(record, last.approval_id, newest):
        yield Fault(place, "is at “Approved” and its newest revision is withdrawn")


def _shows(record: ArticleRecord, approval: int, newest: object) -> bool:
    found = record.approvals.get(approval)
    return found is not None and found.revision_id == getattr(newest, "pk", None)
