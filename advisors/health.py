"""The part of /readyz that concerns advisors: whether the timer that sends emails still runs (core.health)."""

from datetime import timedelta

from django.utils import timezone

from advisors.models import JobRun
from core import health, times

LATE_AFTER = timedelta(hours=1)


@health.check("send_due")
def send_due() -> str:
    """Return what is wrong where `manage.py send_due` has not run within the hour, else an empty string."""
    last = JobRun.objects.filter(name="send_due").values_list("last_run_at", flat=True).first()
    if last is None:
        return "It has never run; set up its timer."
    if last < timezone.now() - LATE_AFTER:
        return f"It last ran on {times.zoned(last)}."
    return ""
