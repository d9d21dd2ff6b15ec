"""Emails that fall due at a given time. Each is planned as a row, and is queued once or cancelled.

An email is cancelled if the reason for it no longer exists when it falls due. `plan` and `send` may run at any time,
any number of times and on several machines: the key of a row is unique, and a row is locked while its email is queued
in the same transaction. If the job did not run for a day, its next run queues the emails that are due. If several
reminders about one review have fallen due in the meantime, only the last is queued.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from advisors import emails
from advisors.models import Advisor, Occasion, Review, ScheduledEmail
from advisors.weekly_digest import week
from articles.names.shown import shown_name
from articles.notifications import editors
from mail import sending

log = logging.getLogger(__name__)

HOUR = time(8)  # in the newsroom's time zone
DAYS_BEFORE_DUE = 3
OVERDUE_AFTER, OVERDUE_EVERY, OVERDUE_AT_MOST = 2, 7, 4
QUIET = timedelta(days=3)  # a reminder is left out if another was queued within this time
EDITORS_AFTER = 2
DISCLOSURE_DAYS_BEFORE = 30


@dataclass
class SendResult:
    """The numbers of emails that a run planned, queued, cancelled (`called_off`) and failed to queue."""

    planned: int = 0
    queued: int = 0
    called_off: int = 0
    failed: int = 0


def plan(now: datetime) -> int:
    """Create a row for every email that is known to be due at the aware time `now` or later.

    Return the number of new rows.
    """
    rows = [*_reminders(now), *_digests(now), *_disclosures(now)]
    known = set(ScheduledEmail.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    new = [row for row in rows if row.key not in known]
    ScheduledEmail.objects.bulk_create(new, ignore_conflicts=True)  # another machine may be planning too
    return len(new)


def due_emails(now: datetime) -> list[int]:
    """Return the primary keys of the emails due at the aware time `now`, not queued or cancelled, the oldest first."""
    rows = ScheduledEmail.objects.filter(due_at__lte=now, sent_at=None, cancelled_at=None).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True))


def send(now: datetime, progress: Callable[[], object] = lambda: None) -> SendResult:
    """Queue or cancel every email that is due, each in its own transaction, and return the numbers.

    `progress` is called after each email. An email that fails is logged and stays due.
    """
    result = SendResult()
    for pk in due_emails(now):
        try:
            with transaction.atomic():
                _send(pk, now, result)
        except Exception:  # one email must not block the others
            log.exception("Email %s could not be written", pk)
            result.failed += 1
        progress()
    return result


def send_invitation(review: Review, key: str) -> ScheduledEmail:
    """Queue the invitation to a review in the caller's transaction; return its row, which has this key.

    If no email can be sent to the advisor, the row says that the invitation was cancelled.
    """
    with sending.collect_queued() as keys:
        queued, now = emails.invitation(review), timezone.now()
    return ScheduledEmail.objects.create(
        occasion=Occasion.INVITATION,
        key=key,
        recipient=review.advisor.user,
        review=review,
        submission=review.submission,
        due_at=now,
        email_id=keys[0] if keys else None,
        **({"sent_at": now} if queued else {"cancelled_at": now}),
    )


def cancel(rows: QuerySet[ScheduledEmail]) -> int:
    """Cancel the emails among `rows` that have not been queued yet; return the number cancelled."""
    return rows.filter(sent_at=None, cancelled_at=None).update(cancelled_at=timezone.now())


def resume(rows: QuerySet[ScheduledEmail]) -> int:
    """Undo the cancellation of the emails among `rows` that have not been queued; return the number resumed."""
    return rows.filter(sent_at=None, cancelled_at__isnull=False).update(cancelled_at=None)


def _send(pk: int, now: datetime, result: SendResult) -> None:
    """Queue or cancel one email and count it in `result`, unless another machine has done so or is doing so."""
    open_rows = ScheduledEmail.objects.filter(pk=pk, sent_at=None, cancelled_at=None)
    row = open_rows.select_for_update(skip_locked=True).first()
    if row is None:
        return  # another machine has queued it or is queueing it
    with sending.collect_queued() as keys:
        went = _WRITE[Occasion(row.occasion)](row, now)
    email = keys[0] if keys else None
    if not open_rows.update(**({"sent_at": now, "email": email} if went else {"cancelled_at": now})):
        raise RuntimeError(f"Email {pk} was taken by somebody else.")  # this rolls back what was queued
    result.queued += went
    result.called_off += not went


def _at(day: date) -> datetime:
    """Return the aware time on that day at which reminders are due: HOUR in the newsroom's time zone."""
    return datetime.combine(day, HOUR, timezone.get_current_timezone())


