"""The readiness check (core.health) that a job runner is running and that no job is long overdue."""

from datetime import timedelta

from django.utils import timezone

from core import health, times
from jobs import registry
from jobs.models import Job, JobRunner, JobState

MISSED_AFTER = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=30)


@health.check("jobs")
def jobs() -> str:
    """Return a message if no runner has reported for `MISSED_AFTER` or a job has been due for `LATE_AFTER`, else "".

    Makes at most two queries.
    """
    now = timezone.now()
    last = JobRunner.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    if last is None:
        return "No runner has ever been seen; start manage.py work."
    if last < now - MISSED_AFTER:
        return f"No runner has been seen since {times.zoned(last)}; start manage.py work."
    known = Job.objects.filter(name__in=registry.names(), state=JobState.WAITING)
    oldest = known.order_by("due_at").values_list("name", "due_at").first()
    if oldest and oldest[1] < now - LATE_AFTER:
        minutes = (now - oldest[1]) // timedelta(minutes=1)
        return f"{oldest[0]} has been due for {minutes} minutes."
    return ""
