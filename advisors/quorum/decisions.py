"""The board's decision: which verdicts count, whether they settle a round, and what is missing if they do not.

What a decision rests on can change while a round is open: an advisor leaves the board, somebody vouches for another,
the terms change. `reconsider` is called in the transaction of each such change, so that no round waits for a verdict
that will never come.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from advisors.models import Advisor, Conflict, Response, Review, ReviewQuerySet, Verdict, Vouch
from advisors.quorum import signatures
from articles import rounds, workflow
from articles.models import Article, Outcome, Submission, Topic
from articles.permissions import people_of_the_text


@dataclass(frozen=True)
class Standing:
    """How an open round stands: the approvals that count, the number needed, and the topics without a specialist.

    `reading` are the names of the advisors whose verdict can still come and would count.
    """

    counted: tuple[Review, ...]
    needed: int
    lacking: tuple[Topic, ...]
    reading: tuple[str, ...]

    @property
    def is_settled(self) -> bool:
        """Return whether the approvals suffice."""
        return len(self.counted) >= self.needed and not self.lacking

    @property
    def in_words(self) -> str:
        """Return what is missing for a decision and from whom, or an empty string if nothing is."""
        if self.is_settled:
            return ""
        parts = [
            ngettext(
                "%(count)s of %(needed)s approval that counts.",
                "%(count)s of %(needed)s approvals that count.",
                self.needed,
            )
            % {"count": len(self.counted), "needed": self.needed}
        ]
        parts += [
            _("A specialist in “%(topic)s” has to be among those who approve.") % {"topic": topic}
            for topic in self.lacking
        ]
        if self.reading:
            names = get_text_list(list(self.reading), _("and"))
            parts.append(_("Still awaited: %(names)s.") % {"names": names})
        if len(self.counted) + len(self.reading) < self.needed:
            parts.append(_("Nobody else is asked: ask another advisor."))
        return " ".join(parts)


def standing(submission: Submission) -> Standing:
    """Return how an open round stands now. Makes a fixed number of queries, whatever the number of reviews."""
    people, vouched = people_of_the_text(submission.article), _vouched(submission)
    approvals = _approvals(submission).filter(conflict=Conflict.NONE)
    counted = [review for review in approvals if not _why_not(review, people, vouched)]
    waiting = submission.reviews.waiting().filter(advisor__is_active=True, advisor__user__is_active=True)
    reading = waiting.exclude(advisor__user__in=people).order_by("pk").values_list("advisor_name", flat=True)
    return Standing(
        tuple(counted),
        submission.quorum,
        tuple(lacking_specialists(submission.specialists.all(), [review.advisor for review in counted])),
        tuple(reading),
    )


def why_not_counted(review: Review) -> str:
    """Return a sentence that says why an approval does not count toward the quorum of its open round.

    Return an empty string if it counts, if the review is no approval, or if its round has been decided: what was
    decided stands.
    """
    if review.verdict != Verdict.APPROVE or not review.submission.is_open:
        return ""
    submission = review.submission
    found = _approvals(submission).filter(pk=review.pk).first()
    return _why_not(found, people_of_the_text(submission.article), _vouched(submission)) if found else ""


def lacking_specialists(topics: Iterable[Topic], advisors: Iterable[Advisor]) -> list[Topic]:
    """Return those of the topics in which none of these advisors is a specialist."""
    wanted = list(topics)
    if not wanted:
        return []
    there = set(Topic.objects.filter(advisors__in=list(advisors)).values_list("pk", flat=True))
    return [topic for topic in wanted if topic.pk not in there]


def reconsider(submission: Submission, actor: User) -> None:
    """Approve the revision if the verdicts suffice now; end a closing round if nobody is awaited any more.

    `actor` is the person after whose act this is asked. Call this in a transaction that holds the article's lock.
    """
    submission = Submission.objects.select_related("article", "revision").get(pk=submission.pk)
    if submission.is_open:
        found = standing(submission)
        if found.is_settled:
            workflow.approve(
                submission=submission,
                actor=found.counted[-1].advisor.user,
                signatories=[signatures.signatory(review) for review in found.counted],
            )
    elif submission.is_closing:
        rounds.end_if_answered(submission=submission, actor=actor)


def reconsider_rounds_of(advisor: Advisor, actor: User) -> list[Submission]:
    """Reconsider each round that is not over and for which this advisor was asked; return the rounds."""
    with transaction.atomic():
        asked = Submission.objects.filter(reviews__advisor=advisor)
        found = [*asked.filter(outcome=Outcome.OPEN).order_by("article"), *asked.closing().order_by("article")]
        for submission in found:
            Article.objects.select_for_update().get(pk=submission.article_id)
            reconsider(submission, actor)
        return found


def _approvals(submission: Submission) -> ReviewQuerySet:
    """Return the approvals of the submitted revision, oldest first, those with a conflict of interest included."""
    given: ReviewQuerySet = submission.reviews.filter(
        response=Response.ACCEPTED, verdict=Verdict.APPROVE, digest=F("submission__revision__digest")
    )
    return given.select_related("advisor__user", "signature").order_by("verdict_at", "pk")


def _vouched(submission: Submission) -> set[int]:
    """Return the primary keys of the reviews in this round whose signatures somebody vouches for. Makes one query."""
    vouches = Vouch.objects.filter(
        advisor=OuterRef("advisor"),
        account=OuterRef("signature__account"),
        address=OuterRef("signature__account_email"),
        name=OuterRef("signature__name"),
    )
    return set(submission.reviews.filter(Exists(vouches)).order_by().values_list("pk", flat=True))


def _why_not(review: Review, people: Container[int], vouched: Container[int]) -> str:
    """Return why an approval does not count, or an empty string.

    `people` are the users who worked on the text, `vouched` the reviews whose signatures somebody vouches for.
    """
    signature, advisor = review.signature, review.advisor
    if review.conflict == Conflict.DECLARED:
        return _("They declared a conflict of interest, so it does not count.")
    if signature.account_id in people:
        return _("They have written or edited this text, so it does not count.")
    if not advisor.is_active or not advisor.user.is_active:
        return _("They left the board before it decided, so it does not count.")
    if signature.account_id != advisor.user_id:
        return _("It was given by another account than the advisor’s present one, so it does not count.")
    if review.pk not in vouched:
        return _("Nobody has vouched for who they are, so it does not count yet.")
    return ""
