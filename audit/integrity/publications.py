"""Checks of publications: each shows what was approved, at the times and with the note and notice in the log."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from articles.models import Approval, ChangeKind, Publication, Transition
from audit.integrity.board import Board
from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord, rows_of
from audit.integrity.reviews import faults_of_signatories
from core.redirects.models import Redirect

STARTING = ("publish", "schedule", "reinstate")
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=2)


def faults_of(record: ArticleRecord, board: Board, elsewhere: dict[int, Approval]) -> Iterator[Fault]:
    """Yield a fault for each publication that was not properly approved, or that differs from the article's log.

    The log is compared with its start, end, cancellation, note and kind. Also yield a fault for publications that
    overlap, for a wrong `has_started`, `has_ended` or `reviewed_at`, and for a former address without a redirect.
    `elsewhere` holds, by primary key, the approvals that publications in this batch name and that belong to other
    articles.
    """
    started = [entry for entry in record.log if entry.verb in STARTING]
    for publication in record.publications:
        entry = next((entry for entry in started if _starts(entry, publication, record)), None)
        if entry is None:
            yield Fault(record.place_of(publication), "is not in the log as it stands")
        else:
            started.remove(entry)
            yield from _faults_of_words(record.place_of(publication), publication, entry)
        if publication.cancelled_at is None:
            yield from _faults_of_approval(record, publication, board, elsewhere)
    for entry in started:
        yield Fault(record.place, f"the log has an entry “{entry.verb}” for a publication that is gone")
    yield from _faults_of_kinds(record)
    yield from overlaps(record)
    yield from _cancellations(record)
    yield from _faults_of_ends(record)
    yield from _faults_of_what_is_past(record)
    yield from _times_of_review(record)
    yield from _faults_of_address(record)


def _starts(entry: Transition, publication: Publication, record: ArticleRecord) -> bool:
    """Return whether the entry is that of the publication's beginning: same text, time and person."""
    approval = record.approvals.get(publication.approval_id)
    at = publication.created_at if entry.verb == "schedule" else publication.starts_at
    return (
        entry.at == at
        and publication.created_at <= entry.at <= publication.created_at + MINUTE
        and (approval is None or entry.revision_id == approval.revision_id)
        and entry.actor_id == publication.published_by_id
        and entry.actor_name == publication.published_by_name
    )


def _faults_of_words(place: str, publication: Publication, entry: Transition) -> Iterator[Fault]:
    note = publication.change_note
    if entry.reason != note and not entry.reason.startswith(f"{note}\n" if note else "Revision "):
        yield Fault(place, "the log has another note on it")
    if (entry.verb == "reinstate") != (publication.kind == ChangeKind.REINSTATEMENT):
        was = "was" if entry.verb == "reinstate" else "was not"
        yield Fault(place, f"is called “{publication.get_kind_display()}” and {was} a reinstatement")


def _faults_of_approval(
    record: ArticleRecord, publication: Publication, board: Board, elsewhere: dict[int, Approval]
) -> Iterator[Fault]:
    place, approval = record.place_of(publication), record.approvals.get(publication.approval_id)
    if approval is None:
        if publication.approval_id in elsewhere:
            yield Fault(place, "shows a revision of another article")
        else:
            yield Fault(place, "its approval is gone")
        return
    revision, submission = (
        record.revisions_by_key[approval.revision_id],
        record.submissions_by_key.get(approval.submission_id),
    )
    if submission is None:
        yield Fault(place, "shows a revision of another article")
    elif submission.revision_id != revision.pk:
        yield Fault(place, "its approval belongs to the submission of another revision")
    elif submission.outcome != "approved":
        yield Fault(place, f"its submission ended as “{submission.get_outcome_display()}”")
    if approval.digest != revision.digest:
        yield Fault(place, "the approval is of another digest")
    if approval.approved_at > publication.starts_at:
        yield Fault(place, "was shown before it was approved")
    signatories, known = rows_of(approval, "signatories"), board.persons(approval)
    people = record.people_until(revision, known)
    different = {known.person(signatory.user_id) for signatory in signatories}
    needed = submission.terms_now().quorum if submission is not None else 0
    if len(different) < needed:
        yield Fault(place, f"has {len(different)} of the {needed} approvals needed")
    for signatory in signatories:
        if signatory.digest != revision.digest:
            yield Fault(place, f"{signatory} approved another digest")
        if signatory.user_id in people:
            yield Fault(place, f"{signatory} approved an article that they wrote or edited")
    yield from faults_of_signatories(place, record, approval, board)


def _faults_of_kinds(record: ArticleRecord) -> Iterator[Fault]:
    for number, publication in enumerate(record.shown):
        if number and publication.kind == ChangeKind.FIRST:
            yield Fault(record.place_of(publication), "is called “first publication” and was not the first")
        if not number and publication.kind != ChangeKind.FIRST:
            place = record.place_of(publication)
            yield Fault(place, f"is called “{publication.get_kind_display()}” and was the first")


