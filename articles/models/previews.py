"""Links that share an unpublished revision, and the record of who has an article's form open."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.revisions import HEX_DIGEST, Revision
from core.db.immutable import UndeletableModel, UndeletableQuerySet
from core.fields import LineField


class PreviewLinkQuerySet(UndeletableQuerySet["PreviewLink"]):
    """Queries for preview links."""

    def usable(self, at: datetime | None = None) -> "PreviewLinkQuerySet":
        """Return the links that work at the aware time `at` (now if None): neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())


class PreviewLink(UndeletableModel):
    """A link that lets anybody read one revision until a given time, or until the link is revoked.

    The token in its URL is shown once and is not stored: `token_hash` is its SHA-256 (articles.preview_links).
    """

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="preview_links", verbose_name=_("revision")
    )
    token_hash = models.CharField(max_length=64, unique=True)
    note = LineField(_("for whom"), max_length=120, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar = PreviewLinkQuerySet.as_manager()

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
        return gettext("Link to %(revision)s") % {"revision": self.revision}

    @property
    def is_usable(self) -> bool:
        """Return whether the link works now: it is neither revoked nor expired."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class Presence(models.Model):
    """A person who has an article's form open, or had it open a moment ago. Rows are deleted after a day."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    # The field and the section in which they have typed since the last request, or "".
    typing_in = LineField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.article}"
