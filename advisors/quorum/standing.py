"""The standing of an open round: which approvals count, who can still approve, and what a decision still needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, TextChoices
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from advisors.models import Advisor, Conflict, NameConsent, Response, Review, Verdict, Vouch
from articles.models import Submission, Topic
from articles.models.same_person import Persons, persons
from articles.permissions import people_of_the_texts


class WhyNot(TextChoices):
    """Why an approval does not count toward the quorum of its open round, in words for the newsroom."""

    CONFLICT = "conflict", gettext_lazy("They declared a conflict of interest, so it does not count.")
    OTHER_REVISION = "other_revision", gettext_lazy("It is not on this revision, so it does not count.")
    OF_THE_TEXT = "of_the_text", gettext_lazy("They have written or edited this text, so it does not count.")
    LEFT = "left", gettext_lazy("They left the board before it decided, so it does not count.")
    OTHER_ACCOUNT = (
        "other_account",
        gettext_lazy("It was given by another account than the advisor’s present one, so it does not count."),
    )
    NOT_NAMED = "not_named", gettext_lazy("They no longer agree to be named, so it does not count.")
    NOT_VOUCHED = "not_vouched", gettext_lazy("Nobody has vouched for who they are, so it does not count yet.")
    SIGNED_BEFORE = (
        "signed_before",
        gettext_lazy(
            "Nobody had vouched for the name and address under which they signed it, and these have changed since. It "
            "counts only if they take it back and give it again."
        ),
    )
    SAME_PERSON = "same_person", gettext_lazy("The same person has approved already, so it does not count again.")


@dataclass(frozen=True)
class NotCounted:
    """The reason why an approval does not count.

    If the same person has approved by another account (SAME_PERSON), `same_as` is the name on that approval.
    """

    why: WhyNot
    same_as: str = ""

    @property
    def in_words(self) -> str:
        """Return a sentence for the newsroom that says why it does not count."""
        if self.why == WhyNot.SAME_PERSON:
            said = _("They are one person with %(name)s, who has approved already, so it does not count again.")
            return said % {"name": self.same_as}
        return str(self.why.label)

    @property
    def needs_vouch(self) -> bool:
        """Return whether it counts as soon as somebody vouches for the advisor."""
        return self.why == WhyNot.NOT_VOUCHED


@dataclass(frozen=True)
class Standing:
    """The standing of one open round.

    `needed` is the quorum, and `counted` are the approvals that count, in the order in which they were given. `able`
    are the names of the advisors who have been asked and can still approve. `given_unvouched` are the names of those
    whose approval counts as soon as somebody vouches for them, and `unvouched` also those among `able` for whom nobody
    vouches yet. `lacking` are the topics that need a specialist's approval and do not have it; for those in `unasked`,
    no specialist who has been asked can still give it.
    """

    needed: int
    counted: tuple[Review, ...] = ()
    able: tuple[str, ...] = ()
    lacking: tuple[Topic, ...] = ()
    unasked: tuple[Topic, ...] = ()
    given_unvouched: tuple[str, ...] = ()
    unvouched: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Return whether the approvals suffice."""
        return len(self.counted) >= self.needed and not self.lacking

    @property
    def needs_somebody(self) -> bool:
        """Return whether the board cannot approve unless another advisor is asked."""
        return self._possible < self.needed or bool(self.unasked)

    @property
    def _possible(self) -> int:
        """Return how many approvals the round can still come to without another advisor."""
        return len(self.counted) + len(self.given_unvouched) + len(self.able)

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
        elif self._possible < self.needed:
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
        vouches = []
        if self.unvouched:
            names = get_text_list(list(self.unvouched), _("and"))
            vouches.append(
                _("An approval by %(names)s counts only once somebody vouches for who they are.") % {"names": names}
            )
        return " ".join([said % values, *vouches, *specialists])


@dataclass(frozen=True)
class _Facts:
    """The facts that decide whether an approval counts.

    `people` are the users who worked on each text, by the primary key of the article; `vouched` are the reviews whose
    signatures somebody vouches for; `vouched_now` are the advisors for whom somebody vouches as they are now; `named`
    are the advisors who agree to be named; `known` are the people behind the accounts.
    """

    people: dict[int, set[int]]
    vouched: set[int]
    vouched_now: set[int]
    named: set[int]
    known: Persons


def standing(submission: Submission) -> Standing:
    """Return the standing of one open round; see `standings`."""
    return standings([submission])[submission.pk]


def standings(submissions: Iterable[Submission]) -> dict[int, Standing]:
    """Return the standing of each of these open rounds, by its primary key, in a fixed number of queries."""
    rounds = Submission.objects.filter(pk__in=[submission.pk for submission in submissions])
    rounds = rounds.only("quorum", "article__created_by", "revision__digest").select_related("article", "revision")
    found = list(rounds.prefetch_related("specialists", "terms_changes__specialists"))
    facts = _facts(found)
    reviews: dict[int, list[Review]] = {submission.pk: [] for submission in found}
    asked = Review.objects.filter(submission__in=reviews).select_related(
        "advisor__user", "signature__signed_name__shown_as"
    )
    for review in asked.prefetch_related("advisor__specialties").order_by("verdict_at", "pk"):
        reviews[review.submission_id].append(review)
    return {submission.pk: _standing(submission, reviews[submission.pk], facts) for submission in found}


