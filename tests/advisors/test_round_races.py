"""What a decision rests on changes at the moment of the decision: on PostgreSQL, in connections of their own."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import timezone

from advisors import reviews
from advisors.models import Conflict, Review, Verdict
from advisors.personal_data import consents
from advisors.quorum import taking_back
from articles.exceptions import InvalidTransition
from articles.models import Article, Stage
from articles.round_changes.terms import change_terms
from audit import integrity
from tests import newsroom
from tests.audit.chain import Chain
from tests.racing import race

ROUNDS = 12

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL"),
]


@pytest.fixture
def cast(committed) -> Iterator[newsroom.Cast]:
    """Return the cast. After the test, prove the chain of every round: each has an article of its own."""
    assert connection.settings_dict["NAME"].startswith("test_"), "these tests empty the database they run on"
    yield newsroom.cast()
    assert list(integrity.faults()) == []
    Chain().check(timezone.now())


def review_of(article: Article, name: str) -> Review:
    found = Review.objects.select_related("advisor__user", "submission__revision", "submission__article")
    return found.get(submission__article=article, advisor__slug=name)


def deciding_verdict(article: Article, name: str) -> Callable[[], Review]:
    """Return the function that gives this advisor's approval, after which the board can decide."""
    review = review_of(article, name)
    reviews.accept(review=review, actor=review.advisor.user)
    given = {"conflict": Conflict.NONE, "verdict": Verdict.APPROVE, "digest": review.submission.revision.digest}
    return lambda: reviews.give_verdict(
        review=review, actor=review.advisor.user, authentication=newsroom.SIGNED_IN, **given
    )


def refusals(came_to: list[object]) -> list[object]:
    """Return the refusals; assert that nothing else went wrong."""
    found = [result for result in came_to if isinstance(result, Exception)]
    for error in found:
        assert isinstance(error, InvalidTransition), repr(error)
    return found


def stage(article: Article) -> str:
    return Article.objects.get(pk=article.pk).stage


def test_a_verdict_is_taken_back_or_the_board_decides_with_it(cast):
    for _ in range(ROUNDS):
        article = newsroom.in_review(cast)
        first = review_of(article, "ada")
        newsroom.verdict(first)

        def press(review: Review = first) -> Review:
            return taking_back.take_back(review=review, actor=review.advisor.user)

        came_to = race(deciding_verdict(article, "ben"), press)
        decided = stage(article) == Stage.APPROVED
        assert [str(error) for error in refusals(came_to)] == (
            ["The round has been decided, so its verdicts stand."] if decided else []
        )


def test_two_presses_take_a_verdict_back_once(cast):
    for _ in range(ROUNDS):
        article = newsroom.in_review(cast)
        first = review_of(article, "ada")
        newsroom.verdict(first)

        def press(review: Review = first) -> Review:
            return taking_back.take_back(review=review, actor=review.advisor.user)

        assert refusals(race(press, press)) == []
        assert Review.with_taken_back.filter(submission__article=article, advisor__slug="ada").count() == 2


def test_a_consent_is_withdrawn_before_the_decision_or_after_it(cast):
    ada = cast.advisors[0]
    for _ in range(ROUNDS):
        article = newsroom.in_review(cast)
        newsroom.verdict(review_of(article, "ada"))
        came_to = race(deciding_verdict(article, "ben"), lambda: consents.withdraw(advisor=ada, actor=ada.user))
        assert refusals(came_to) == []
        signed = article.submissions.get().outcome == "approved"
        assert signed == (stage(article) == Stage.APPROVED)
        consents.give(advisor=ada, actor=ada.user, digest=consents.digest_of(consents.current_words()))
        assert stage(article) == Stage.APPROVED


def test_terms_are_raised_before_the_decision_or_refused_after_it(cast):
    for _ in range(ROUNDS):
        article = newsroom.in_review(cast, panel=3)
        newsroom.verdict(review_of(article, "ada"))

        def raise_the_quorum(text: Article = article) -> object:
            return change_terms(article=text, actor=cast.editor, quorum=3, reason="The claim is bold.")

        came_to = race(deciding_verdict(article, "ben"), raise_the_quorum)
        assert (stage(article) == Stage.APPROVED) == bool(refusals(came_to))
