"""What readers say is wrong with an article."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models.articles import Article
from articles.models.publications import Publication
from articles.models.revisions import Revision
from core.db.immutable import ImmutableModel, UndeletableModel
from core.fields import LineField, ProseField


class ReportState(models.TextChoices):
    OPEN = "open", "open"
    CORRECTED = "corrected", "corrected"
    NOTHING = "nothing", "nothing to correct"
    SPAM = "spam", "spam"


class ErrorReportQuerySet(models.QuerySet):
    """Reads of error reports."""

    def waiting(self) -> "ErrorReportQuerySet":
        """The open ones that stand by themselves: what is the same as another is dealt with there."""
        return self.filter(state=ReportState.OPEN, same_as=None)


class ErrorReport(models.Model):
    """One report, of the revision that readers had before them. Written by `website.error_reports.handling` alone.

    `address` is the reader's, where they want an answer; it goes when the report is closed. A report that is the same
    as another (`same_as`) is closed and reopened with it. `fingerprint` is a digest of passage and message, empty
    where the words were erased.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="error_reports")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    passage = ProseField("the passage", max_length=1000, blank=True)
    message = ProseField("what is wrong", max_length=4000)
    address = LineField("for an answer", max_length=254, blank=True)
    received_at = models.DateTimeField("received", default=timezone.now)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    times = models.PositiveIntegerField("times received", default=1)
    last_received_at = models.DateTimeField("last received", null=True)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    outcome = ProseField("outcome", max_length=1000, blank=True)
    corrected_in = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("closed", null=True)
    erased_at = models.DateTimeField("erased", null=True)

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-received_at"], name="error_report_state"),
            # The open ones on one article: its form in the admin, and what a report could be the same as.
            models.Index(fields=["article", "state", "-received_at"], name="error_report_of_article"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="error_report_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReportState.OPEN, closed_at=None)
                | (~Q(state=ReportState.OPEN) & Q(closed_at__isnull=False, address="") & ~Q(outcome="")),
                name="error_report_closed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(corrected_in=None) | Q(state=ReportState.CORRECTED), name="error_report_version_corrects"
            ),
            models.CheckConstraint(condition=Q(same_as=None) | ~Q(same_as=F("pk")), name="error_report_not_itself"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(passage="", message="", address="", fingerprint=""),
                name="error_report_erased_is_empty",
            ),
            models.UniqueConstraint(
                fields=["article", "fingerprint"],
                condition=Q(state=ReportState.OPEN, same_as=None) & ~Q(fingerprint=""),
                name="error_report_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return self.state == ReportState.OPEN


class ReportAct(models.TextChoices):
    """What an editor did with a report."""

    ANSWERED = "answered", "answered the reader"
    CLOSED = "closed", "closed it"
    REOPENED = "reopened", "reopened it"
    JOINED = "joined", "marked it as the same as another report"
    PARTED = "parted", "took it apart from the other report"
    ERASED = "erased", "erased the reader's address and words"


class ReportEvent(ImmutableModel):
    """One line of a report's log: who did what, when, and their note. It never holds a reader's address or words."""

    report = models.ForeignKey(ErrorReport, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=ReportAct)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_name = LineField(max_length=120)
    at = models.DateTimeField()
    note = ProseField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(act__in=ReportAct.values), name="report_event_act_known")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_act_display()}"


class ReportAnswer(UndeletableModel):
    """An answer to a reader, who wrote it and when. Its text is never changed, but goes when the report is erased."""

    report = models.ForeignKey(ErrorReport, on_delete=models.PROTECT, related_name="answers")
    text = ProseField(max_length=4000, blank=True)
    recipients = models.PositiveSmallIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_by_name = LineField(max_length=120)
    written_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Answer {self.pk} by {self.written_by_name}"
