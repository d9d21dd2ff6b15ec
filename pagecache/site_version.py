"""The version of the site: another one after every committed change of what readers see.

The rows of `Change` are the version; triggers write them (core.db.watched_tables). Each app lists the tables that its
public pages read as `watched_tables` of its configuration. Scheduled starts and ends have no commit: apps name the next
one by `next_change_by`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Subquery

from core.house import memory as house_settings
from pagecache.models import Change

Hook = Callable[[datetime], Sequence[QuerySet]]
_NEXT_CHANGES: list[Hook] = []


@dataclass(frozen=True)
class SiteVersion:
    """What one query found: (id, time) of the latest changes, and the aware time of the next scheduled start or end.

    The times tell a restored database, whose ids may begin anew, from the one before.
    """

    changes: tuple[tuple[int, datetime], ...]
    until: datetime | None

    @property
    def number(self) -> int:
        """The highest id, for people: a transaction that commits late makes another version with the same number."""
        return self.changes[-1][0]


def read(at: datetime) -> SiteVersion:
    """Return the version of the site, and the next start or end after the aware time `at`. One query.

    The house settings are read anew after a change, so that what is rendered for this version shows those of it.
    Without a recorded change, as before `migrate` has installed the triggers, both are empty. Raises DatabaseError.
    """
    questions = [question for hook in _NEXT_CHANGES for question in hook(at)]
    moments = {f"moment_{place}": Subquery(question) for place, question in enumerate(questions)}
    rows = Change.objects.annotate(**moments).order_by("pk")
    rows = list(rows.values_list("pk", "at", *moments))
    house_settings.at_site_version(repr([row[:2] for row in rows]))
    return SiteVersion(tuple(row[:2] for row in rows), min(filter(None, rows[0][2:] if rows else ()), default=None))


def next_change_by(hook: Hook) -> Hook:
    """Decorator: the function returns, for an aware time, queries of one column and one row: the next times at which
    public pages change without a commit.
    """
    _NEXT_CHANGES.append(hook)
    return hook