def _monday(now: datetime) -> date:
    """Return the Monday of the current week in the newsroom's time zone."""
    today = timezone.localdate(now)
    return today - timedelta(days=today.weekday())


def _reminders(now: datetime) -> Iterator[ScheduledEmail]:
    """Yield the reminders about all reviews that can still be given.

    Each advisor gets a reminder before the due date, unless it would be due within a day of the invitation, and up to
    four reminders after the due date. Every editor gets one email for each round after its due date.
    """
    waiting = Review.objects.waiting().select_related("submission", "advisor").order_by("pk")
    told = editors()
    rounds = {}
    for review in waiting.filter(advisor__is_active=True, advisor__user__is_active=True):
        submission, due_on = review.submission, review.submission.due_on
        rounds[submission.pk] = submission
        about = {"recipient_id": review.advisor.user_id, "review": review, "submission": submission}
        before = _at(due_on - timedelta(days=DAYS_BEFORE_DUE))
        if before > review.invited_at + timedelta(days=1):  # otherwise the invitation has just given the due date
            key = f"before_due {review.pk} {due_on}"
            yield ScheduledEmail(occasion=Occasion.BEFORE_DUE, key=key, due_at=before, **about)
        for number in range(OVERDUE_AT_MOST):
            moment = _at(due_on + timedelta(days=OVERDUE_AFTER + number * OVERDUE_EVERY))
            key = f"overdue {review.pk} {due_on} {number + 1}"
            yield ScheduledEmail(occasion=Occasion.OVERDUE, key=key, due_at=moment, **about)
    for submission in rounds.values():
        for editor in told:
            yield ScheduledEmail(
                occasion=Occasion.EDITOR_OVERDUE,
                key=f"editor_overdue {submission.pk} {submission.due_on} {editor.pk}",
                recipient=editor,
                submission=submission,
                due_at=_at(submission.due_on + timedelta(days=EDITORS_AFTER)),
            )


def _digests(now: datetime) -> Iterator[ScheduledEmail]:
    """Yield this week's digest for each editor."""
    monday = _monday(now)
    for editor in editors():
        key = f"weekly {monday:%G-W%V} {editor.pk}"
        yield ScheduledEmail(occasion=Occasion.WEEKLY, key=key, recipient=editor, due_at=_at(monday))


def _disclosures(now: datetime) -> Iterator[ScheduledEmail]:
    """Yield the reminders about the yearly disclosures of active advisors.

    They are due a month before the latest disclosure ends and on the day after it ends, or at once if there is none
    yet.
    """
    board = Advisor.objects.filter(is_active=True, user__is_active=True)
    for advisor in board.annotate(until=Max("disclosures__valid_until")).order_by("pk"):
        until = advisor.until
        moments = {"first": now} if until is None else {"soon": until - timedelta(days=DISCLOSURE_DAYS_BEFORE)}
        if until is not None:
            moments["over"] = until + timedelta(days=1)
        for name, moment in moments.items():
            yield ScheduledEmail(
                occasion=Occasion.DISCLOSURE,
                key=f"disclosure {advisor.pk} {until} {name}",
                recipient_id=advisor.user_id,
                due_at=moment if isinstance(moment, datetime) else _at(moment),
            )


