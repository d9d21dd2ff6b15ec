"""How an open round stands: the approvals that count, who can still approve, and what is missing for a decision."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advisors.models import Advisor, Conflict, NameConsent, Response, Review, Verdict, Vouch
from articles.models import Submission, Topic
from articles.permissions import people_of_the_texts


@dataclass(frozen=True)
class Standing:
    """How one open round stands.

    `counted` are the approvals that count, in the order in which they were given, of `needed`. `able` are the names of
    the advisors who have been asked and can still approve. `lacking` are the topics that need a specialist's approval
    and do not have it; for those in `unasked`, no specialist who has been asked can still give it.
    """

    needed: int
    counted: tuple[Review, ...] = ()
    able: tuple[str, ...] = ()
    lacking: tuple[Topic, ...] = ()
    unasked: tuple[Topic, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Return whether the approvals suffice."""
        return len(self.counted) >= self.needed and not self.lacking

    @property
    def needs_somebody(self) -> bool:
        """Return whether the board cannot approve unless another advisor is asked."""
        return len(self.counted) + len(self.able) < self.needed or bool(self.unasked)

    @property
    def in_words(self) -> str:
        """Return sentences such as “1 of 2 approvals; nobody is left who can approve.”."""
        so_far = ngettext("%(count)s of %(needed)s approval", "%(count)s of %(needed)s approvals", self.needed)
        values = {
            "so_far": so_far % {"count": len(self.counted), "needed": self.needed},
            "names": get_text_list(list(self.able), _("and")),
        }
        if not self.able:
            said = _("%(so_far)s; nobody is left who can approve.")
        elif len(self.counted) + len(self.able) < self.needed:
            said = _("%(so_far)s; only %(names)s can still approve.")
        else:
            said = _("%(so_far)s; %(names)s can still approve.")
        specialists = [
            (
                _("A specialist in “%(topic)s” has to approve, and none has been asked.")
                if topic in self.unasked
                else _("A specialist in “%(topic)s” has to be among those who approve.")
            )
            % {"topic": topic}
            for topic in self.lacking
        ]
        return " ".join([said % values, *specialists])


@dataclass(frozen=True)
class _Facts:
    """What decides whether an approval counts.

    `people` are the users who worked on each text, by the primary key of the article; `vouched` are the reviews whose
    signatures somebody vouches for; `named` are the advisors who agree to be named.
    """

    people: dict[int, set[int]]
    vouched: set[int]
    named: set[int]


def standing(submission: Submission) -> Standing:
    """Return how one open round stands; see `standings`."""
    return standings([submission])[submission.pk]


def standings(submissions: Iterable[Submission]) -> dict[int, Standing]:
    """Return how these open rounds stand, by primary key. The number of queries does not depend on their number."""
    rounds = Submission.objects.filter(pk__in=[submission.pk for submission in submissions])
    rounds = rounds.only("quorum", "article__created_by", "revision__digest").select_related("article", "revision")
    found = list(rounds.prefetch_related("specialists"))
    facts = _facts(found)
    reviews: dict[int, list[Review]] = {submission.pk: [] for submission in found}
    asked = Review.objects.filter(submission__in=reviews).select_related("advisor__user", "signature")
    for review in asked.prefetch_related("advisor__specialties").order_by("verdict_at", "pk"):
        reviews[review.submission_id].append(review)
    return {submission.pk: _standing(submission, reviews[submission.pk], facts) for submission in found}


def why_not_counted(submission: Submission) -> dict[int, str]:
    """Return a sentence for each approval that does not count toward the quorum of an open round, by primary key.

    Return nothing if the round has been decided: what was decided stands. Make no query for a round without approvals,
    and otherwise a fixed number.
    """
    if not submission.is_open:
        return {}
    approvals = submission.reviews.filter(verdict=Verdict.APPROVE).select_related("advisor__user", "signature")
    if not approvals:
        return {}
    facts = _facts([submission])
    found = {review.pk: _why_not(review, submission, facts) for review in approvals}
    return {pk: reason for pk, reason in found.items() if reason}


def lacking_specialists(topics: Iterable[Topic], advisors: Iterable[Advisor]) -> list[Topic]:
    """Return those of the topics in which none of these advisors is a specialist. Makes one query for each advisor.

    Makes none if their specialties are prefetched.
    """
    wanted = list(topics)
    if not wanted:
        return []
    there = {topic.pk for advisor in advisors for topic in advisor.specialties.all()}
    return [topic for topic in wanted if topic.pk not in there]


def _standing(submission: Submission, reviews: Iterable[Review], facts: _Facts) -> Standing:
    """Return how a round stands. The advisors of `reviews` need their specialties."""
    approvals = [review for review in reviews if review.verdict == Verdict.APPROVE]
    counted = [review for review in approvals if not _why_not(review, submission, facts)]
    able = [review for review in reviews if _can_approve(review, facts.people[submission.article_id])]
    lacking = lacking_specialists(submission.specialists.all(), [review.advisor for review in counted])
    return Standing(
        needed=submission.quorum,
        counted=tuple(counted),
        able=tuple(review.advisor.name for review in able),
        lacking=tuple(lacking),
        unasked=tuple(lacking_specialists(lacking, [review.advisor for review in able])),
    )


def _facts(submissions: Iterable[Submission]) -> _Facts:
    """Return the facts about the reviews of these rounds, which need their articles. Makes five queries."""
    submissions = list(submissions)
    vouches = Vouch.objects.filter(
        advisor=OuterRef("advisor"),
        account=OuterRef("signature__account"),
        address=OuterRef("signature__account_email"),
        name=OuterRef("signature__name"),
    )
    reviews = Review.objects.filter(submission__in=submissions)
    consents = NameConsent.objects.in_force().filter(advisor__reviews__submission__in=submissions)
    return _Facts(
        people_of_the_texts([submission.article for submission in submissions]),
        set(reviews.filter(Exists(vouches)).order_by().values_list("pk", flat=True)),
        set(consents.values_list("advisor", flat=True)),
    )


def _why_not(review: Review, submission: Submission, facts: _Facts) -> str:
    """Return why an approval does not count toward the quorum of its round, or an empty string."""
    signature, advisor = review.signature, review.advisor
    if review.conflict == Conflict.DECLARED:
        return _("They declared a conflict of interest, so it does not count.")
    if review.response != Response.ACCEPTED or review.digest != submission.revision.digest:
        return _("It is not on this revision, so it does not count.")
    if signature.account_id in facts.people[submission.article_id]:
        return _("They have written or edited this text, so it does not count.")
    if not advisor.is_active or not advisor.user.is_active:
        return _("They left the board before it decided, so it does not count.")
    if signature.account_id != advisor.user_id:
        return _("It was given by another account than the advisor’s present one, so it does not count.")
    if review.pk not in facts.vouched:
        return _("Nobody has vouched for who they are, so it does not count yet.")
    if advisor.pk not in facts.named:
        return _("They no longer agree to be named, so it does not count.")
    return ""


def _can_approve(review: Review, people: set[int]) -> bool:
    """Return whether the advisor of this review in an open round can still approve. `people` worked on the text."""
    is_open = not review.verdict and review.response != Response.DECLINED and review.released_at is None
    advisor = review.advisor
    return is_open and advisor.is_active and advisor.user.is_active and advisor.user_id not in people
