"""The jobs of this app: seal the log each day, and sign the record of a version when it appears."""

from datetime import time, timedelta
from typing import Any

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from articles.models import Publication, Transition
from articles.signals import publications_turned
from audit import keys, records, seals
from jobs.queue import enqueue
from jobs.registry import JobContext, JobFailed, job
from jobs.schedules import Daily

SHOWING = ("publish", "reinstate")


@job("audit.seal", label=_("Seal the log"), schedule=Daily(time(4, 45)), timeout=timedelta(hours=6))
def seal(context: JobContext) -> str:
    """Seal the log if it has grown or the key has changed, sign the missing records, and return a summary.

    Do nothing if the settings name no key (the system check audit.W001 warns about that). Raise JobFailed if the key
    cannot be used or the file of the seal cannot be written.
    """
    return _seal(context)


@job("audit.sign", label=_("Sign the records of new versions"), timeout=timedelta(hours=1))
def sign_records(context: JobContext) -> str:
    """Sign the records of new versions soon after they appear, and return a summary.

    This seals the log first if it has grown, as the daily job `seal` does, because each record contains a seal. Raise
    JobFailed if the key cannot be used or the file of the seal cannot be written.
    """
    return _seal(context)


def _seal(context: JobContext) -> str:
    if not keys.is_configured():
        return "no signing key: nothing is sealed"
    try:
        newest = seals.seal(context.now)
        made = records.sign_missing(context.now)
    except (keys.NoKey, OSError) as error:
        raise JobFailed(str(error)) from error
    return f"{newest.size if newest else 0} entries sealed, {made} records signed"


def after_publishing(sender: type, instance: Transition, created: bool, **kwargs: Any) -> None:
    """Receive post_save: queue the job that signs records, in the transaction that publishes."""
    if created and instance.verb in SHOWING:
        queue_signing()


def after_start(sender: type, started: list[Publication], **kwargs: Any) -> None:
    """Receive publications_turned: queue the job that signs records if versions have appeared as scheduled."""
    if started:
        queue_signing()


def queue_signing() -> None:
    """Queue the job that signs records, if the settings name a key."""
    if keys.is_configured():
        enqueue("audit.sign")


post_save.connect(after_publishing, sender=Transition, dispatch_uid="sign-published")
publications_turned.connect(after_start, dispatch_uid="sign-started")
