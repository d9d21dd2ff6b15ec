"""Models of readers' error reports, with their logs and the answers to them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.publications import Publication
from articles.models.revisions import Revision
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel, UndeletableModel
from core.fields import LineField, ProseField


class ReportState(models.TextChoices):
    """The states of a report: open, or the outcome when it was closed."""

    OPEN = "open", _("open")
    CORRECTED = "corrected", _("corrected")
    NOTHING = "nothing", _("nothing to correct")
    SPAM = "spam", _("spam")


class ErrorReportQuerySet(models.QuerySet):
    """Queries on error reports."""

    def waiting(self) -> "ErrorReportQuerySet":
        """Return the open reports that are not marked as the same as another report."""
        return self.filter(state=ReportState.OPEN, same_as=None)


class ErrorReport(models.Model):
    """A reader's report of an error in the revision they read. Only `website.error_reports.handling` writes it.

    `address` is the reader's email address if they want an answer, else ""; it is deleted when the report is closed. A
    report that is marked as the same as another (`same_as`) is closed and reopened together with it. `fingerprint` is a
    digest of passage and message, or "" if the report was erased.
    """

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="error_reports", verbose_name=_("article")
    )
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", verbose_name=_("revision"))
    passage = ProseField(_("the passage"), max_length=1000, blank=True)
    message = ProseField(_("what is wrong"), max_length=4000)
    address = LineField(_("for an answer"), max_length=254, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True, default="")
    times = models.PositiveIntegerField(_("times received"), default=1)
    last_received_at = models.DateTimeField(_("last received"), null=True)
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates", verbose_name=_("same as")
    )
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.OPEN)
    outcome = ProseField(_("outcome"), max_length=1000, blank=True)
    corrected_in = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("corrected in")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    erased_at = models.DateTimeField(_("erased"), null=True)

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        default_permissions = ("view", "change")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-received_at"], name="error_report_state"),
            # Finds the open reports on one article, beside its form in the admin and in the search for duplicates.
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
        return gettext("Report %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        """Return whether the report is open."""
        return self.state == ReportState.OPEN


class ReportAct(models.TextChoices):
    """The actions that an editor can take on a report."""

    ANSWERED = "answered", _("answered the reader")
    CLOSED = "closed", _("closed it")
    REOPENED = "reopened", _("reopened it")
    JOINED = "joined", _("marked it as the same as another report")
    PARTED = "parted", _("separated it from the other report")
    ERASED = "erased", _("erased the reader's address and words")


class ReportEvent(ImmutableModel):
    """An entry in a report's log: action, actor, time and note, but never the reader's email address or words."""

    report = models.ForeignKey(ErrorReport, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=ReportAct)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_name = LineField(max_length=120)
    at = models.DateTimeField()
    note = ProseField(blank=True)
    actor_shown = NameNow("actor_name", "actor_id")

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(act__in=ReportAct.values), name="report_event_act_known")]

    def __str__(self) -> str:
        return f"{self.actor_shown} {self.get_act_display()}"


class ReportAnswer(UndeletableModel):
    """An answer to the readers who sent a report. Its text never changes, but erasing the report empties it.

    `recipients` is the number of readers to whom it was sent.
    """

    report = models.ForeignKey(ErrorReport, on_delete=models.PROTECT, related_name="answers")
    text = ProseField(max_length=4000, blank=True)
    recipients = models.PositiveSmallIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_by_name = LineField(max_length=120)
    written_at = models.DateTimeField()
    written_by_shown = NameNow("written_by_name", "written_by_id")

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Answer {self.pk} by {self.written_by_shown}"
