"""Emails that fall due at a given time: planned as rows, sent once each, cancelled where their reason has gone.

`plan` and `send` may run at any time, any number of times and on several machines: the key of a row is unique, and a
row is locked while its email is queued in the same transaction. A missed day loses nothing: the next run sends what is
due. Where several reminders for one review have fallen due together, only the last is sent.
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
from articles.notifications import editors
from mail import sending

log = logging.getLogger(__name__)

HOUR = time(8)  # of the newsroom's time zone
DAYS_BEFORE_DUE = 3
OVERDUE_AFTER, OVERDUE_EVERY, OVERDUE_AT_MOST = 2, 7, 4
QUIET = timedelta(days=3)  # after a reminder that went late, the next one is left out
EDITORS_AFTER = 2
DISCLOSURE_DAYS_BEFORE = 30


@dataclass
class SendResult:
    """How many emails a run planned, queued, cancelled and failed to write."""

    planned: int = 0
    queued: int = 0
    called_off: int = 0
    failed: int = 0


def plan(now: datetime) -> int:
    """Create a row for every email that is due now or later, as far as that is known; return how many are new."""
    rows = [*_reminders(now), *_digests(now), *_disclosures(now)]
    known = set(ScheduledEmail.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    new = [row for row in rows if row.key not in known]
    ScheduledEmail.objects.bulk_create(new, ignore_conflicts=True)  # another machine may be planning, too
    return len(new)


def due_emails(now: datetime) -> list[int]:
    """Return the primary keys of the emails that are due and neither queued nor cancelled, the oldest first."""
    rows = ScheduledEmail.objects.filter(due_at__lte=now, sent_at=None, cancelled_at=None).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True))


def send(now: datetime, progress: Callable[[], object] = lambda: None) -> SendResult:
    """Queue every email that is due, each in a transaction of its own; one that fails stays due. Call `progress` after
    each.
    """
    result = SendResult()
    for pk in due_emails(now):
        try:
            with transaction.atomic():
                _send(pk, now, result)
        except Exception:  # one letter must not hold up the others
            log.exception("Email %s could not be written", pk)
            result.failed += 1
        progress()
    return result


def send_invitation(review: Review, key: str) -> ScheduledEmail:
    """Queue the invitation to a review now, in the transaction that is open, and record it under this key."""
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
    """Cancel those of these emails that have not been queued; return how many."""
    return rows.filter(sent_at=None, cancelled_at=None).update(cancelled_at=timezone.now())


def resume(rows: QuerySet[ScheduledEmail]) -> int:
    """Undo the cancellation of those of these emails that have not been queued; return how many."""
    return rows.filter(sent_at=None, cancelled_at__isnull=False).update(cancelled_at=None)


def _send(pk: int, now: datetime, result: SendResult) -> None:
    """Queue or cancel one email, unless another machine has done so, and count it in `result`."""
    open_rows = ScheduledEmail.objects.filter(pk=pk, sent_at=None, cancelled_at=None)
    row = open_rows.select_for_update(skip_locked=True).first()
    if row is None:
        return  # another machine has it
    with sending.collect_queued() as keys:
        went = _WRITE[Occasion(row.occasion)](row, now)
    email = keys[0] if keys else None
    if not open_rows.update(**({"sent_at": now, "email": email} if went else {"cancelled_at": now})):
        raise RuntimeError(f"Email {pk} was taken by somebody else.")  # and what was queued here falls
    result.queued += went
    result.called_off += not went


def _at(day: date) -> datetime:
    """Return the moment of that day at which reminders are due, in the newsroom's time zone."""
    return datetime.combine(day, HOUR, timezone.get_current_timezone())


def _monday(now: datetime) -> date:
    """Return the Monday of the current week, in the newsroom's time zone."""
    today = timezone.localdate(now)
    return today - timedelta(days=today.weekday())


def _reminders(now: datetime) -> Iterator[ScheduledEmail]:
    """Return for each review that can still be given a reminder before the due date, four after it, and one to the
    editors.
    """
    waiting = Review.objects.waiting().select_related("submission", "advisor").order_by("pk")
    told = editors()
    rounds = {}
    for review in waiting.filter(advisor__is_active=True, advisor__user__is_active=True):
        submission, due_on = review.submission, review.submission.due_on
        rounds[submission.pk] = submission
        about = {"recipient_id": review.advisor.user_id, "review": review, "submission": submission}
        before = _at(due_on - timedelta(days=DAYS_BEFORE_DUE))
        if before > review.invited_at + timedelta(days=1):  # else the invitation itself has just said so
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
    """Return this week's digest for each editor."""
    monday = _monday(now)
    for editor in editors():
        key = f"weekly {monday:%G-W%V} {editor.pk}"
        yield ScheduledEmail(occasion=Occasion.WEEKLY, key=key, recipient=editor, due_at=_at(monday))


def _disclosures(now: datetime) -> Iterator[ScheduledEmail]:
    """Return reminders a month before a disclosure ends and when it has ended, and at once where there is none yet."""
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
    """Return until when the advisor's latest disclosure is valid, or None."""
    return advisor.disclosures.order_by("-valid_until").values_list("valid_until", flat=True).first()


# What writes a due letter returns whether one was queued; where its reason is gone, none is.


def _before_due(row: ScheduledEmail, now: datetime) -> bool:
    """Queue the reminder before the due date; return whether it was queued."""
    review = _still_asked(row)
    return review is not None and timezone.localdate(now) <= review.submission.due_on and bool(emails.due_soon(review))


def _overdue(row: ScheduledEmail, now: datetime) -> bool:
    """Queue a reminder after the due date, unless a later one is due or one has just been sent."""
    review = _still_asked(row)
    others = ScheduledEmail.objects.filter(occasion=row.occasion, review=row.review_id, cancelled_at=None)
    later, just_sent = Q(due_at__gt=row.due_at, due_at__lte=now), Q(sent_at__gt=now - QUIET)
    if review is None or others.filter(later | just_sent).exists():
        return False
    return bool(emails.overdue(review))


def _editor_overdue(row: ScheduledEmail, now: datetime) -> bool:
    """Tell an editor who is overdue, unless the due date has moved."""
    if not _is_editor(row) or f" {row.submission.due_on} " not in row.key:
        return False
    names = list(row.submission.reviews.waiting().order_by("pk").values_list("advisor_name", flat=True))
    return bool(names) and bool(emails.editors_overdue(row.submission, row.recipient, names))


def _weekly(row: ScheduledEmail, now: datetime) -> bool:
    """Queue the digest of this week, if it has any entries."""
    if row.due_at < _at(_monday(now)) or not _is_editor(row):
        return False
    found = week(now)
    return bool(found) and bool(emails.editors_weekly(row.recipient, found))


def _disclosure(row: ScheduledEmail, now: datetime) -> bool:
    """Queue the reminder unless the advisor has answered or a later reminder about the same disclosure is due."""
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
    """Return the review if it can still be given and has the due date that the email was planned for, else None."""
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
    # Queued when somebody is asked (advisors.receivers); a row of it is never left unsent.
    Occasion.INVITATION: lambda row, now: False,
}
