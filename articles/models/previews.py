"""What lets somebody read or see a text before it is published: shared links, and who has the form open."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models.articles import Article
from articles.models.revisions import HEX_DIGEST, Revision
from core.db.immutable import UndeletableModel, UndeletableQuerySet
from core.fields import LineField


class PreviewLinkQuerySet(UndeletableQuerySet):
    """Reads of shared links."""

    def usable(self, at: datetime | None = None) -> "PreviewLinkQuerySet":
        """Links that lead somewhere at that time (now, unless another aware time is given)."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())


class PreviewLink(UndeletableModel):
    """An address at which anybody may read one revision until a given time, or until it is revoked.

    The token in that address is shown once and is nowhere kept: `token_hash` is its SHA-256 (articles.previews).
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="preview_links")
    token_hash = models.CharField(max_length=64, unique=True)
    note = LineField("for whom", max_length=120, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(token_hash__regex=HEX_DIGEST), name="preview_link_hash_is_sha256"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="preview_link_ends_later"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="preview_link_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Link to {self.revision}"

    @property
    def is_usable(self) -> bool:
        """Whether the link leads somewhere now."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class Presence(models.Model):
    """Somebody has an article's form open, or had it a moment ago. Passing: rows go after a day."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.article}"
