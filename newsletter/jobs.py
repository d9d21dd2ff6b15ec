"""The daily job that deletes unconfirmed sign-ups."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from jobs.registry import JobContext, job
from jobs.schedules import Daily
from newsletter import subscribing


@job("newsletter.purge", label=_("Delete unconfirmed sign-ups"), schedule=Daily(time(4, 20)))
def purge(context: JobContext) -> str:
    """Delete the sign-ups that were not confirmed within seven days, and return a summary for the log."""
    return f"{subscribing.purge()} unconfirmed sign-ups deleted"
