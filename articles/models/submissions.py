"""Submissions of a revision to the board, the board's approval, and the advisors who sign it."""

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article, Topic
from articles.models.names import UnderName
from articles.models.revisions import HEX_DIGEST, Revision
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel, UndeletableModel, UndeletableQuerySet
from core.fields import LineField, ProseField


class Reason(models.TextChoices):
    """The reasons for submitting a revision to the board."""

    NEW_TEXT = "new_text", _("new text")
    RENEWAL = "renewal", _("renewal of a review that is due")


class Outcome(models.TextChoices):
    """The outcomes of a submission. While it is open, the outcome is an empty string."""

    OPEN = "", _("open")
    APPROVED = "approved", _("approved")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    RECALLED = "recalled", _("recalled")


@dataclass(frozen=True)
class RoundTerms:
    """The terms of a round: the approvals needed, and the topics that need a specialist among those who approve."""

    quorum: int
    specialists: tuple[Topic, ...] = ()


class SubmissionQuerySet(UndeletableQuerySet["Submission"]):
    """Queries for submissions."""

    def open(self) -> "SubmissionQuerySet":
        """Return the submissions on which the board can still decide."""
        return self.filter(outcome=Outcome.OPEN)

    def closing(self) -> "SubmissionQuerySet":
        """Return the closing rounds: changes are requested, and reviewers who have accepted may still answer."""
        closing = self.filter(outcome=Outcome.CHANGES_REQUESTED, answers_until__gt=timezone.now())
        return closing.filter(answers_until__gt=F("closed_at"))

    def with_quorum_now(self) -> "SubmissionQuerySet":
        """Return the submissions with `quorum_now`, the approvals that each round needs (`Submission.terms_now`)."""
        newest = TermsChange.objects.filter(submission=OuterRef("pk")).order_by("-pk").values("quorum")[:1]
        return self.annotate(quorum_now=Coalesce(Subquery(newest), F("quorum")))


class Submission(UndeletableModel):
    """A round of review of one revision, open until the board decides or the revision is recalled.

    A request for changes is a decision, after which that revision cannot be approved. If other reviewers have accepted
    but not answered yet, the round is then *closing* until its answer deadline, `answers_until`: they may finish, and
    the text stays locked. Closing ends at that time, with the last answer, or when an editor ends the round
    (workflow.end_round); in the last two cases, `answers_until` is then `closed_at`. A trigger also sets it so once the
    article has a log entry or a revision after that time, so that a clock set back does not open the round again
    (articles.derived_columns).
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="submissions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="submissions")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by_name = models.CharField(max_length=120)
    submitted_at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.NEW_TEXT)
    note = ProseField(blank=True)
    due_on = models.DateField()
    # The terms of the round, by the rules at the time of submission: the approvals needed, and the topics in which one
    # of those who approve has to be a specialist. They never change; `terms_now` follows the changes made since.
    quorum = models.PositiveSmallIntegerField()
    specialists = models.ManyToManyField(Topic, related_name="+")
    outcome = models.CharField(
        _("outcome of the round"), max_length=20, choices=Outcome, default=Outcome.OPEN, blank=True
    )
    closed_at = models.DateTimeField(null=True)
    answers_until = models.DateTimeField(null=True)  # the end of closing, if changes are requested

    submitted_by_shown = NameNow("submitted_by_name", "submitted_by_id")

    objects: ClassVar = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(outcome=""), name="submission_open_due")]
        constraints = [
            models.UniqueConstraint(fields=["article"], condition=Q(outcome=""), name="submission_one_open"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="submission_outcome"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="submission_reason"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="submission_quorum_from_one"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="submission_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("submitted_at")),
                name="submission_closed_after_start",
            ),
            models.CheckConstraint(
                condition=Q(answers_until=None) | Q(outcome="changes_requested", answers_until__gte=F("closed_at")),
                name="submission_answers_after_changes",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(revision)s before the board") % {"revision": self.revision}

    def terms_now(self) -> RoundTerms:
        """Return the terms in force: those of the newest change, or else those of the submission.

        Makes two queries, or none if `terms_changes__specialists` and `specialists` are prefetched.
        """
        newest = next(iter(self.terms_changes.all()), None) or self
        return RoundTerms(newest.quorum, tuple(newest.specialists.all()))

    @property
    def is_open(self) -> bool:
        """Return whether the board can still decide on the submission."""
        return self.outcome == Outcome.OPEN

    @property
    def is_closing(self) -> bool:
        """Return whether changes are requested and a reviewer who had accepted may still answer."""
        if self.answers_until is None or self.closed_at is None or self.answers_until == self.closed_at:
            return False
        return timezone.now() < self.answers_until

    @property
    def is_over(self) -> bool:
        """Return whether the submission no longer accepts answers from reviewers."""
        return not self.is_open and not self.is_closing


class TermsChange(ImmutableModel):
    """A change of the terms of an open round by an editor, with the terms from then on (articles.round_changes.terms).

    The database accepts it only together with its entry in the article's log.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="terms_changes")
    quorum_before = models.PositiveSmallIntegerField()
    quorum = models.PositiveSmallIntegerField()
    specialists = models.ManyToManyField(Topic, related_name="+")
    reason = ProseField(max_length=1000)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_by_name = LineField(max_length=120)
    changed_at = models.DateTimeField()
    changed_by_shown = NameNow("changed_by_name", "changed_by_id")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quorum__gte=1), name="terms_change_quorum_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="terms_change_says_why"),
        ]

    def __str__(self) -> str:
        return gettext("%(before)s to %(quorum)s approvals") % {"before": self.quorum_before, "quorum": self.quorum}


class Approval(ImmutableModel):
    """The board's approval of one submission. Only the board's decision creates one (advisors.quorum.decisions)."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="approval")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)
    approved_at = models.DateTimeField()

    class Meta:
        ordering = ["-approved_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=HEX_DIGEST), name="approval_digest_is_sha256"),
        ]

    def __str__(self) -> str:
        return gettext("Approval of %(revision)s") % {"revision": self.revision}


def newest_approval() -> int | None:
    """Return the primary key of the newest approval of the site, or None if there is none.

    It is the default of columns that prove which approvals there were before a row. A clock may be set back, so a time
    cannot prove that.
    """
    return Approval.objects.order_by("-pk").values_list("pk", flat=True).first()


class Signatory(UnderName):
    """An advisor who signed an approval, with their name, position and disclosure on that day.

    These are copies on purpose: people leave and change positions, but the record has to say who signed. The name is
    held by its commitment, because people may change it. The photo is the name of a stored picture, and stored pictures
    never change.
    """

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="signatories")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    position = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)  # of the revision that their verdict is about
    signed_at = models.DateTimeField()
    credentials = LineField(max_length=120, blank=True)
    job_title = LineField(max_length=160, blank=True)
    affiliation = LineField(max_length=160, blank=True)
    disclosure = ProseField(blank=True)  # as it was on file on that day
    photo = models.ImageField(max_length=150, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name_plural = _("signatories")
        constraints = [
            models.UniqueConstraint(fields=["approval", "user"], name="signatory_once"),
            models.CheckConstraint(condition=Q(digest__regex=HEX_DIGEST), name="signatory_digest_is_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name
