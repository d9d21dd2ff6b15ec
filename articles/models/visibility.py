"""The rule for what readers see, which the queries of articles and of publications share."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

# The same rule in SQL, of a publication by the name {}; its two parameters are that time. For keys only: texts are read
# through `Publication.objects.visible()`.
IN_FORCE_SQL = "({0}.cancelled_at IS NULL AND {0}.starts_at <= %s AND ({0}.ends_at IS NULL OR {0}.ends_at > %s))"


def in_force(at: datetime | None = None, path: str = "") -> Q:
    """Return the condition for a publication that readers see at that aware time (now if None).

    It is not cancelled, and starts_at <= at < ends_at, where no `ends_at` means no end.

    `path` is the lookup that leads to the publication, such as "publications__".
    """
    at = at or timezone.now()
    return Q(**{f"{path}cancelled_at": None, f"{path}starts_at__lte": at}) & (
        Q(**{f"{path}ends_at": None}) | Q(**{f"{path}ends_at__gt": at})
    )
