"""The daily job that deletes old rows: finished jobs of this app and expired rate-limit counts of core."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from core import rate_limits
from jobs import queue
from jobs.registry import JobContext, job
from jobs.schedules import Daily


@job("jobs.purge", label=_("Delete finished jobs after 30 days"), schedule=Daily(time(4, 10)))
def purge(context: JobContext) -> str:
    """Delete the jobs that ended more than 30 days ago and the expired counts of rate limits; return a summary."""
    return f"{queue.purge(context.now)} old jobs deleted, {rate_limits.delete_expired_counts()} old counts"
