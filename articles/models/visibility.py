"""The one rule of what readers see, shared by the queries of articles and of publications."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone


def in_force(at: datetime | None = None, path: str = "") -> Q:
    """True for a publication that readers see at that aware time: starts_at <= at < ends_at, not cancelled.

    `path` is the look-up that leads to the publication, such as "publications__".
    """
    at = at or timezone.now()
    return Q(**{f"{path}cancelled_at": None, f"{path}starts_at__lte": at}) & (
        Q(**{f"{path}ends_at": None}) | Q(**{f"{path}ends_at__gt": at})
    )
