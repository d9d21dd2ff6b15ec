"""Models of retraction notices, lookups at Crossref and PubMed, and links with the responses to their checks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import times
from core.fields import LineField
from sources.models.sources import DoiField, PmidField, Source


class NoticeOrigin(models.TextChoices):
    """The origins of notices: services such as Crossref, editors, and imported files (to be confirmed)."""

    RETRACTION_WATCH = "retraction_watch", "Retraction Watch"
    CROSSREF = "crossref", "Crossref"
    PUBMED = "pubmed", "PubMed"
    EDITOR = "editor", _("an editor")
    FILE = "file", _("an imported file")


class Nature(models.TextChoices):
    """The kinds of notice about a work."""

    RETRACTION = "retraction", _("retraction")
    CONCERN = "concern", _("expression of concern")
    CORRECTION = "correction", _("correction")
    REINSTATEMENT = "reinstatement", _("reinstatement")


class RetractionNotice(models.Model):
    """A notice about one work. Notices about works that are not in the library are stored too, for sources added later.

    A notice names its work by DOI, by PMID, or, if an editor entered it, by the source itself.
    """

    said_by = models.CharField(_("given by"), max_length=20, choices=NoticeOrigin)
    record = models.CharField(
        _("number"), max_length=200, help_text=_("The number that the register gives this notice.")
    )
    nature = models.CharField(_("kind of notice"), max_length=16, choices=Nature)
    noticed_on = models.DateField(
        _("date of the notice"), null=True, help_text=_("The date on the notice, if it has one.")
    )
    doi = DoiField(_("DOI of the work"), max_length=200, blank=True)
    pmid = PmidField(_("PMID of the work"), max_length=9, blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, null=True, blank=True, related_name="own_notices"
    )
    notice_doi = DoiField(_("DOI of the notice"), max_length=200, blank=True)
    reason = LineField(_("reason"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("on record since"))

    class Meta:
        verbose_name, verbose_name_plural = _("retraction notice"), _("retraction notices")
        ordering = ["-noticed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["said_by", "record", "doi", "pmid"], name="retraction_notice_once"),
            models.CheckConstraint(condition=Q(said_by__in=NoticeOrigin.values), name="retraction_notice_speaker"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="retraction_notice_nature"),
            models.CheckConstraint(
                condition=~Q(doi="") | ~Q(pmid="") | Q(source__isnull=False), name="retraction_notice_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["doi"], condition=~Q(doi=""), name="retraction_notice_doi"),
            models.Index(fields=["pmid"], condition=~Q(pmid=""), name="retraction_notice_pmid"),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display().capitalize()} ({self.get_said_by_display()})"


class RegisterAnswer(models.TextChoices):
    """The outcomes of a request to Crossref or PubMed.

    After a failure nothing is known about the work, which does not mean that there is no notice.
    """

    ANSWERED = "answered", _("answered")
    NOT_FOUND = "not_found", _("not found there")
    FAILED = "failed", _("no answer")


class SourceLookup(models.Model):
    """The last request to Crossref or PubMed about a source, and its outcome."""

    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="lookups")
    asked = models.CharField(_("asked"), max_length=20, choices=NoticeOrigin)
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("answer"), max_length=10, choices=RegisterAnswer)
    detail = LineField(_("detail"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, help_text=_("When it last answered."))

    class Meta:
        verbose_name, verbose_name_plural = _("source lookup"), _("source lookups")
        constraints = [models.UniqueConstraint(fields=["source", "asked"], name="source_lookup_once")]

    def __str__(self) -> str:
        return f"{self.get_asked_display()}: {self.get_answer_display()}"


class LinkState(models.TextChoices):
    """The states of a URL, derived from its responses (sources.link_states)."""

    UNKNOWN = "", _("unknown")
    ALIVE = "alive", _("works")
    MOVED = "moved", _("moved, to be checked")
    DEAD = "dead", _("dead")


class LinkFinding(models.TextChoices):
    """The possible meanings of one response for a URL (sources.link_states)."""

    PAGE = "page", _("a page")
    ELSEWHERE = "elsewhere", _("redirected to a homepage or a sign-in page")
    NOT_FOUND = "not_found", _("not found")
    GONE = "gone", _("gone for good")
    FAILED = "failed", _("failed")
    NOT_LET_IN = "not_let_in", _("access was refused")


class Link(models.Model):
    """A URL that is checked regularly, such as that of a source, and its state (sources.link_checks).

    `looked_at` and `looked_by` record when and by whom the page was found fine in spite of its state. A new state, or a
    redirect to another place than before, clears them.
    """

    url = models.CharField(_("web address"), max_length=500, unique=True)
    state = models.CharField(_("state"), max_length=5, choices=LinkState, default=LinkState.UNKNOWN, blank=True)
    checked_at = models.DateTimeField(_("last checked"), null=True)
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked at by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name, verbose_name_plural = _("link"), _("links")
        ordering = ["checked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LinkState.values), name="link_state"),
            models.CheckConstraint(
                condition=Q(looked_at=None, looked_by=None) | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="link_looked_at_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class LinkAnswer(models.Model):
    """One check of a URL, and the response, if there was one."""

    link = models.ForeignKey(Link, verbose_name=_("link"), on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField(_("at"))
    answers = models.BooleanField(_("answers"), help_text=_("Whether a page was there."))
    finding = models.CharField(_("finding"), max_length=10, choices=LinkFinding)
    status = models.PositiveSmallIntegerField(_("status"), null=True, help_text=_("The HTTP status, if there was one."))
    detail = LineField(_("detail"), max_length=300, blank=True)
    moved_to = models.CharField(_("moved to"), max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("link answer"), _("link answers")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["link", "-at"], name="link_answer_latest")]

    def __str__(self) -> str:
        return f"{times.day(self.at)}: {self.status or self.detail}"
