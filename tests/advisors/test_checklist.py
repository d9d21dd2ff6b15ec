"""The check-list at the start of a review, and the answers to it that belong to a verdict."""

from html import unescape
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import reviews
from advisors.models import ChecklistAnswer, ChecklistItem, Conflict, Review, Verdict
from advisors.quorum import signatures
from articles.exceptions import InvalidTransition
from articles.models import Article, Stage
from tests import mailing, newsroom
from tests.admin_forms import address, form_of

shipped = import_module("advisors.migrations.0003_checklist")


@pytest.fixture
def ours(cast) -> list[ChecklistItem]:
    shipped.fill(apps, None)
    return list(ChecklistItem.objects.all())


def test_the_questions_come_once_in_their_order(ours):
    shipped.fill(apps, None)
    assert [item.question for item in ChecklistItem.objects.all()] == [question for question, _ in shipped.QUESTIONS]
    assert 6 <= len(ours) <= 8


def test_what_editors_changed_stays(ours):
    ChecklistItem.objects.filter(pk=ours[0].pk).update(hint="As we see it.")
    ChecklistItem.objects.create(question="Of our own?")
    shipped.empty(apps, None)
    assert {item.question for item in ChecklistItem.objects.all()} == {ours[0].question, "Of our own?"}


def test_what_was_answered_stays(cast, ours):
    newsroom.published(cast)
    shipped.empty(apps, None)
    assert ChecklistItem.objects.count() == len(ours)


def test_a_whole_round_with_it(cast, ours):
    article = newsroom.published(cast)
    assert article.stage == Stage.PUBLISHED
    assert ChecklistAnswer.objects.count() == 2 * len(ours)


@pytest.fixture
def asked(cast) -> Review:
    """Return the first advisor's accepted review, with one question on the check-list."""
    ChecklistItem.objects.create(question="Are doses and limits right?")
    newsroom.in_review(cast)
    review = Review.objects.get(advisor=cast.advisors[0])
    return reviews.accept(review=review, actor=review.advisor.user)


def give(review: Review, answer: str, reason: str = "", verdict: Verdict = Verdict.APPROVE) -> ChecklistAnswer:
    """Answer the one question and give the verdict."""
    item, actor = ChecklistItem.objects.get(), review.advisor.user
    if verdict == Verdict.CHANGES:
        reviews.comment(review=review, actor=actor, text="The limit is missing.")
    reviews.give_verdict(
        authentication=newsroom.SIGNED_IN,
        review=review,
        actor=actor,
        conflict=Conflict.NONE,
        verdict=verdict,
        digest=review.submission.revision.digest,
        ticks={item.pk: answer},
        reasons={item.pk: reason},
    )
    return ChecklistAnswer.objects.get()


@pytest.mark.parametrize("reason", ["", " \n", "\u202e"])
def test_an_approval_beside_a_no_says_why(asked, reason):
    with pytest.raises(InvalidTransition, match="why you still approve"):
        give(asked, "no", reason)
    assert not ChecklistAnswer.objects.exists()


def test_the_reason_beside_a_no_is_kept(asked):
    kept = give(asked, "no", "Right for adults; children are not its subject.")
    assert (kept.answer, kept.words) == ("no", "Right for adults; children are not its subject.")


def test_nobody_approves_beside_a_no_to_a_question_that_is_required(asked):
    ChecklistItem.objects.update(is_required=True)
    with pytest.raises(InvalidTransition, match="cannot be approved"):
        give(asked, "no", "It is right all the same.")
    assert not ChecklistAnswer.objects.exists()


@pytest.mark.parametrize("answer", ["yes", "n/a"])
def test_other_answers_to_a_required_question_go_with_an_approval(asked, answer):
    ChecklistItem.objects.update(is_required=True)
    assert give(asked, answer).was_required


def test_a_request_for_changes_needs_no_word_beside_a_no(asked):
    ChecklistItem.objects.update(is_required=True)
    assert give(asked, "no", verdict=Verdict.CHANGES).words == ""


@pytest.mark.parametrize(("words", "required"), [("", False), ("Because.", True)])
def test_the_database_takes_no_approval_beside_a_no_that_does_not_go_with_it(asked, words, required):
    item = ChecklistItem.objects.get()
    ChecklistAnswer.objects.create(
        review=asked, item=item, question=item.question, answer="no", words=words, was_required=required
    )
    given = {"verdict": "approve", "verdict_at": timezone.now(), "digest": asked.submission.revision.digest}
    given |= {"conflict": "none"}
    signatures.sign(review=asked, authentication=newsroom.SIGNED_IN)
    with pytest.raises(IntegrityError, match="check-list"), transaction.atomic():
        Review.objects.filter(pk=asked.pk).update(**given)
    Review.objects.filter(pk=asked.pk).update(**{**given, "verdict": "changes"})


@pytest.mark.parametrize(
    ("required", "field", "said"),
    [(False, "words", "why you still approve"), (True, "tick", "cannot be approved")],
)
def test_the_desk_says_beside_the_question_why_a_no_does_not_go_with_an_approval(client, asked, required, field, said):
    ChecklistItem.objects.update(is_required=required)
    client.force_login(asked.advisor.user)
    item = ChecklistItem.objects.get()
    form = form_of(client.get(reverse("board:review", args=[asked.pk])), "/verdict/")
    refused = form.send(client, conflict="none", verdict="approve", **{f"tick_{item.pk}": "no"})
    assert refused.status_code == 400
    assert f'id="id_{field}_{item.pk}_error"' in refused.content.decode() and said in refused.content.decode()
    assert not Review.objects.get(pk=asked.pk).verdict


def test_editors_see_every_answer_beside_the_verdict(client, cast, asked, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    give(asked, "no", "Right for adults alone.")
    client.force_login(cast.editor)
    page = unescape(client.get(address(Article.objects.get())).content.decode())
    assert "Are doses and limits right?" in page and "Right for adults alone." in page
    newsroom.verdict(Review.objects.get(advisor=cast.advisors[1]))
    sent = Email.objects.get(subject__startswith="The board has approved")
    assert "Are doses and limits right? no: Right for adults alone." in sent.message
    assert "Right for adults alone." in sent.html_message
