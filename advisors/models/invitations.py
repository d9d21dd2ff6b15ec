"""Tokens for links in emails, scheduled emails, and the last runs of commands."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from post_office.models import Email

from advisors.models.reviews import Review
from articles.models import Submission
from core import times
from core.fields import LineField


class ReviewTokenQuerySet(models.QuerySet):
    """Queries of tokens."""

    def good(self) -> "ReviewTokenQuerySet":
        """Return those that are valid now: neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ReviewToken(models.Model):
    """A token that opens one review to its advisor without a password. Only its SHA-256 is stored."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ReviewTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Token of {self.review_id}, until {times.day(self.expires_at)}"


class Occasion(models.TextChoices):
    """Why an email is sent."""

    INVITATION = "invitation", "invitation to review"
    BEFORE_DUE = "before_due", "reminder before the due date"
    OVERDUE = "overdue", "reminder after the due date"
    EDITOR_OVERDUE = "editor_overdue", "to the editors: a review is overdue"
    WEEKLY = "weekly", "weekly digest for the editors"
    DISCLOSURE = "disclosure", "yearly disclosure is due"


class ScheduledEmail(models.Model):
    """An email that falls due at a moment, and whether it was queued. A day without a run loses none: it is still
    unsent.

    `key` makes it unique ("before_due 17 2026-11-30", "weekly 2026-W48 3"); one whose reason has gone by then is
    cancelled.
    """

    occasion = models.CharField(max_length=16, choices=Occasion)
    key = models.CharField(max_length=120, unique=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="letters")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField("due")
    sent_at = models.DateTimeField("queued", null=True)  # when its email was queued, which says itself when it was sent
    cancelled_at = models.DateTimeField("called off", null=True)
    email = models.ForeignKey(Email, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "email that falls due"
        verbose_name_plural = "emails that fall due"
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(occasion__in=Occasion.values), name="scheduled_email_occasion")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, cancelled_at=None), name="scheduled_email_unsent")
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} to {self.recipient}"


class JobRun(models.Model):
    """When a command that runs by a timer last did."""

    name = LineField(max_length=60, unique=True)
    last_run_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
