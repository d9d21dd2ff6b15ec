"""The readiness check (core.health) that queued emails are being sent."""

from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from core import health
from mail import outbox

STUCK_AFTER = timedelta(hours=1)


@health.check("emails")
def emails() -> str:
    """Return a sentence with the number of emails that have been due for longer than `STUCK_AFTER`, or "" if none has.

    An email that a server deferred is not due before its next attempt.
    """
    due = outbox.due().annotate(due_at=Coalesce("scheduled_time", "created"))
    stuck = due.filter(due_at__lt=timezone.now() - STUCK_AFTER).count()
    return f"{stuck} have waited for more than an hour." if stuck else ""
