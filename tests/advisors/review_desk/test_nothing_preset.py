"""A verdict is answered from the beginning in every round; earlier answers are only shown as text."""

import re
from html import unescape

import pytest
from django.urls import reverse

from advisors import panel
from advisors.models import Conflict, Question, Review
from articles import workflow
from articles.models import Article
from tests import newsroom
from tests.admin_forms import form_of
from tests.advisors.review_desk.conftest import BODY, accepted, place, typed
from tests.advisors.review_desk.test_review_page import words


class TestNothingIsPreset:
    @pytest.mark.parametrize("round_", ["third", "renewal"])
    def test_a_later_round_is_answered_from_the_beginning(self, ada, cast, question, round_, request):
        request.getfixturevalue(round_)
        review = accepted(cast)
        form = form_of(ada.get(place("review", review)), "/verdict/")
        answered = {name for name in form.data if name in ("conflict", "verdict") or name.startswith("tick_")}
        assert answered == set() and form.value("statement") == form.value("remarks") == ""
        assert form.send(ada).status_code == 400
        assert Review.objects.get(pk=review.pk).verdict == ""

    @pytest.mark.parametrize("left_out", ["conflict", "verdict", "tick"])
    def test_each_of_its_answers_is_asked_for(self, ada, cast, question, renewal, left_out):
        review = accepted(cast)
        fields = typed(review)
        del fields[f"tick_{question.pk}" if left_out == "tick" else left_out]
        assert ada.post(place("verdict", review), fields).status_code == 400
        assert Review.objects.get(pk=review.pk).verdict == ""

    def test_a_conflict_that_was_stated_in_an_earlier_round_is_not_taken_over(self, ada, cast, question):
        article = newsroom.draft(cast, panel=3)
        submission = newsroom.submit(cast, article)
        newsroom.verdict(submission.reviews.get(advisor=cast.advisors[0]), conflict=Conflict.DECLARED)
        workflow.recall(article=article, actor=cast.writer)
        newsroom.submit(cast, article)
        form = form_of(ada.get(place("review", accepted(cast))), "/verdict/")
        assert "conflict" not in form.data and form.value("statement") == ""

    def test_what_was_typed_in_this_round_comes_back(self, ada, cast, question, renewal):
        review = accepted(cast)
        kept = {"conflict": "none", f"tick_{question.pk}": "no", "verdict": "changes", "remarks": "Half a thought"}
        ada.post(place("typed", review), {**kept, "seen": ""}, headers={"accept": "application/json"})
        form = form_of(ada.get(place("review", review)), "/verdict/")
        assert {name: form.value(name) for name in kept} == kept

    def test_the_yearly_disclosure_is_answered_anew_and_its_words_are_at_hand(self, ada, cast):
        answers = {f"{question}-has": "no" for question in Question}
        ada.post(reverse("board:disclosure"), {**answers, "stock-has": "yes", "stock-statement": "Shares."})
        page = ada.get(reverse("board:disclosure"))
        (form,) = [form for form in [form_of(page, "/disclosure/")] if "stock-statement" in form.data]
        assert [name for name in form.data if name.endswith("-has")] == []
        assert form.value("stock-statement") == "Shares."
        assert words(page).count("you answered: none.") == len(Question) - 1
        assert words(page).count("you answered: yes.") == 1


class TestTheAnswerOfLastTime:
    def last(self, ada, review: Review) -> list[str]:
        page = unescape(ada.get(place("review", review)).content.decode())
        return re.findall(r"you answered: ([^.<]+)\.", page)

    def test_is_shown_beside_the_question_as_words(self, ada, cast, third):
        assert self.last(ada, accepted(cast)) == ["yes"]

    def test_is_that_of_the_latest_round_whatever_the_verdict(self, ada, cast, question):
        article = newsroom.published(cast, body=BODY.format(10))
        newsroom.rewrite(cast, article, body=BODY.format(20))
        newsroom.submit(cast, article)
        review = accepted(cast)
        ada.post(place("comment", review), {"text": "The dose is wrong."})
        ada.post(place("verdict", review), typed(review, verdict="changes", **{f"tick_{question.pk}": "no"}))
        newsroom.rewrite(cast, article, body=BODY.format(30))
        newsroom.submit(cast, article)
        assert self.last(ada, accepted(cast)) == ["no"]

    def test_is_shown_again_where_the_verdict_was_refused(self, ada, cast, third):
        review = accepted(cast)
        assert b"you answered: yes." in ada.post(place("verdict", review), {}).content

    def test_is_left_out_where_the_question_has_other_words_now(self, ada, cast, question, third):
        question.question = "Do the doses stand, and for whom?"
        question.save()
        assert self.last(ada, accepted(cast)) == []

    def test_is_nobody_elses(self, ada, cast, question):
        article = newsroom.draft(cast, panel=3)
        panel.take_off(article=article, advisor=cast.advisors[0], actor=cast.editor)
        newsroom.approve(newsroom.submit(cast, article))
        panel.assign(article=Article.objects.get(), advisor=cast.advisors[0], actor=cast.editor)
        newsroom.rewrite(cast, article, body=BODY.format(20))
        newsroom.submit(cast, article)
        assert self.last(ada, accepted(cast)) == []


def test_a_hint_is_printed_as_words(ada, cast, question, reading):
    shown = ada.get(place("review", reading)).content.decode()
    assert "Look at &lt;b&gt;each&lt;/b&gt;." in shown
