"""The readiness check for the outbox: whether queued emails are being sent (core.health)."""

from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from core import health
from mail import outbox

STUCK_AFTER = timedelta(hours=1)


@health.check("letters")
def emails() -> str:
    """Return how many emails have been due for longer than `STUCK_AFTER`, as a sentence; "" if none has.

    An email that a server deferred does not count until its next attempt is due.
    """
    due = outbox.due().annotate(due_at=Coalesce("scheduled_time", "created"))
    stuck = due.filter(due_at__lt=timezone.now() - STUCK_AFTER).count()
    return f"{stuck} have waited for more than an hour." if stuck else ""
