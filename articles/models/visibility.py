"""The condition for what readers see, shared by the queries for articles and for publications.

Whether a publication has started or ended is decided by the clock and by the record: once the article's log has an
entry after a start or an end, that start or end counts as past even if the clock is set back. Triggers record this in
`has_started` and `has_ended` (articles.derived_columns), so that no query has to read the log.
"""

from datetime import UTC, datetime

from django.db.models import Q
from django.utils import timezone

# An upper bound that every start meets. It changes no result, but makes SQLite read publications in the order of an
# index by start, which it would not do for the alternatives of `has_begun` alone.
LATEST_START = datetime(9999, 12, 31, tzinfo=UTC)

# The same condition in SQL, for a publication with the table name {0}; both parameters are the time. Use it only to
# read keys; texts are read through `Publication.objects.visible()`.
IN_FORCE_SQL = (
    "({0}.cancelled_at IS NULL AND NOT {0}.has_ended AND ({0}.has_started OR {0}.starts_at <= %s) "
    "AND ({0}.ends_at IS NULL OR {0}.ends_at > %s))"
)


def in_force(at: datetime | None = None, path: str = "") -> Q:
    """Return the condition for a publication that readers see at the aware time `at` (now if None).

    The publication is not cancelled, and starts_at <= at < ends_at, with no upper bound if `ends_at` is None. A start
    or an end that is recorded counts as past even if it is after `at`, so `at` cannot be a time in the past.

    `path` is the lookup that leads to the publication, such as "publications__".
    """
    at = at or timezone.now()
    lasts = Q(**{f"{path}ends_at": None}) | Q(**{f"{path}ends_at__gt": at})
    return Q(**{f"{path}has_ended": False}) & has_begun(at, path) & lasts


def has_begun(at: datetime, path: str = "") -> Q:
    """Return the condition for a publication that has started by the aware time `at` and was not cancelled."""
    begun = Q(**{f"{path}has_started": True}) | Q(**{f"{path}starts_at__lte": at})
    return Q(**{f"{path}cancelled_at": None}) & Q(**{f"{path}starts_at__lte": LATEST_START}) & begun
