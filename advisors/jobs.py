"""The jobs of the board: scheduled emails (`mail.jobs` sends them), and the deletion of old accesses through links."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from advisors import scheduled_emails
from advisors.personal_data import link_accesses
from jobs.registry import JobContext, JobFailed, job
from jobs.schedules import Daily, Every


@job(
    "advisors.due_emails",
    label=_("Write the emails that are due"),
    schedule=Every(timedelta(minutes=5)),
    longest_retry=timedelta(minutes=5),
    timeout=timedelta(minutes=30),
)
def write_due_emails(context: JobContext) -> str:
    """Plan scheduled emails and queue the emails that are due, each in its own transaction; return a summary.

    Raise JobFailed if any email could not be queued. Such an email stays due.
    """
    planned = scheduled_emails.plan(context.now)
    result = scheduled_emails.send(context.now, progress=context.give_way)
    if result.failed:
        raise JobFailed(f"{result.failed} emails could not be written; they are still due. See the log.")
    return f"{planned} planned, {result.queued} written, {result.called_off} called off"


@job(
    "advisors.purge",
    label=_("Delete accesses through emailed links after 180 days"),
    schedule=Daily(time(4, 30)),
)
def purge(context: JobContext) -> str:
    """Delete the accesses through links in emails that were kept long enough, and return a summary."""
    return f"accesses through links deleted: {link_accesses.delete_expired(context.now)}"
