"""Reviews: one advisor's answer to one submission, with its log and its draft."""

from datetime import date
from typing import ClassVar, cast

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from advisors.models.disclosures import Disclosure
from advisors.models.members import Advisor
from articles.models import Outcome, Submission
from articles.models.revisions import HEX_DIGEST
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel, UndeletableModel, UndeletableQuerySet
from core.fields import LineField, ProseField
from core.text import has_words


class Response(models.TextChoices):
    NONE = "", _("no answer yet")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class Conflict(models.TextChoices):
    """An advisor's statement on a conflict of interest in an article. “None” has to be stated explicitly."""

    UNSTATED = "", _("not stated")
    NONE = "none", _("none")
    DECLARED = "declared", _("declared")


class Verdict(models.TextChoices):
    NONE = "", _("not given")
    APPROVE = "approve", _("approve")
    CHANGES = "changes", _("request changes")


class RemarksShown(models.TextChoices):
    """An advisor's choice whether readers see the remarks, and whether with the advisor's name.

    An editor may still withhold them.
    """

    NO = "", _("not shown to readers")
    UNSIGNED = "unsigned", _("shown, without my name beside them")
    SIGNED = "signed", _("shown, with my name")


class ReviewQuerySet(UndeletableQuerySet["Review"]):
    """Queries for reviews."""

    def of_the_request(self, review: "Review") -> "ReviewQuerySet":
        """Return the rows of the same advisor in the same round: the review that stands, and those taken back."""
        return self.filter(submission=review.submission_id, advisor=review.advisor_id)

    def waiting(self) -> "ReviewQuerySet":
        """Return the reviews that can still be given; see `waiting_now`."""
        return self.filter(waiting_now())

    def unanswered(self) -> "ReviewQuerySet":
        """Return the reviews without a verdict, a refusal or a release, whether their round is open or closed."""
        return self.filter(_unanswered())

    def of(self, user: User) -> "ReviewQuerySet":
        """Return the reviews that this user was asked for."""
        return self.filter(advisor__user=user)

    def before(self, review: "Review") -> "ReviewQuerySet":
        """Return the same advisor's reviews of the same article in earlier rounds, the latest round first."""
        # Not "-submission": that would order by the reverse of Submission.Meta.ordering, the oldest round first.
        return self.filter(
            advisor=review.advisor_id,
            submission__article=review.submission.article_id,
            submission__lt=review.submission_id,
        ).order_by("-submission_id")

    def after(self, review: "Review") -> "ReviewQuerySet":
        """Return the same advisor's reviews of the same article in later rounds."""
        return self.filter(
            advisor=review.advisor_id,
            submission__article=review.submission.article_id,
            submission__gt=review.submission_id,
        )


ReviewManager = models.Manager.from_queryset(ReviewQuerySet)


class StandingReviews(ReviewManager["Review"]):
    """The reviews without the verdicts that were taken back, so that no code counts or shows them by accident."""

    def get_queryset(self) -> ReviewQuerySet:
        rows = cast(ReviewQuerySet, super().get_queryset())  # as from_queryset makes it
        return rows.filter(taken_back_at=None)


def waiting_now(prefix: str = "") -> Q:
    """Return the condition that a review can still be given. `prefix` is the path to the review, such as "reviews__".

    The review has no verdict, refusal or release. In addition, its round is open, or changes have been requested, the
    advisor has accepted the review, and the answer deadline (`answers_until`) has not passed.
    """
    closing = Q(
        **{
            f"{prefix}submission__outcome": Outcome.CHANGES_REQUESTED,
            f"{prefix}submission__answers_until__gt": timezone.now(),
            f"{prefix}submission__closed_at__lt": F(f"{prefix}submission__answers_until"),
            f"{prefix}response": Response.ACCEPTED,
        }
    )
    return _unanswered(prefix) & (Q(**{f"{prefix}submission__outcome": Outcome.OPEN}) | closing)


def _unanswered(prefix: str = "") -> Q:
    """Return the condition that a review has no verdict, refusal or release. `prefix` is as for `waiting_now`."""
    return Q(
        **{
            f"{prefix}verdict": Verdict.NONE,
            f"{prefix}response__in": [Response.NONE, Response.ACCEPTED],
            f"{prefix}released_at": None,
        }
    )


