"""The consent of advisors to be named: needed for an approval, given in the form of the verdict, withdrawn later."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from advisors import homepage, reviews
from advisors.models import Conflict, NameConsent, Review, Verdict
from advisors.personal_data import consents
from advisors.quorum import declared_conflicts
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Signatory
from core.db.immutable import Immutable
from tests import newsroom
from tests.advisors.review_desk.conftest import place, typed

CONSENT = reverse("board:consent")


def withdraw(advisor) -> None:
    consents.withdraw(advisor=advisor, actor=advisor.user)


@pytest.fixture
def review(cast) -> Review:
    """Return Ada's accepted review; she has withdrawn her consent to be named."""
    newsroom.in_review(cast)
    withdraw(cast.advisors[0])
    found = Review.objects.select_related("advisor__user").get(advisor=cast.advisors[0])
    return reviews.accept(review=found, actor=found.advisor.user)


@pytest.fixture
def ada(client, cast):
    client.force_login(cast.advisors[0].user)
    return client


def words(answer) -> str:
    return answer.content.decode()


def posted(review, **fields: str) -> dict[str, str]:
    return typed(review, consent_to=consents.digest_of(consents.current_words()), **fields)


def given(review) -> str:
    return Review.objects.get(pk=review.pk).verdict


# In the form of the verdict


def test_an_approval_without_consent_is_refused_and_the_form_asks_for_it(ada, review):
    assert consents.current_words() in words(ada.get(place("review", review)))
    answer = ada.post(place("verdict", review), posted(review))
    assert answer.status_code == 400 and "Tick this if you agree." in words(answer)
    assert given(review) == Verdict.NONE


def test_consent_and_approval_are_one_form_and_it_does_not_ask_again(ada, cast, review):
    assert ada.post(place("verdict", review), posted(review, consent="on")).status_code == 302
    row = consents.in_force(cast.advisors[0])
    assert given(review) == Verdict.APPROVE
    assert (row.words, row.made_by) == (consents.current_words(), cast.advisors[0].user)
    newsroom.in_review(cast)
    other = Review.objects.exclude(pk=review.pk).get(advisor=cast.advisors[0])
    reviews.accept(review=other, actor=cast.advisors[0].user)
    assert "Your consent to be named" not in words(ada.get(place("review", other)))


@pytest.mark.parametrize(
    ("verdict", "conflict"), [(Verdict.APPROVE, Conflict.DECLARED), (Verdict.CHANGES, Conflict.NONE)]
)
def test_a_verdict_that_readers_do_not_see_needs_none(cast, review, verdict, conflict):
    newsroom.verdict(review, verdict, conflict)
    assert given(review) == verdict and not NameConsent.objects.in_force().filter(advisor=cast.advisors[0]).exists()


def test_words_that_have_changed_since_are_not_agreed_to(ada, review):
    answer = ada.post(place("verdict", review), {**posted(review, consent="on"), "consent_to": "0" * 64})
    assert answer.status_code == 409 and "The words of the consent have changed." in words(answer)
    assert given(review) == Verdict.NONE


def test_a_refused_verdict_leaves_no_consent_behind(cast, review):
    with pytest.raises(InvalidTransition):
        reviews.give_verdict(
            review=review,
            actor=review.advisor.user,
            authentication=newsroom.SIGNED_IN,
            digest=review.submission.revision.digest,
            conflict=Conflict.NONE,
            verdict=Verdict.APPROVE,
            consent="0" * 64,
        )
    assert consents.in_force(cast.advisors[0]) is None


def test_the_function_and_the_database_refuse_it_too(review):
    with pytest.raises(InvalidTransition, match="Readers see an approval with your name"):
        newsroom.verdict(review)
    statement = (
        "UPDATE advisors_review SET verdict = 'approve', conflict = 'none', verdict_at = invited_at, digest = %s "
        "WHERE id = %s"
    )
    refused = pytest.raises(DatabaseError, match="needs the consent of its bearer")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [review.submission.revision.digest, review.pk])


# Withdrawal