def _until(advisor: Advisor) -> date | None:
    """Return the last day on which the advisor's latest disclosure is valid, or None if there is none."""
    return advisor.disclosures.order_by("-valid_until").values_list("valid_until", flat=True).first()


# Each of the following functions queues one kind of email and returns whether it did. It queues none if the reason for
# the email no longer exists.


def _before_due(row: ScheduledEmail, now: datetime) -> bool:
    """Queue the reminder before the due date, unless that date has passed; return whether it was queued."""
    review = _still_asked(row)
    return review is not None and timezone.localdate(now) <= review.submission.due_on and bool(emails.due_soon(review))


def _overdue(row: ScheduledEmail, now: datetime) -> bool:
    """Queue a reminder after the due date and return whether it was queued.

    It is not queued if a later reminder about the review is due too, or if another reminder was queued within QUIET.
    """
    review = _still_asked(row)
    others = ScheduledEmail.objects.filter(occasion=row.occasion, review=row.review_id, cancelled_at=None)
    later, just_sent = Q(due_at__gt=row.due_at, due_at__lte=now), Q(sent_at__gt=now - QUIET)
    if review is None or others.filter(later | just_sent).exists():
        return False
    return bool(emails.overdue(review))


def _editor_overdue(row: ScheduledEmail, now: datetime) -> bool:
    """Queue the email that tells an editor whose reviews are overdue; return whether it was queued.

    It is not queued if the due date has changed or nobody's review is awaited any more.
    """
    if row.submission is None or not _is_editor(row) or f" {row.submission.due_on} " not in row.key:
        return False
    late = row.submission.reviews.waiting().order_by("pk").values_list("advisor_name", "advisor__user")
    names = [shown_name(name, account) for name, account in late]
    return bool(names) and bool(emails.editors_overdue(row.submission, row.recipient, names))


def _weekly(row: ScheduledEmail, now: datetime) -> bool:
    """Queue the digest and return whether it was queued.

    A digest of an earlier week, or without entries, is not queued.
    """
    if row.due_at < _at(_monday(now)) or not _is_editor(row):
        return False
    found = week(now)
    return bool(found) and bool(emails.editors_weekly(row.recipient, found))


def _disclosure(row: ScheduledEmail, now: datetime) -> bool:
    """Queue the reminder about a disclosure and return whether it was queued.

    It is not queued if the advisor has disclosed since, or if a later reminder about the same disclosure is due too.
    """
    advisor = Advisor.objects.select_related("user").filter(user=row.recipient_id, is_active=True).first()
    if advisor is None:
        return False
    until = _until(advisor)
    about = f"disclosure {advisor.pk} {until} "
    later = ScheduledEmail.objects.filter(
        key__startswith=about, due_at__gt=row.due_at, due_at__lte=now, cancelled_at=None
    )
    return row.key.startswith(about) and not later.exists() and bool(emails.disclosure_due(advisor, until))


def _still_asked(row: ScheduledEmail) -> Review | None:
    """Return the review if it can still be given and its due date has not changed since the email was planned.

    Return None otherwise.
    """
    if row.review_id is None:
        return None
    review = Review.objects.select_related("advisor__user", "submission__revision").get(pk=row.review_id)
    fits = review.is_waiting and review.advisor.is_active and f" {review.submission.due_on}" in row.key
    return review if fits else None


def _is_editor(row: ScheduledEmail) -> bool:
    """Return whether the recipient is still an editor."""
    return row.recipient in editors()


_WRITE: dict[Occasion, Callable[[ScheduledEmail, datetime], bool]] = {
    Occasion.BEFORE_DUE: _before_due,
    Occasion.OVERDUE: _overdue,
    Occasion.EDITOR_OVERDUE: _editor_overdue,
    Occasion.WEEKLY: _weekly,
    Occasion.DISCLOSURE: _disclosure,
    # Invitations are queued at once (`send_invitation`), so no row of this kind ever falls due here.
    Occasion.INVITATION: lambda row, now: False,
}
