"""Waivers: the answers that writers give to the warnings of editorial checks."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.articles import Article
from articles.names.shown import NameNow
from core.db.immutable import UndeletableModel, UndeletableQuerySet
from core.fields import LineField, ProseField


class WaiverQuerySet(UndeletableQuerySet["Waiver"]):
    """Queries for waivers."""

    def standing(self, at: datetime | None = None) -> "WaiverQuerySet":
        """Return the waivers in force at the aware time `at` (now if None): neither taken back nor expired."""
        at = at or timezone.now()
        return self.filter(
            Q(made_at__lte=at),
            Q(ended_at=None) | Q(ended_at__gt=at),
            Q(until=None) | Q(until__gte=timezone.localdate(at)),
        )


class Waiver(UndeletableModel):
    """A writer's answer to a warning: the reason why the passage stays. The board reads it beside the text.

    A waiver is for one finding, identified by the check and the passage (Finding.mark), so the warning comes back if
    the passage changes.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="waivers")
    check_id = models.CharField(max_length=8)
    mark = models.CharField(max_length=64)  # identifies the finding (checks.preflight.findings)
    passage = LineField(max_length=300, blank=True)
    reason = ProseField(max_length=500)
    until = models.DateField(null=True, blank=True)  # the last day on which it holds; empty if it does not expire
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by_name = LineField(max_length=120)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = LineField(max_length=120, blank=True)

    made_by_shown = NameNow("made_by_name", "made_by_id")

    objects: ClassVar = WaiverQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "mark"], condition=Q(ended_at=None), name="waiver_one_standing")
        ]

    def __str__(self) -> str:
        return f"{self.check_id}: {self.reason}"
