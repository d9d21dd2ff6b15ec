"""The model of the picture library."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import LineField
from pictures.fields import PictureField
from pictures.rendition_digests import RenditionDigest
from pictures.renditions import thumbnail
from pictures.signals import any_use_wanted

__all__ = ["Picture", "PictureQuerySet", "RenditionDigest"]


class PictureQuerySet(models.QuerySet):
    """Queries on the picture library."""

    def available(self) -> "PictureQuerySet":
        """Return the pictures that may be put into an article, that is, all that are not archived."""
        return self.filter(is_archived=False)

    def uploaded_by(self, user: PermissionsMixin | AnonymousUser) -> "PictureQuerySet":
        """Return the pictures that this user has uploaded."""
        return self.filter(uploaded_by=user)

    def search(self, words: str) -> "PictureQuerySet":
        """Return the pictures whose alternative text, caption or credit contains each of the first ten words.

        Each word may be in a different one of these texts; case is ignored.
        """
        found = self
        for word in words.split()[:10]:
            found = found.filter(
                Q(alternative_text__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word)
            )
        return found


class Picture(models.Model):
    """A picture with its texts. Articles refer to its file by name, so the file is never deleted.

    Each file is in the library only once, because its name is the hash of its content.
    """

    image = PictureField(_("picture"), unique=True, width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    alternative_text = LineField(
        _("alternative text"),
        max_length=250,
        help_text=_("Describe the picture in a sentence for readers who cannot see it. For a chart: what it shows."),
    )
    caption = LineField(
        _("caption"),
        max_length=250,
        blank=True,
        help_text=_("Shown below the picture in articles that give it no caption of their own."),
    )
    credit = LineField(
        _("credit"),
        max_length=120,
        help_text=_("Who made it and under which licence, such as “Photo: Jane Doe, CC BY 4.0”."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="pictures",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False, db_index=True)
    is_archived = models.BooleanField(
        _("in the archive"),
        default=False,
        help_text=_("Not offered for new articles. Articles that show it already keep it."),
    )
    history = HistoricalRecords()

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                condition=~Q(alternative_text="") & ~Q(credit=""), name="picture_described_and_credited"
            ),
        ]

    def __str__(self) -> str:
        return self.alternative_text

    def get_absolute_url(self) -> str:
        """Return the URL of the picture's page in the admin."""
        return reverse("admin:pictures_picture_change", args=[self.pk])

    @property
    def url(self) -> str:
        """Return the URL of the picture file."""
        url: str = self.image.url
        return url

    @property
    def thumbnail_url(self) -> str:
        """Return the URL of the narrowest rendition, or of the picture itself if it has no renditions."""
        url: str = self.image.storage.url(thumbnail(self.image.name, self.width))
        return url

    @cached_property
    def is_used(self) -> bool:
        """Return whether anything shows or has ever shown the picture, which then must not be deleted.

        The apps that use pictures answer `pictures.signals.any_use_wanted`. An exception in a receiver propagates, so
        that it never makes a picture look unused.
        """
        return any(answer for _receiver, answer in any_use_wanted.send(sender=Picture, picture=self))
