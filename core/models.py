"""The counters of the rate limits, in a table that all processes share."""

from django.db import models

from core import times


class Count(models.Model):
    """A counter of one kind of action within one time window, which ends at `until`; `key` is a keyed hash."""

    key = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} until {times.moment(self.until)}"
