"""The one table of the site-wide pieces: how often something was asked."""

from django.db import models


class Count(models.Model):
    """How often something was asked within one window of time; `key` is a keyed hash (betterment.limits)."""

    key = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} until {self.until:%Y-%m-%d %H:%M}"
