"""Publications, the intervals in which readers see a revision, and transitions, the log of an article's workflow."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article, Stage
from articles.models.revisions import Revision
from articles.models.submissions import Approval
from articles.models.visibility import has_begun, in_force
from articles.names.shown import NameNow
from core import times
from core.db.immutable import ImmutableModel, UndeletableModel, UndeletableQuerySet
from core.fields import LineField, ProseField


class ChangeKind(models.TextChoices):
    """The kinds of publication that readers are told about."""

    FIRST = "first", _("first publication")
    UPDATE = "update", _("update")
    CORRECTION = "correction", _("correction")
    NEW_REVIEW = "new_review", _("new review")
    REINSTATEMENT = "reinstatement", _("reinstatement")


class PublicationQuerySet(UndeletableQuerySet["Publication"]):
    """Queries for publications: those in force, scheduled, expired, and so on."""

    def visible(self, at: datetime | None = None) -> "PublicationQuerySet":
        """Return the publications in force at the aware time `at` (now if None), at most one for each article.

        Every public page decides with this method what readers may see.
        """
        return self.filter(in_force(at))

    def upcoming(self, at: datetime | None = None) -> "PublicationQuerySet":
        """Return the publications that start after the aware time `at` (now if None) and are not cancelled."""
        return self.filter(cancelled_at=None, has_started=False, starts_at__gt=at or timezone.now())

    def begun(self, at: datetime | None = None) -> "PublicationQuerySet":
        """Return the publications that have started by the aware time `at` (now if None) and were not cancelled."""
        return self.filter(has_begun(at or timezone.now()))

    def noted(self) -> "PublicationQuerySet":
        """Return the publications that have started and have a withdrawal notice or a change note for readers."""
        return self.begun().exclude(notice="", change_note="")

    def withdrawn(self) -> "PublicationQuerySet":
        """Return the publications that ended with a withdrawal notice."""
        return self.filter(cancelled_at=None).exclude(notice="")

    def expired(self, at: datetime | None = None) -> "PublicationQuerySet":
        """Return the publications that expired as planned by `at` (aware; now if None) and have no successor."""
        later = Publication.objects.filter(
            article=OuterRef("article"), cancelled_at=None, starts_at__gt=OuterRef("starts_at")
        )
        ended = self.filter(cancelled_at=None, notice="", expires_at__isnull=False, ends_at=F("expires_at"))
        is_past = Q(has_ended=True) | Q(expires_at__lte=at or timezone.now())
        return ended.filter(is_past).exclude(Exists(later))


class Publication(UndeletableModel):
    """The interval starts_at <= t < ends_at in which readers see one approved revision; no `ends_at` means no end."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="publications")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="publications")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # The planned end, if any. `ends_at` changes when the publication is replaced or withdrawn.
    expires_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=14, choices=ChangeKind, default=ChangeKind.FIRST)
    change_note = ProseField(max_length=1000, blank=True)
    notice = ProseField(max_length=2000, blank=True)  # why it was withdrawn, for readers
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    # The article's slug at that time. If it has changed since, a redirect leads from the old address to the new one.
    published_as = models.CharField(max_length=100)
    # When a scheduled publication was cancelled before it started; readers never saw it.
    cancelled_at = models.DateTimeField(null=True)
    # Whether the start and the end are recorded as past, whatever the clock says. Database triggers write both columns.
    has_started = models.BooleanField(default=False, editable=False)
    has_ended = models.BooleanField(default=False, editable=False)
    # The time of the revision's latest approval. Database triggers write this column (articles.derived_columns).
    reviewed_at = models.DateTimeField(null=True, editable=False)

    published_by_shown = NameNow("published_by_name", "published_by_id")

    objects: ClassVar = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(ends_at=None, cancelled_at=None),
                name="publication_one_open_ended",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="publication_starts_before_ends",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(cancelled_at__lte=F("starts_at")),
                name="publication_cancelled_before_start",
            ),
            models.CheckConstraint(
                condition=Q(notice="") | Q(ends_at__isnull=False), name="publication_notice_means_ended"
            ),
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="publication_kind"),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="publication_starts_at"),
            models.Index(fields=["ends_at"], condition=Q(ends_at__isnull=False), name="publication_ends_at"),
            models.Index(fields=["article"], condition=~Q(notice=""), name="publication_withdrawn"),
            models.Index(
                fields=["expires_at"],
                condition=Q(cancelled_at=None, expires_at__isnull=False),
                name="publication_expires_at",
            ),
            models.Index(
                fields=["reviewed_at"], condition=Q(ends_at=None, cancelled_at=None), name="publication_reviewed"
            ),
            # Tells from the index alone whether readers see an article. Without this index, PostgreSQL uses that of the
            # exclusion constraint, which costs thirty times as much for each article. The columns of the condition are
            # in the index too, because SQLite would otherwise read each row for them.
            models.Index(
                fields=["article", "starts_at", "ends_at", "has_started", "cancelled_at", "has_ended"],
                condition=Q(cancelled_at=None, has_ended=False),
                name="publication_shown",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(article)s from %(time)s") % {"article": self.article, "time": times.moment(self.starts_at)}

    def is_ahead(self, at: datetime) -> bool:
        """Return whether the publication has not started by the aware time `at`."""
        return not self.has_started and self.starts_at > at

    def is_over(self, at: datetime) -> bool:
        """Return whether the publication has ended by the aware time `at`."""
        return self.has_ended or (self.ends_at is not None and self.ends_at <= at)


# The descriptions of the workflow's actions in an article's history (articles.workflow).
IN_WORDS = {
    "revise": _("changed the text, which is a draft again"),
    "submit": _("submitted to the board"),
    "renew": _("asked for a new review"),
    "recall": _("recalled from the board"),
    "request_changes": _("requested changes"),
    "end_round": _("ended the round"),
    "change_due_date": _("changed the due date"),
    "change_terms": _("changed the terms of the round"),
    "take_back_verdict": _("took back a verdict"),
    "approve": _("approved by the board"),
    "publish": _("published"),
    "schedule": _("scheduled"),
    "unschedule": _("called off the schedule"),
    "withdraw": _("withdrew what readers saw"),
    "reinstate": _("reinstated"),
    "correct_notice": _("corrected a notice"),
}


class Transition(ImmutableModel):
    """An entry in an article's history: the action, its actor and time, both stages, the revision, and the reason."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="transitions")
    verb = models.CharField(max_length=20)
    from_stage = models.CharField(max_length=20, choices=Stage)
    to_stage = models.CharField(max_length=20, choices=Stage)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    # None if the site itself acted (workflow.unschedule_retracted).
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = LineField(max_length=120)
    at = models.DateTimeField()
    reason = ProseField(blank=True)
    # The approvals needed from then on, where the action sets them (submit, renew, change_terms). check_integrity
    # compares them with the round.
    quorum = models.PositiveSmallIntegerField(null=True)
    actor_shown = NameNow("actor_name", "actor_id")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], condition=Q(verb="request_changes"), name="transition_sent_back")]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_stage__in=Stage.values, to_stage__in=Stage.values), name="transition_stages"
            ),
        ]

    def __str__(self) -> str:
        return str(IN_WORDS.get(self.verb, self.verb.replace("_", " ")))
