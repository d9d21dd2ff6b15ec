"""The counters of the rate limits, in a table that all processes share, and the versions of the house settings."""

from django.db import models

from core import times
from core.house.versions import HouseVersion

__all__ = ["Count", "HouseVersion"]


class Count(models.Model):
    """A counter of one kind of action within one time window, which ends at `until`; `key` is a keyed hash."""

    key = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} until {times.moment(self.until)}"
