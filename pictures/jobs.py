"""The job that makes the renditions of a picture. Storing the picture queues it (pictures.renditions.queue_widths)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jobs.registry import JobContext, JobFailed, job
from pictures.renditions import RENDITIONS, make_widths


@job(RENDITIONS, label=_("Make the resized copies of a picture"), timeout=timedelta(minutes=3), max_attempts=6)
def make_renditions(context: JobContext) -> str:
    """Make the missing renditions; return a summary. Raise JobFailed if the picture cannot be read or decoded."""
    try:
        made = make_widths(context.arguments["name"], context.arguments["width"])
    except (OSError, ValidationError) as error:
        reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise JobFailed(reason) from error
    return f"{len(made)} copies made"
