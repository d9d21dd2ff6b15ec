"""The effects on open rounds when an advisor withdraws the consent to name and portrait, or gives it again.

An approval counts only while its advisor agrees to be named. Importing this module connects the receiver, which runs in
the transaction that stores the consent or its withdrawal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.signals import post_save
from django.utils.translation import gettext as _

from advisors.models import Conflict, NameConsent, Response, Review, ReviewQuerySet, Verdict
from advisors.quorum import decisions, emails
from advisors.quorum.standing import standings
from articles.models import Outcome


@dataclass(frozen=True)
class RoundWithoutConsent:
    """A review in an open round whose advisor has withdrawn consent, and what the round still needs."""

    review: Review
    missing: str

    @property
    def in_words(self) -> str:
        """Return sentences on what the advisor cannot do without consent, and what the round still needs."""
        if self.review.verdict == Verdict.APPROVE and self.review.conflict == Conflict.NONE:
            said = _("Their approval does not count until they agree again.")
        else:
            said = _("They cannot approve until they agree again.")
        return f"{said} {self.missing}"


def withdrawn() -> ReviewQuerySet:
    """Return the reviews of open rounds whose advisors have withdrawn consent, the earliest due date first.

    Advisors who declined or were released, and verdicts with a conflict of interest, are left out: nobody would be
    named for them.
    """
    newest = NameConsent.objects.filter(advisor=OuterRef("advisor")).order_by("-pk").values("is_given")[:1]
    found: ReviewQuerySet = Review.objects.annotate(agrees=Subquery(newest)).filter(
        agrees=False, submission__outcome=Outcome.OPEN, released_at=None
    )
    found = found.exclude(response=Response.DECLINED).exclude(conflict=Conflict.DECLARED)
    return found.order_by("submission__due_on", "pk")


def rounds_of(reviews: Iterable[Review]) -> list[RoundWithoutConsent]:
    """Return a RoundWithoutConsent for each of these reviews, in their order, in a fixed number of queries.

    `reviews` need their submissions with the articles and revisions.
    """
    reviews = list(reviews)
    found = standings({review.submission for review in reviews})
    return [RoundWithoutConsent(review, found[review.submission_id].in_words) for review in reviews]


def follow(sender: type, instance: NameConsent, created: bool, **kwargs: Any) -> None:
    """Receive post_save: tell the editors of a withdrawal; after a consent, let the board decide anew."""
    advisor = instance.advisor
    if instance.is_given:
        decisions.reconsider_rounds_of(advisor, instance.made_by)
        return
    theirs = withdrawn().filter(advisor=advisor)
    found = rounds_of(theirs.select_related("submission__article", "submission__revision"))
    emails.editors_consent_withdrawn(advisor, [(one.review.submission, one.in_words) for one in found])


post_save.connect(follow, sender=NameConsent, dispatch_uid="board-consent")
