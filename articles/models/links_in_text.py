"""The URLs that the texts of revisions link to."""

from django.db import models

from articles.models.revisions import Revision
from sources.models import Link


class LinkInText(models.Model):
    """A link in the text of a revision. Revisions never change, so a row is never out of date."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="texts")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "revision"], name="link_in_text_once")]

    def __str__(self) -> str:
        return f"{self.link_id} in revision {self.revision_id}"