def test_an_approval_does_not_count_after_its_name_was_withdrawn(cast):
    article = newsroom.in_review(cast)
    ada, ben = Review.objects.select_related("advisor__user").order_by("advisor__slug")
    newsroom.verdict(ada)
    withdraw(ada.advisor)
    newsroom.verdict(ben)
    submission = article.submissions.get()
    assert submission.is_open and not Signatory.objects.exists()
    progress = declared_conflicts.rounds_of([submission])[submission.pk].standing
    assert (len(progress.counted), progress.needs_somebody) == (1, True)


def test_what_was_signed_keeps_the_name_and_the_board_does_not_present_them(client, cast):
    article = newsroom.published(cast)
    ada = cast.advisors[0]
    type(ada).objects.filter(pk=ada.pk).update(biography="Measures sleep.", photo="people/ada.webp")
    withdraw(ada)
    assert "Dr Ada" in words(client.get(reverse("website:article", args=[article.slug])))
    board = words(client.get(reverse("experts:experts")))
    assert "Dr Ada" not in board and "Dr Ben" in board
    page = client.get(reverse("experts:expert", args=["ada"]))
    assert "Dr Ada" in words(page) and "do not wish to be presented" in words(page)
    assert "Measures sleep." not in words(page) and "ada.webp" not in words(page)
    assert ada not in homepage.board_members()


def test_whoever_has_neither_agreed_nor_signed_has_no_page(client, cast):
    address = reverse("experts:expert", args=["ada"])
    assert client.get(address).status_code == 200
    withdraw(cast.advisors[0])
    assert client.get(address).status_code == 404


# The page at the desk


def test_the_desk_shows_the_words_and_when_and_withdraws_and_gives_it_again(ada, cast):
    member = cast.advisors[0]
    page = words(ada.get(CONSENT))
    assert consents.current_words() in page and "Articles that you have signed keep your name" in page
    assert ada.post(CONSENT, {"answer": "withdraw"}).url == CONSENT
    assert consents.in_force(member) is None
    assert ada.post(CONSENT, {"answer": "withdraw"}).status_code == 409
    assert "you have not agreed to be named" in words(ada.get(reverse("board:desk")))
    digest = consents.digest_of(consents.current_words())
    ada.post(CONSENT, {"answer": "give", "consent_to": digest})
    ada.post(CONSENT, {"answer": "give", "consent_to": digest})
    assert [row.is_given for row in member.name_consents.order_by("pk")] == [True, False, True]


def test_nobody_consents_for_somebody_else(cast):
    ada, digest = cast.advisors[0], consents.digest_of(consents.current_words())
    for actor in (cast.editor, cast.admin, cast.advisors[1].user):
        with pytest.raises(NotPermitted):
            consents.give(advisor=ada, actor=actor, digest=digest)
        with pytest.raises(NotPermitted):
            consents.withdraw(advisor=ada, actor=actor)


def test_a_consent_is_neither_changed_nor_deleted(cast):
    row = NameConsent.objects.first()
    for refused in (row.delete, row.save, lambda: NameConsent.objects.update(is_given=True)):
        with pytest.raises(Immutable):
            refused()
    for statement in ("UPDATE advisors_nameconsent SET words = 'x'", "DELETE FROM advisors_nameconsent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_page_from_before_the_withdrawal_gets_the_words_and_the_next_press_agrees_to_them(ada, cast, review):
    stale = ada.post(place("verdict", review), typed(review))  # the page showed no consent, because it was in force
    assert stale.status_code == 400 and consents.current_words() in words(stale)
    fields = {name: stale.context["form"][name].value() for name in ("consent", "consent_to")}
    assert fields == {"consent": False, "consent_to": consents.digest_of(consents.current_words())}
    again = ada.post(place("verdict", review), typed(review, **{**fields, "consent": "on"}))
    assert again.status_code == 302 and given(review) == Verdict.APPROVE


def test_words_that_have_changed_are_shown_without_the_tick(ada, review):
    page = ada.post(place("verdict", review), {**posted(review, consent="on"), "consent_to": "0" * 64})
    form = page.context["form"]
    assert form["consent"].value() is False
    assert form["consent_to"].value() == consents.digest_of(consents.current_words())
