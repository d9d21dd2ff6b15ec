"""The jobs of the board: scheduled emails (`mail.jobs` sends them), expiry, and possible second accounts.

Records of accesses through links and unconfirmed requests for account corrections expire.
"""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from advisors import scheduled_emails
from advisors.corrections import asking
from advisors.personal_data import link_accesses
from advisors.same_person import finding
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


@job(
    "advisors.expire_corrections",
    label=_("End the corrections of accounts that nobody confirmed in time"),
    schedule=Daily(time(5, 10)),
    atomic=True,
)
def expire_corrections(context: JobContext) -> str:
    """Record each request for a correction whose time has run out, and return a summary."""
    return f"not confirmed in time: {asking.record_expired()}"


@job(
    "advisors.same_person",
    label=_("Find accounts that may belong to one person"),
    schedule=Every(timedelta(minutes=10)),
)
def find_second_accounts(context: JobContext) -> str:
    """Flag pairs of accounts and authors that may be one person, and remove flags that no longer have a reason.

    Return a summary.
    """
    new, gone = finding.update_flags()
    return f"{new} flagged, {gone} no longer alike"
