"""The most recent changes to what readers see, as recorded by triggers in the database."""

from django.db import models
from django.db.models.functions import Now

from core.db.watched_tables import TABLE


class Change(models.Model):
    """A transaction that changed what readers see (pagecache.site_version).

    The rows of this table are the version of the site. No id is used twice.
    """

    # The first of the watched tables that the transaction changed.
    table_name = models.CharField(max_length=63)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = TABLE
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.table_name}"
