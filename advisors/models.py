"""The board: its members, the panel of an article, their reviews and comments."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Profile, User
from articles.models import Article, Submission, Topic
from articles.models.revisions import HEX_DIGEST
from betterment.fields import LineField, ProseField
from betterment.immutable import ImmutableModel, UndeletableModel, UndeletableQuerySet


class Advisor(Profile):
    """A member of the Scientific Advisory Board."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="advisor")
    specialties = models.ManyToManyField(Topic, blank=True, related_name="advisors")
    disclosure = ProseField(
        "standing disclosure", max_length=2000, blank=True, help_text="Interests that readers should know of."
    )
    is_active = models.BooleanField("on the board", default=True)
    history = HistoricalRecords(m2m_fields=[specialties])

    class Meta:
        ordering = ["name"]


class PanelMemberQuerySet(models.QuerySet):
    """Reads of panels."""

    def asked(self) -> "PanelMemberQuerySet":
        """Those whom a submission asks: decided by an editor, still on the board."""
        return self.filter(confirmed=True, advisor__is_active=True)


class PanelMember(models.Model):
    """An advisor for an article. Writers propose, editors decide; those decided on are asked at each submission."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="panel")
    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="panels")
    confirmed = models.BooleanField("decided by an editor", default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PanelMemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "advisor"],
                name="panel_member_once",
                violation_error_message="This advisor is on the panel already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.advisor)


class Response(models.TextChoices):
    NONE = "", "no answer yet"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"


class Conflict(models.TextChoices):
    """A conflict of interest in this text; an explicit “none” counts as stated."""

    UNSTATED = "", "not stated"
    NONE = "none", "none"
    DECLARED = "declared", "declared"


class Verdict(models.TextChoices):
    NONE = "", "not given"
    APPROVE = "approve", "approve"
    CHANGES = "changes", "request changes"


class ReviewQuerySet(UndeletableQuerySet):
    """Reads of reviews."""

    def waiting(self) -> "ReviewQuerySet":
        """Those that an advisor can still give: the submission is open, nothing declined, no verdict."""
        return self.filter(submission__outcome="", verdict=Verdict.NONE).exclude(response=Response.DECLINED)

    def of(self, user: User) -> "ReviewQuerySet":
        """Those asked of this person."""
        return self.filter(advisor__user=user)

    def counting(self) -> "ReviewQuerySet":
        """Approvals that count toward a quorum: accepted, no conflict of interest."""
        return self.filter(response=Response.ACCEPTED, conflict=Conflict.NONE, verdict=Verdict.APPROVE)


class Review(UndeletableModel):
    """One advisor's answer to one submission. Frozen once the verdict is given."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reviews")
    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="reviews")
    advisor_name = LineField(max_length=120)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    response = models.CharField(max_length=10, choices=Response, default=Response.NONE, blank=True)
    responded_at = models.DateTimeField(null=True)
    decline_reason = ProseField(max_length=1000, blank=True)
    conflict = models.CharField(max_length=10, choices=Conflict, default=Conflict.UNSTATED, blank=True)
    conflict_statement = ProseField(max_length=2000, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.NONE, blank=True)
    verdict_at = models.DateTimeField(null=True)
    remarks = ProseField(max_length=5000, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="Of the revision that the verdict speaks of.")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "advisor"], name="review_once"),
            models.CheckConstraint(condition=Q(response__in=Response.values), name="review_response"),
            models.CheckConstraint(condition=Q(conflict__in=Conflict.values), name="review_conflict"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="review_verdict"),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_at=None, digest="")
                | (
                    ~Q(verdict="")
                    & ~Q(conflict="")
                    & Q(response="accepted", verdict_at__isnull=False, digest__regex=HEX_DIGEST)
                ),
                name="review_verdict_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(conflict="declared") | ~Q(conflict_statement=""), name="review_conflict_said"
            ),
            models.CheckConstraint(
                condition=Q(response="", responded_at=None) | (~Q(response="") & Q(responded_at__isnull=False)),
                name="review_response_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advisor_name} on {self.submission.revision}"

    @property
    def is_waiting(self) -> bool:
        """Whether the advisor can still act on it."""
        return self.submission.is_open and not self.verdict and self.response != Response.DECLINED

    def is_overdue(self, today: date) -> bool:
        return self.is_waiting and today > self.submission.due_on


class Comment(ImmutableModel):
    """A remark of the board on a passage, for the writer."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="comments")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_by_name = LineField(max_length=120)
    passage = ProseField(max_length=1000, blank=True, help_text="The words it is about, copied from the text.")
    text = ProseField(max_length=5000)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
