"""The condition for what readers see, shared by the queries for articles and for publications."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

# The same condition in SQL, for a publication with the table name {0}; both parameters are the time. For keys only:
# texts are read through `Publication.objects.visible()`.
IN_FORCE_SQL = "({0}.cancelled_at IS NULL AND {0}.starts_at <= %s AND ({0}.ends_at IS NULL OR {0}.ends_at > %s))"


def in_force(at: datetime | None = None, path: str = "") -> Q:
    """Return the condition for a publication that readers see at the aware time `at` (now if None).

    The publication is not cancelled, and starts_at <= at < ends_at, with no upper bound if `ends_at` is None.

    `path` is the lookup that leads to the publication, such as "publications__".
    """
    at = at or timezone.now()
    return Q(**{f"{path}cancelled_at": None, f"{path}starts_at__lte": at}) & (
        Q(**{f"{path}ends_at": None}) | Q(**{f"{path}ends_at__gt": at})
    )
