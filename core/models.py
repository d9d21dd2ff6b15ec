"""How often something was asked, counted in a table that all processes share."""

from django.db import models

from core import times


class Count(models.Model):
    """How often something was asked within one window of time; `key` is a keyed hash (core.rate_limits)."""

    key = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} until {times.moment(self.until)}"
