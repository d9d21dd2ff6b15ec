"""The changes of what readers' pages show, as the database's triggers note them."""

import secrets

from django.db import models


def random_mark() -> str:
    """32 signs that nobody has written before."""
    return secrets.token_hex(16)


class Change(models.Model):
    """Something that readers' pages show has changed: the last few times.

    The database's own triggers write it (pagecache.site_version), in the transaction that makes the change. The set of
    the numbers that stand here about the site is the state of the site as stores of pages know it; no number comes
    twice. What else stands here is about parts of it.

    Numbers begin anew in a new database, and go back with one that is taken from a backup; marks do neither. What is
    kept on disk, and may outlive a database, goes by both.
    """

    # A trigger of the version before, while it is still in place, writes neither, and means the site.
    about = models.CharField(max_length=40, default="site", db_default="site")
    mark = models.CharField(max_length=32, default=random_mark, db_default="")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["about", "id"], name="change_about")]

    def __str__(self) -> str:
        return f"{self.about} {self.pk}"
