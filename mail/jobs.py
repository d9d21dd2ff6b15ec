"""The job that sends queued emails as soon as they are due, and deferred emails at the time of their next attempt."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jobs.registry import JobContext, JobFailed, job
from jobs.schedules import Whenever
from mail import outbox


def next_due(covered: datetime | None) -> datetime | None:
    """Return the aware time at which the next unsent email is due, or None if there is none. Makes one query."""
    earliest: datetime | None = outbox.unsent().aggregate(at=Min(Coalesce("scheduled_time", "created")))["at"]
    return earliest


@job(
    "mail.send",
    label=_("Send the queued emails"),
    schedule=Whenever(next_due),
    longest_retry=timedelta(minutes=5),
    timeout=timedelta(minutes=30),
    urgent=True,
)
def send(context: JobContext) -> str:
    """Send every email that is due, and return a summary.

    Raise JobFailed if the mail server cannot be reached or the connection is lost too often; no email is lost then.
    """
    result = outbox.send_queue()
    if result.error:
        raise JobFailed(result.error)
    return f"{result.sent} sent, {result.deferred} put off, {result.failed} given up, {result.cancelled} cancelled"
