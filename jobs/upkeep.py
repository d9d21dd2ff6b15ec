"""The one job of this app: old rows leave the queue."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from jobs import queue
from jobs.registry import JobContext, job
from jobs.schedules import Daily


@job("jobs.purge", label=_("Delete finished jobs after 30 days"), schedule=Daily(time(4, 10)))
def purge(context: JobContext) -> str:
    """Delete the jobs that ended more than 30 days ago."""
    return f"{queue.purge(context.now)} old jobs deleted"
