"""The jobs of the inbox: the daily email, and the end of old notifications."""

from datetime import time, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inbox.models import Delivery, Notification
from inbox.notifying import log
from jobs.registry import JobContext, job
from jobs.schedules import Daily
from mail import sending

KEPT_FOR = timedelta(days=180)
MOST_IN_AN_EMAIL = 100


@job(
    "inbox.daily_email",
    label=_("Write the daily emails about notifications"),
    schedule=Daily(time(7, 0)),
    timeout=timedelta(minutes=30),
    atomic=True,
)
def write_daily_emails(context: JobContext) -> str:
    """Queue one email to each person who has notifications for it and has not read them; return a summary.

    People who were switched off in the meantime get none. The job is atomic, so that nobody gets it twice.
    """
    due = Notification.objects.filter(delivery=Delivery.DAILY, emailed_at=None)
    rows = due.filter(recipient__is_active=True, read_at=None).select_related("recipient", "actor")
    written = 0
    for recipient, own in groupby(rows.order_by("recipient__pk", "pk"), key=lambda row: row.recipient):
        told = list(own)
        entries = [
            {"subject": row.subject, "by": str(row.actor) if row.actor else "", "page": sending.site_url() + row.path}
            for row in told[-MOST_IN_AN_EMAIL:]
        ]
        try:
            written += sending.send("inbox_daily", daily_context(entries, len(told)), recipient.email)
        except sending.BadAddress as error:
            log.error("No email to user %s: %s", recipient.pk, error)
    due.update(emailed_at=context.now)
    return f"{written} written"


def daily_context(entries: list[dict[str, str]], count: int) -> dict[str, object]:
    """Return the template context of the daily email. `count` is the number of notifications, listed or not."""
    return {
        "entries": entries,
        "count": count,
        "more": count - len(entries),
        "page": sending.site_url() + reverse("admin:inbox"),
        "preferences": sending.site_url() + reverse("admin:inbox_preferences"),
    }


@job("inbox.purge", label=_("Delete notifications after 180 days"), schedule=Daily(time(4, 40)))
def purge(context: JobContext) -> str:
    """Delete the notifications that were kept long enough, and return a summary."""
    return f"{Notification.objects.filter(at__lt=context.now - KEPT_FOR).delete()[0]} deleted"
