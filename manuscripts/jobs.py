"""The job of manuscripts: delete those that nobody made an article of."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from jobs.registry import JobContext, job
from jobs.schedules import Daily
from manuscripts import uploading


@job("manuscripts.purge", label=_("Delete manuscripts that wait too long"), schedule=Daily(time(2, 10)))
def purge(context: JobContext) -> str:
    """Delete the manuscripts that were uploaded a month ago and never became an article; return a summary."""
    return f"{uploading.purge()} deleted"
