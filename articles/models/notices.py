"""Corrections of the editors' texts for readers: the notice of a withdrawal, or the note on a published change."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.publications import Publication
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel
from core.fields import LineField, ProseField


class Told(models.TextChoices):
    """The two texts of a publication that are the editors' own words to readers, by the names of their columns."""

    WITHDRAWAL = "notice", _("notice of the withdrawal")
    CHANGE = "change_note", _("note on the change")


class NoticeCorrection(ImmutableModel):
    """New words for a notice or note of one publication, with those that readers saw until then.

    The publication keeps the first words. Only `articles.notices.correcting` writes a row, with its entry in the log.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="notice_corrections")
    about = models.CharField(max_length=11, choices=Told)
    before = ProseField(max_length=2000)
    words = ProseField(max_length=2000)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_by_name = LineField(max_length=120)
    corrected_at = models.DateTimeField()
    corrected_by_shown = NameNow("corrected_by_name", "corrected_by_id")

    class Meta:
        verbose_name = _("correction of a notice")
        verbose_name_plural = _("corrections of notices")
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(about__in=Told.values), name="notice_correction_about"),
            models.CheckConstraint(condition=~Q(words="") & ~Q(before=""), name="notice_correction_has_words"),
            models.CheckConstraint(condition=~Q(words=F("before")), name="notice_correction_changes_words"),
        ]

    def __str__(self) -> str:
        return gettext("%(about)s corrected") % {"about": self.get_about_display()}


def with_notices(publications: QuerySet[Publication]) -> QuerySet[Any, Any]:
    """Annotate each publication with the texts that readers see now, `notice_now` and `note_now`.

    `notice_corrected_at` and `note_corrected_at` are the aware times of their last corrections (None if never).
    """
    newest = NoticeCorrection.objects.filter(publication=OuterRef("pk")).order_by("-pk")
    of_notice, of_note = newest.filter(about=Told.WITHDRAWAL), newest.filter(about=Told.CHANGE)
    return publications.annotate(
        notice_now=Coalesce(Subquery(of_notice.values("words")[:1]), F("notice")),
        notice_corrected_at=Subquery(of_notice.values("corrected_at")[:1]),
        note_now=Coalesce(Subquery(of_note.values("words")[:1]), F("change_note")),
        note_corrected_at=Subquery(of_note.values("corrected_at")[:1]),
    )
