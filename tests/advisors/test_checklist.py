"""The check-list that reviews begin with, and the answers to it that go with a verdict."""

from importlib import import_module

import pytest
from django.apps import apps

from advisors import checklists
from advisors.models import ChecklistAnswer, ChecklistItem, Review
from articles.models import Article, Stage
from tests import newsroom
from tests.admin_forms import form_of
from tests.advisors.test_admin_reviews import page_of

shipped = import_module("advisors.migrations.0005_checklist")


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


def test_the_verdict_in_the_admin_asks_for_it_too(client, cast, ours):
    newsroom.in_review(cast)
    review = Review.objects.get(advisor=cast.advisors[0])
    client.force_login(cast.advisors[0].user)
    client.post(f"/admin/advisors/review/{review.pk}/step/accept/")
    form = form_of(client.get(page_of(review)), "/step/save/")
    form.address = form.address.replace("save", "verdict")
    form.put(conflict="none", verdict="approve", remarks="Sound.")
    refused = form.send(client, **{f"tick_{item.pk}": "yes" for item in ours[:-1]})
    assert (
        refused.status_code == 409 and "check-list" in refused.content.decode() and "Sound." in refused.content.decode()
    )
    assert form.send(client, **{f"tick_{ours[-1].pk}": "n/a"}).status_code == 302
    answers = dict(ChecklistAnswer.objects.values_list("item", "answer"))
    assert len(answers) == len(checklists.items_for(Article.objects.get())) and answers[ours[-1].pk] == "n/a"
