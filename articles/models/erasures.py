"""Erasures of people's names: who asked for each and why, who carried it out, and what was kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.people import Author
from core.db.immutable import ImmutableModel
from core.fields import ProseField


class Erasure(ImmutableModel):
    """A superuser's request to erase the names of one person: the holder of an account, or an author who has none.

    It has no effect before another superuser carries it out (ErasureRecord).
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reason = ProseField(max_length=500)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.CheckConstraint(
                condition=Q(account=None, author__isnull=False) | Q(account__isnull=False, author=None),
                name="erasure_of_one_person",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="erasure_says_why"),
        ]

    def __str__(self) -> str:
        return gettext("Erasure %(number)s") % {"number": self.pk}


class ErasureRecord(ImmutableModel):
    """The record that an erasure was carried out: by whom and when, and what was erased or kept, with the reasons.

    `erased` maps the names of tables to numbers of rows.
    """

    erasure = models.OneToOneField(Erasure, on_delete=models.PROTECT, related_name="record")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(default=timezone.now)
    erased = models.JSONField()
    kept = ProseField(max_length=4000)

    class Meta:
        verbose_name = _("record of an erasure")
        verbose_name_plural = _("records of erasures")

    def __str__(self) -> str:
        return gettext("Record of erasure %(number)s") % {"number": self.erasure_id}
