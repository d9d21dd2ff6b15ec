"""Who writes."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from accounts.models import Profile


class Author(Profile):
    """A byline and the page behind it. `user` is the colleague who signs in, where there is one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="author"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
