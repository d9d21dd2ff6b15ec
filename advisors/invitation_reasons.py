"""The reasons why an advisor is asked to review an article, and their earlier review of it.

The invitation and the page that it opens show both.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from advisors.models import Advisor, Response, Review, Verdict
from articles.models import Revision
from core import times


@dataclass(frozen=True)
class EarlierReview:
    """The advisor's review of an earlier revision. The present revision is compared with that one."""

    review: Review

    @property
    def revision(self) -> Revision:
        """Return the revision that was reviewed then."""
        return self.review.submission.revision

    @property
    def was_approved(self) -> bool:
        """Return whether the advisor approved that revision."""
        return self.review.verdict == Verdict.APPROVE


@dataclass(frozen=True)
class InvitationReason:
    """The topics of the article that are specialties of the advisor, and the advisor's earlier review, if any."""

    specialties: tuple[str, ...] = ()
    before: EarlierReview | None = None

    @property
    def earlier_in_words(self) -> str:
        """Return a sentence such as “You approved revision 2 on 3 March 2026.”, or "" without an earlier review."""
        if self.before is None:
            return ""
        number, at = self.before.revision.number, self.before.review.verdict_at
        if at is None:
            return _("You accepted revision %(number)s before, and gave no verdict on it.") % {"number": number}
        if self.before.was_approved:
            said = _("You approved revision %(number)s on %(day)s.")
        else:
            said = _("You requested changes to revision %(number)s on %(day)s.")
        return said % {"number": number, "day": times.day(at)}


def earlier_review(review: Review) -> EarlierReview | None:
    """Return the advisor's latest approval of this article from an earlier round, or else their latest accepted review.

    Return None if they have not accepted a review of this article before.
    """
    earlier = (
        Review.objects.before(review)
        .filter(response=Response.ACCEPTED)
        .select_related("submission__revision")
        .prefetch_related("submission__revision__citations", "submission__revision__bylines")
    )
    found = list(earlier)
    chosen = next((row for row in found if row.verdict == Verdict.APPROVE), found[0] if found else None)
    return EarlierReview(chosen) if chosen else None


def other_advisors(review: Review) -> list[str]:
    """Return the names of the other active members of the board, whom the advisor can suggest instead."""
    board = Advisor.objects.filter(is_active=True).exclude(pk=review.advisor_id)
    return list(board.order_by("name", "pk").values_list("name", flat=True))


def reason_for(review: Review, earlier: EarlierReview | None) -> InvitationReason:
    """Return the reasons for asking this advisor, with their earlier review (from `earlier_review`), if any.

    Makes two queries.
    """
    topics = {topic.pk for topic in review.submission.article.topics.all()}
    specialties = tuple(topic.name for topic in review.advisor.specialties.all() if topic.pk in topics)
    return InvitationReason(specialties, earlier)
