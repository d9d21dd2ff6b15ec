"""What /readyz asks of the queue of letters: whether they leave (core.health)."""

from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from core import health
from mail import outbox

STUCK_AFTER = timedelta(hours=1)


@health.check("letters")
def letters() -> str:
    """Whether letters leave: what was refused is put off and does not count, what nobody tried to send does."""
    due = outbox.waiting().annotate(due_at=Coalesce("scheduled_time", "created"))
    stuck = due.filter(due_at__lt=timezone.now() - STUCK_AFTER).count()
    return f"{stuck} have waited for more than an hour." if stuck else ""
