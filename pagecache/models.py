"""The latest changes of what readers see, as the database's own triggers record them."""

from django.db import models
from django.db.models.functions import Now

from core.db.watched_tables import TABLE


class Change(models.Model):
    """A transaction that changed what readers see (pagecache.site_version). The ids in this table are the version of
    the site: no id is used twice.
    """

    # The first of the watched tables that the transaction changed.
    table_name = models.CharField(max_length=63)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = TABLE
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.table_name}"
