"""How near an open round is to its quorum: the approvals that count, who can still approve, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advisors.models import Conflict, NameConsent, Response, Review, Verdict
from articles.models import Submission
from articles.permissions import people_of_the_texts
from articles.review_terms import terms_of


@dataclass(frozen=True)
class QuorumProgress:
    """The progress of one open round.

    `approvals` is the number of approvals that count, of `needed`. `able` are the names of the advisors who have been
    asked and can still approve. `lacking` are the names of the topics that need a specialist's approval, for which no
    specialist has approved or can still approve.
    """

    needed: int
    approvals: int
    able: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def needs_somebody(self) -> bool:
        """Return whether the board cannot approve unless another advisor is asked."""
        return self.approvals + len(self.able) < self.needed or bool(self.lacking)

    @property
    def in_words(self) -> str:
        """Return sentences such as “1 of 2 approvals; nobody is left who can approve.”."""
        so_far = ngettext("%(count)s of %(needed)s approval", "%(count)s of %(needed)s approvals", self.needed)
        values = {
            "so_far": so_far % {"count": self.approvals, "needed": self.needed},
            "names": get_text_list(list(self.able), _("and")),
        }
        if not self.able:
            said = _("%(so_far)s; nobody is left who can approve.")
        elif self.approvals + len(self.able) < self.needed:
            said = _("%(so_far)s; only %(names)s can still approve.")
        else:
            said = _("%(so_far)s; %(names)s can still approve.")
        specialists = [
            _("A specialist in “%(topic)s” has to approve, and none has been asked.") % {"topic": topic}
            for topic in self.lacking
        ]
        return " ".join([said % values, *specialists])


def progress_of(submissions: Iterable[Submission]) -> dict[int, QuorumProgress]:
    """Return the progress of these open rounds, by primary key. Makes nine queries, however many rounds there are."""
    rounds = Submission.objects.filter(pk__in=[submission.pk for submission in submissions])
    rounds = rounds.only("quorum", "article__created_by", "revision__digest").select_related("article", "revision")
    submissions = list(rounds.prefetch_related("article__topics"))
    people = people_of_the_texts([submission.article for submission in submissions])
    reviews: dict[int, list[Review]] = {submission.pk: [] for submission in submissions}
    asked = Review.objects.filter(submission__in=reviews, advisor__is_active=True).select_related("advisor__user")
    for review in asked.prefetch_related("advisor__specialties").order_by("pk"):
        reviews[review.submission_id].append(review)
    consents = NameConsent.objects.in_force().filter(advisor__reviews__submission__in=reviews)
    named = set(consents.values_list("advisor", flat=True))
    return {
        submission.pk: _progress(submission, reviews[submission.pk], people[submission.article_id], named)
        for submission in submissions
    }


def _progress(submission: Submission, reviews: Iterable[Review], people: set[int], named: set[int]) -> QuorumProgress:
    """Return the progress of one round.

    `people` are the keys of the users who worked on the text, `named` those of the advisors who agree to be named.
    """
    others = [review for review in reviews if review.advisor.user_id not in people]
    approving = [
        review for review in others if review.advisor_id in named and _counts(review, submission.revision.digest)
    ]
    able = [review for review in others if _can_answer(review)]
    covered = {topic.pk for review in (*approving, *able) for topic in review.advisor.specialties.all()}
    return QuorumProgress(
        needed=submission.quorum,
        approvals=len(approving),
        able=tuple(review.advisor.name for review in able),
        lacking=tuple(str(topic) for topic in terms_of(submission.article).specialists if topic.pk not in covered),
    )


def _counts(review: Review, digest: str) -> bool:
    """Return whether this review is an approval that counts toward the quorum of the revision with this digest."""
    is_free = review.conflict == Conflict.NONE
    return is_free and review.verdict == Verdict.APPROVE and review.digest == digest


def _can_answer(review: Review) -> bool:
    """Return whether the advisor of this review in an open round can still give a verdict."""
    is_open = not review.verdict and review.response != Response.DECLINED and review.released_at is None
    return is_open and review.advisor.user.is_active
