"""The models of this app: counters for rate limits, versions of the house settings, redirects, and site changes."""

from django.db import models

from core import times
from core.db.site_version import SiteChange
from core.house.versions import HouseVersion
from core.redirects.models import Redirect

__all__ = ["Count", "HouseVersion", "Redirect", "SiteChange"]


class Count(models.Model):
    """The number of actions of one kind within one time window (core.rate_limits); `key` is a keyed hash.

    All processes share these rows. A row can be deleted after `until`, when the time window is over.
    """

    key = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} until {times.moment(self.until)}"
