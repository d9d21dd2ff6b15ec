"""What readers say is wrong with an article."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.articles import Article
from articles.models.revisions import Revision
from betterment.fields import LineField, ProseField


class ReportState(models.TextChoices):
    OPEN = "open", "open"
    CORRECTED = "corrected", "led to a correction"
    NOTHING = "nothing", "nothing to correct"


class ErrorReport(models.Model):
    """One report, of the revision that readers had before them. Written by `articles.reports` alone.

    `address` is the reader's, where they want an answer; it goes when the report is closed.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="error_reports")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    passage = ProseField("the passage", max_length=1000, blank=True)
    message = ProseField("what is wrong", max_length=4000)
    address = LineField("for an answer", max_length=254, blank=True)
    received_at = models.DateTimeField("received", default=timezone.now)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    outcome = ProseField("what came of it", max_length=1000, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("closed", null=True)

    class Meta:
        default_permissions = ("view", "change")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "-received_at"], name="error_report_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="error_report_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReportState.OPEN, closed_at=None)
                | (~Q(state=ReportState.OPEN) & Q(closed_at__isnull=False, address="") & ~Q(outcome="")),
                name="error_report_closed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}"
