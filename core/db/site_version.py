"""The version of the site. Every transaction that changes what readers see makes a new version.

The rows of `SiteChange` are the version, and triggers write them (core.db.watched_tables). Each app lists the tables
that its public pages read as `watched_tables` of its AppConfig. A scheduled start or end changes public pages without
anything being saved, so apps name the next such time with `next_change_by`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now

from core.db.watched_tables import TABLE
from core.house import memory as house_settings

Changes = tuple[tuple[int, datetime], ...]
Hook = Callable[[datetime], Sequence[QuerySet]]
_NEXT_CHANGES: list[Hook] = []


class SiteChange(models.Model):
    """A change to what readers see: one row for each transaction on PostgreSQL, or each changed row on SQLite.

    No id is used twice.
    """

    # The first of the watched tables that the transaction changed.
    table_name = models.CharField(max_length=63)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = TABLE
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.table_name}"


@dataclass(frozen=True)
class SiteVersion:
    """The version of the site: (id, time) of the latest changes, and the aware time of the next scheduled start or end.

    In a restored database, ids may start again; the times distinguish its changes from those of the previous database.
    """

    changes: Changes
    until: datetime | None

    @property
    def number(self) -> int:
        """Return the highest id, for display only.

        It does not identify the version: a transaction that commits late makes another version with the same number.
        """
        return self.changes[-1][0]


def read(at: datetime) -> SiteVersion:
    """Return the version of the site, with the next start or end after the aware time `at`. Makes one query.

    If no change is recorded, as before `migrate` has installed the triggers, `changes` is empty and `until` is None.
    Raise DatabaseError if the query fails.
    """
    questions = [question for hook in _NEXT_CHANGES for question in hook(at)]
    moments = {f"moment_{place}": Subquery(question) for place, question in enumerate(questions)}
    rows = list(SiteChange.objects.annotate(**moments).order_by("pk").values_list("pk", "at", *moments))
    changes = _noticed(tuple(row[:2] for row in rows))
    return SiteVersion(changes, min(filter(None, rows[0][2:] if rows else ()), default=None))


def read_changes() -> Changes:
    """Return the `changes` of the version of the site. Makes one query, at a fifth of the cost of `read`.

    Raise DatabaseError if the query fails.
    """
    return _noticed(tuple(SiteChange.objects.order_by("pk").values_list("pk", "at")))


def _noticed(changes: Changes) -> Changes:
    """Return `changes`. If they are new, discard the cached house settings, so that pages show those in force."""
    house_settings.at_site_version(repr(changes))
    return changes


def next_change_by(hook: Hook) -> Hook:
    """Register a function that finds the next times at which public pages change without anything being saved.

    The function gets an aware time. It returns querysets with one column and one row, each the next such time.
    """
    _NEXT_CHANGES.append(hook)
    return hook