def why_not_counted(submission: Submission) -> dict[int, NotCounted]:
    """Return why approvals do not count toward the quorum of an open round, by primary key.

    Return {} if the round has been decided, because the decision stands. Makes no query for a round without approvals,
    and otherwise a fixed number.
    """
    if not submission.is_open:
        return {}
    approvals = submission.reviews.filter(verdict=Verdict.APPROVE).select_related(
        "advisor__user", "signature__signed_name__shown_as"
    )
    if not approvals:
        return {}
    facts = _facts([submission])
    return _reasons(approvals.order_by("verdict_at", "pk"), submission, facts)


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
    terms = submission.terms_now()
    approvals = [review for review in reviews if review.verdict == Verdict.APPROVE]
    not_counted = _reasons(approvals, submission, facts)
    counted = [review for review in approvals if review.pk not in not_counted]
    waiting = [review for review in approvals if review.pk in not_counted and not_counted[review.pk].needs_vouch]
    # Each person counts once, by whichever account they approve.
    people = {facts.known.person(review.signature.account_id) for review in (*counted, *waiting)}
    able = []
    for review in reviews:
        person = facts.known.person(review.advisor.user_id)
        if person not in people and _can_approve(review, facts.people[submission.article_id]):
            people.add(person)
            able.append(review)
    lacking = lacking_specialists(terms.specialists, [review.advisor for review in counted])
    return Standing(
        needed=terms.quorum,
        counted=tuple(counted),
        able=tuple(review.advisor.name for review in able),
        lacking=tuple(lacking),
        unasked=tuple(lacking_specialists(lacking, [review.advisor for review in (*waiting, *able)])),
        given_unvouched=tuple(review.advisor.name for review in waiting),
        unvouched=tuple(
            review.advisor.name
            for review in (*waiting, *able)
            if review.verdict or review.advisor_id not in facts.vouched_now
        ),
    )


def _facts(submissions: Iterable[Submission]) -> _Facts:
    """Return the facts about the reviews of these rounds, which need their articles. Makes nine queries."""
    submissions = list(submissions)
    vouches = Vouch.objects.filter(
        advisor=OuterRef("advisor"),
        account=OuterRef("signature__account"),
        address=OuterRef("signature__account_email"),
        signed_name=OuterRef("signature__signed_name"),
    )
    reviews = Review.objects.filter(submission__in=submissions)
    vouched_now = Vouch.objects.valid().filter(advisor__reviews__submission__in=submissions)
    consents = NameConsent.objects.in_force().filter(advisor__reviews__submission__in=submissions)
    return _Facts(
        people_of_the_texts([submission.article for submission in submissions]),
        set(reviews.filter(Exists(vouches)).order_by().values_list("pk", flat=True)),
        set(vouched_now.order_by().values_list("advisor", flat=True)),
        set(consents.values_list("advisor", flat=True)),
        persons(),
    )


def _reasons(approvals: Iterable[Review], submission: Submission, facts: _Facts) -> dict[int, NotCounted]:
    """Return why approvals do not count toward the quorum of their round, by primary key, without those that count.

    If one person has approved by several accounts, the first approval that counts does.
    """
    reasons: dict[int, NotCounted] = {}
    by_person: dict[int, str] = {}
    unvouched: list[Review] = []
    for review in approvals:
        person = facts.known.person(review.signature.account_id)
        if reason := _why_not(review, submission, facts):
            reasons[review.pk] = NotCounted(reason)
            if reason == WhyNot.NOT_VOUCHED:
                unvouched.append(review)
        elif person in by_person:
            reasons[review.pk] = NotCounted(WhyNot.SAME_PERSON, by_person[person])
        else:
            by_person[person] = review.advisor_shown
    for review in unvouched:  # a vouch would not help whoever has approved by another account
        person = facts.known.person(review.signature.account_id)
        if person in by_person:
            reasons[review.pk] = NotCounted(WhyNot.SAME_PERSON, by_person[person])
    return reasons


def _why_not(review: Review, submission: Submission, facts: _Facts) -> WhyNot | None:
    """Return why an approval does not count toward the quorum of its round, or None."""
    signature, advisor = review.signature, review.advisor
    if review.conflict == Conflict.DECLARED:
        return WhyNot.CONFLICT
    if review.response != Response.ACCEPTED or review.digest != submission.revision.digest:
        return WhyNot.OTHER_REVISION
    if signature.account_id in facts.people[submission.article_id]:
        return WhyNot.OF_THE_TEXT
    if not advisor.is_active or not advisor.user.is_active:
        return WhyNot.LEFT
    if signature.account_id != advisor.user_id:
        return WhyNot.OTHER_ACCOUNT
    if advisor.pk not in facts.named:
        return WhyNot.NOT_NAMED
    if review.pk not in facts.vouched:
        is_present = (signature.account_email, signature.signed_name.name) == (advisor.user.email, advisor.name)
        return WhyNot.NOT_VOUCHED if is_present else WhyNot.SIGNED_BEFORE
    return None


def _can_approve(review: Review, people: set[int]) -> bool:
    """Return whether the advisor of this review in an open round can still approve. `people` worked on the text."""
    is_open = not review.verdict and review.response != Response.DECLINED and review.released_at is None
    advisor = review.advisor
    return is_open and advisor.is_active and advisor.user.is_active and advisor.user_id not in people