class Review(UndeletableModel):
    """One advisor's answer to one submission. A review with a verdict never changes, but may be taken back.

    The advisor takes it back while the round is open (advisors.quorum.taking_back). That sets `taken_back_at`, once,
    and begins another review in the same round. `objects` leaves out what was taken back, as do the reverse relations;
    `with_taken_back` has every row. Conditions that reach reviews by a join have to name `taken_back_at`.
    """

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("submission")
    )
    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("advisor"))
    advisor_name = LineField(_("reviewer"), max_length=120)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited at"), default=timezone.now)
    response = models.CharField(
        _("answer to the invitation"), max_length=10, choices=Response, default=Response.NONE, blank=True
    )
    responded_at = models.DateTimeField(_("responded at"), null=True)
    decline_reason = ProseField(_("decline reason"), max_length=1000, blank=True)
    ask_instead = LineField(
        _("ask instead"), max_length=160, blank=True, help_text=_("Whom the advisor would ask in their place.")
    )
    released_at = models.DateTimeField(
        _("released at"), null=True, help_text=_("When the advisor was released from this round.")
    )
    release_reason = ProseField(_("release reason"), max_length=1000, blank=True)
    conflict = models.CharField(
        _("conflict of interest"), max_length=10, choices=Conflict, default=Conflict.UNSTATED, blank=True
    )
    conflict_statement = ProseField(_("conflict statement"), max_length=2000, blank=True)
    disclosure = models.ForeignKey(
        Disclosure,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("The disclosure that was valid at the verdict."),
        verbose_name=_("disclosure"),
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, default=Verdict.NONE, blank=True)
    verdict_at = models.DateTimeField(_("verdict at"), null=True)
    remarks = ProseField(_("remarks"), max_length=5000, blank=True)
    remarks_shown = models.CharField(
        _("remarks shown"), max_length=8, choices=RemarksShown, default=RemarksShown.NO, blank=True
    )
    digest = models.CharField(
        _("digest"), max_length=64, blank=True, help_text=_("Digest of the revision that the verdict is on.")
    )
    taken_back_at = models.DateTimeField(
        _("taken back at"), null=True, help_text=_("When the advisor took the verdict back. It counts for nothing.")
    )

    advisor_shown = NameNow("advisor_name", "advisor.user_id")

    objects: ClassVar = StandingReviews()
    with_taken_back: ClassVar = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "advisor"], condition=Q(taken_back_at=None), name="review_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | (~Q(verdict="") & Q(taken_back_at__gte=F("verdict_at"))),
                name="review_taken_back_after_verdict",
            ),
            models.CheckConstraint(condition=Q(response__in=Response.values), name="review_response"),
            models.CheckConstraint(condition=Q(conflict__in=Conflict.values), name="review_conflict"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="review_verdict"),
            models.CheckConstraint(condition=Q(remarks_shown__in=RemarksShown.values), name="review_remarks_shown"),
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
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(verdict=""), name="review_released_has_no_verdict"
            ),
        ]

    def __str__(self) -> str:
        values = {"advisor": self.advisor_shown, "revision": self.submission.revision}
        return gettext("%(advisor)s on %(revision)s") % values

    @property
    def is_waiting(self) -> bool:
        """Return whether the review can still be given. In queries, use `waiting_now`."""
        if self.verdict or self.response == Response.DECLINED or self.released_at:
            return False
        return self.submission.is_open or (self.submission.is_closing and self.response == Response.ACCEPTED)

    @property
    def state(self) -> str:
        """Return the state of the review in words."""
        if self.taken_back_at:
            return gettext("%(verdict)s, taken back") % {"verdict": self.get_verdict_display()}
        if self.verdict:
            return self.get_verdict_display()
        if self.response == Response.DECLINED:
            return gettext("declined")
        if self.released_at:
            return gettext("released")
        has_accepted = self.response == Response.ACCEPTED
        if self.is_waiting:
            return gettext("accepted, still reading") if has_accepted else gettext("no answer yet")
        return gettext("accepted, gave no verdict") if has_accepted else gettext("did not answer")

    def is_overdue(self, today: date) -> bool:
        """Return whether the review can still be given and its due date is before `today`."""
        return self.is_waiting and today > self.submission.due_on


class Step(models.TextChoices):
    """The events in the log of a review. Accepting an invitation and giving a verdict are not logged there."""

    DECLINED = "declined", _("declined")
    REOPENED = "reopened", _("will review it after all")
    RELEASED = "released", _("released")
    ASKED_AGAIN = "asked_again", _("asked again")
    MORE_TIME = "more_time", _("asked for more time")


class ReviewStep(ImmutableModel):
    """An entry in the log of a review, such as a refusal, a release or a request for more time.

    `words` is the text of the person who acted. `due_on` is the due date at that time; a request for more time is open
    until the due date changes.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12, choices=Step)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = LineField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    words = ProseField(max_length=1000, blank=True)
    by_shown = NameNow("by_name", "by_id")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(step__in=Step.values), name="review_step_known")]

    def __str__(self) -> str:
        return f"{self.by_shown}: {self.get_step_display()}"


class ReviewDraft(models.Model):
    """The draft of a review: text that an advisor has typed and not sent yet, available on all their devices.

    `typed` maps names of the review desk's fields to their contents. The draft is deleted with the verdict. If the
    round ends without a verdict, the draft stays readable, and its texts are copied to the draft of the next round
    (advisors.drafts).
    """

    review = models.OneToOneField(Review, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    carried_from = models.ForeignKey(
        Review,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("The review whose draft it was copied from."),
    )

    def __str__(self) -> str:
        return f"Draft of {self.review_id}"

    @property
    def has_unsent_comment(self) -> bool:
        """Return whether the draft has text for a comment, a suggestion, or a reply in a thread."""
        return any(
            has_words(words)
            for name, words in self.typed.items()
            if name in ("text", "suggestion") or name.startswith("reply_")
        )


class RemarksWithheld(ImmutableModel):
    """An editor's decision to withhold an advisor's remarks from readers, with the reason. The remarks stay stored."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="withheld")
    withheld_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withheld_by_name = LineField(max_length=120)
    withheld_at = models.DateTimeField(default=timezone.now)
    reason = ProseField(max_length=500)
    withheld_by_shown = NameNow("withheld_by_name", "withheld_by_id")

    def __str__(self) -> str:
        return str(self.reason)