def overlaps(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each publication that begins before the previous one has ended."""
    for before, row in zip(record.shown, record.shown[1:], strict=False):
        if before.ends_at is None or before.ends_at > row.starts_at:
            yield Fault(record.article.slug, f"publications {before.pk} and {row.pk} overlap")


def _cancellations(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each publication that was cancelled without an entry in the log, and the other way round.

    The public record does not list cancelled publications, so without that entry nothing would show that readers may
    have seen the text.
    """
    told = [entry for entry in record.log if entry.verb in ("unschedule", "withdraw")]
    for row in record.publications:
        if row.cancelled_at is None:
            continue
        entry = next((entry for entry in told if _calls_off(entry, row, record)), None)
        if entry is None:
            yield Fault(record.article.slug, f"publication {row.pk} was cancelled and the log does not say by whom")
        elif entry.verb == "unschedule":
            told.remove(entry)
    for entry in told:
        if entry.verb == "unschedule":
            yield Fault(record.place, "the log says that it was called off, and no publication was cancelled then")


def _calls_off(entry: Transition, row: Publication, record: ArticleRecord) -> bool:
    """Return whether this entry is why the publication was cancelled.

    The cancellation has the time of the entry or, if the clock was set back meanwhile, of the publication's start.
    A withdrawal calls off what is scheduled, and is logged a microsecond later if the publication had just begun.
    """
    approval = record.approvals.get(row.approval_id)
    if entry.verb == "unschedule" and approval is not None and entry.revision_id != approval.revision_id:
        return False
    later = entry.at - (row.cancelled_at or entry.at)
    return timedelta(0) <= later < (MINUTE if row.cancelled_at == row.starts_at else MOMENT)


def _faults_of_ends(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each publication that did not end as planned, by a withdrawal or by its successor."""
    withdrawn = {entry.at: entry for entry in record.log if entry.verb == "withdraw"}
    for place, row in enumerate(record.shown):
        successor = record.shown[place + 1] if place + 1 < len(record.shown) else None
        entry = withdrawn.pop(row.ends_at, None) if row.ends_at else None
        if entry is not None:
            if entry.reason != row.notice:
                yield Fault(record.place_of(row), "the log says that it was withdrawn with another notice")
        elif row.notice or (
            row.ends_at is not None
            and row.ends_at != row.expires_at
            and not (successor and successor.starts_at == row.ends_at)
        ):
            yield Fault(record.place_of(row), "ended and the log does not say why")
        elif row.expires_at is not None and (row.ends_at is None or row.ends_at > row.expires_at):
            yield Fault(record.place_of(row), "ends at another time than was planned")
    for _ in withdrawn:
        yield Fault(record.place, "the log says that it was withdrawn, and no publication ended then")


def _faults_of_what_is_past(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each publication whose `has_started` or `has_ended` is wrong.

    A start or an end is past for good once the log has a later entry.
    """
    last = max((entry.at for entry in record.log), default=None)
    for row in record.publications:
        place = record.place_of(row)
        if row.cancelled_at is not None:
            if row.has_started or row.has_ended:
                yield Fault(place, "was cancelled and counts as started or ended")
            continue
        latest = max(filter(None, (last, timezone.now())))
        if last is not None and row.starts_at <= last and not row.has_started:
            yield Fault(place, "has started and does not count as started")
        if row.has_started and row.starts_at > latest:
            yield Fault(place, "counts as started and has not started")
        if last is not None and row.ends_at is not None and row.ends_at <= last and not row.has_ended:
            yield Fault(place, "has ended and does not count as ended")
        if row.has_ended and (row.ends_at is None or row.ends_at > latest):
            yield Fault(place, "counts as ended and has not ended")


def _times_of_review(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault for each publication whose `reviewed_at` is not the time of the latest approval of its revision.

    The site would not notice when such an article is due for its next review. Withdrawn publications are not checked.
    """
    newest: dict[int, datetime] = {}
    for approval in record.approvals.values():
        at = newest.get(approval.revision_id, approval.approved_at)
        newest[approval.revision_id] = max(at, approval.approved_at)
    for row in record.shown:
        shown = record.approvals.get(row.approval_id)
        if not row.notice and shown and row.reviewed_at != newest[shown.revision_id]:
            yield Fault(record.article.slug, f"publication {row.pk} does not say when its text was last reviewed")


def _faults_of_address(record: ArticleRecord) -> Iterator[Fault]:
    """Yield a fault if the article is not at the address of a publication, and no redirect leads from there.

    Makes a query for each publication with another address.
    """
    for row in record.publications:
        if row.published_as == record.article.slug:
            continue
        now, then = (reverse("website:article", args=[slug]) for slug in (record.article.slug, row.published_as))
        if not Redirect.objects.filter(from_path=then, to_path=now).exists():
            yield Fault(record.place_of(row), f"was published at {then} and is now at {now}")
