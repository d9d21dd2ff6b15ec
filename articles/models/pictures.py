"""The library of pictures that texts show."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from accounts.models import User
from articles.models.articles import Article
from articles.models.revisions import Revision
from betterment.fields import LineField
from betterment.picture_fields import PictureField
from betterment.picture_widths import thumbnail


def showing(name: str) -> Q:
    """Which working copies or revisions show the stored picture `name`: as their own picture or in their text."""
    return Q(hero_image=name) | Q(body__contains=name) | Q(safety_note__contains=name)


class PictureQuerySet(models.QuerySet):
    """Reads of the library."""

    def on_offer(self) -> "PictureQuerySet":
        """Those that may be put into a text: not in the archive."""
        return self.filter(is_archived=False)

    def uploaded_by(self, user: User) -> "PictureQuerySet":
        """Those that this person has uploaded."""
        return self.filter(uploaded_by=user)

    def search(self, words: str) -> "PictureQuerySet":
        """Those in whose alternative text, caption or credit each of the words stands."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(
                Q(alternative_text__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word)
            )
        return found


class Picture(models.Model):
    """A picture with the words that belong to it. Texts name its file, so the file itself is never taken away.

    The same file is in the library once: its name is the hash of what it holds.
    """

    image = PictureField("picture", unique=True, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alternative_text = LineField(
        max_length=250,
        help_text="Describe the picture in a sentence for readers who cannot see it. For a chart: what it shows.",
    )
    caption = LineField(max_length=250, blank=True, help_text="Stands below the picture unless a text says otherwise.")
    credit = LineField(
        max_length=120, help_text="Who made it and under which licence, such as “Photo: Jane Doe, CC BY 4.0”."
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="pictures"
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    is_archived = models.BooleanField(
        "in the archive",
        default=False,
        help_text="Not offered for new texts any more. Texts that show it go on showing it.",
    )
    history = HistoricalRecords()

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(alternative_text="") & ~Q(credit=""), name="picture_described_and_credited"
            ),
        ]

    def __str__(self) -> str:
        return self.alternative_text

    def get_absolute_url(self) -> str:
        return reverse("admin:articles_picture_change", args=[self.pk])

    @property
    def url(self) -> str:
        return self.image.url

    @property
    def thumbnail_url(self) -> str:
        """The address of what lists show of it."""
        return self.image.storage.url(thumbnail(self.image.name, self.width))

    def articles(self) -> models.QuerySet[Article]:
        """Articles that show it now or in any revision, the last saved first; `shows_now` tells them apart.

        One query. It reads the texts of all revisions, so it is for a page about one picture, not for lists.
        """
        revisions = Revision.objects.filter(showing(self.image.name), article=OuterRef("pk"))
        return (
            Article.objects.annotate(
                shows_now=models.Case(
                    models.When(showing(self.image.name), then=models.Value(True)), default=models.Value(False)
                )
            )
            .filter(Q(shows_now=True) | Exists(revisions))
            .defer("body", "safety_note")
        )

    @cached_property
    def is_used(self) -> bool:
        """Whether any text shows it, or ever did: then it stays, with its record. Asked once for an instance."""
        return self.articles().exists()
