"""Tokens for links in emails, and scheduled emails."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from post_office.models import Email

from advisors.models.reviews import Review
from articles.models import Submission
from core import times


class ReviewTokenQuerySet(models.QuerySet["ReviewToken"]):
    """Queries for tokens."""

    def good(self) -> "ReviewTokenQuerySet":
        """Return the tokens that are valid now: neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def to(self, review: Review) -> "ReviewTokenQuerySet":
        """Return the tokens that open this review, including those sent before a verdict was taken back."""
        return self.filter(review__submission=review.submission_id, review__advisor=review.advisor_id)


class ReviewToken(models.Model):
    """A token that opens one review to its advisor without a password. Only its SHA-256 is stored."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_to = models.EmailField()
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
    """The occasions on which scheduled emails are sent."""

    INVITATION = "invitation", _("invitation to review")
    BEFORE_DUE = "before_due", _("reminder before the due date")
    OVERDUE = "overdue", _("reminder after the due date")
    EDITOR_OVERDUE = "editor_overdue", _("to the editors: a review is overdue")
    WEEKLY = "weekly", _("weekly digest for the editors")
    DISCLOSURE = "disclosure", _("yearly disclosure is due")


class ScheduledEmail(models.Model):
    """An email that is due at a given time (`due_at`), with the record of whether it was queued or cancelled.

    If the job runs late, the email is queued late. If the reason for the email no longer exists by then, it is
    cancelled. `key` prevents duplicates ("before_due 17 2026-11-30", "weekly 2026-W48 3").
    """

    occasion = models.CharField(_("occasion"), max_length=16, choices=Occasion)
    key = models.CharField(max_length=120, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recipient")
    )
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="scheduled_emails")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(_("due"))
    # The time at which the email was queued. The email itself (`email`) records when it was sent.
    sent_at = models.DateTimeField(_("queued"), null=True)
    cancelled_at = models.DateTimeField(_("called off"), null=True)
    email = models.ForeignKey(Email, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("scheduled email")
        verbose_name_plural = _("scheduled emails")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(occasion__in=Occasion.values), name="scheduled_email_occasion")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, cancelled_at=None), name="scheduled_email_unsent")
        ]

    def __str__(self) -> str:
        values = {"occasion": self.get_occasion_display(), "recipient": self.recipient}
        return gettext("%(occasion)s to %(recipient)s") % values
