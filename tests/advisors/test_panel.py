"""Who is asked: writers propose reviewers, editors decide, and a submission asks the confirmed ones."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from advisors import panel, reviews
from advisors.models import PanelMember, Review
from articles import workflow
from articles.exceptions import Blocked
from articles.models import Author
from tests import newsroom


def asked(submission) -> set[str]:
    return set(submission.reviews.values_list("advisor__slug", flat=True))


def add(article, advisor, confirmed: bool = True) -> PanelMember:
    return PanelMember.objects.create(article=article, advisor=advisor, confirmed=confirmed)


def test_a_submission_asks_the_panel(cast):
    assert asked(newsroom.submit(cast, newsroom.draft(cast))) == {"ada", "ben"}


def test_a_review_keeps_the_name_of_whom_it_was_asked(cast):
    submission = newsroom.submit(cast, newsroom.draft(cast))
    assert {review.advisor_name for review in submission.reviews.all()} == {"Dr Ada, PhD", "Dr Ben, PhD"}


def test_who_is_only_proposed_is_not_asked(cast):
    article = newsroom.draft(cast)
    add(article, cast.advisors[2], confirmed=False)
    assert asked(newsroom.submit(cast, article)) == {"ada", "ben"}


def test_who_left_the_board_is_not_asked(cast):
    article = newsroom.draft(cast, panel=3)
    cast.advisors[0].is_active = False
    cast.advisors[0].save()
    assert asked(newsroom.submit(cast, article)) == {"ben", "cleo"}


def test_who_joins_during_a_review_is_asked_at_once(cast):
    article = newsroom.in_review(cast)
    add(article, cast.advisors[2])
    new = panel.invite_new_members(article=article, actor=cast.editor)
    assert [review.advisor.slug for review in new] == ["cleo"]
    assert asked(article.submissions.get()) == {"ada", "ben", "cleo"}


def test_settling_twice_asks_once(cast):
    article = newsroom.in_review(cast)
    add(article, cast.advisors[2])
    panel.invite_new_members(article=article, actor=cast.editor)
    assert panel.invite_new_members(article=article, actor=cast.editor) == []


def test_whose_disclosure_lapsed_while_they_were_on_the_panel_is_not_asked(cast):
    with time_machine.travel(timezone.now() - timedelta(days=800)):
        lapsed = newsroom.advisor("lapsed")
    article = newsroom.in_review(cast)
    add(article, lapsed)
    assert panel.invite_new_members(article=article, actor=cast.editor) == []
    assert asked(article.submissions.get()) == {"ada", "ben"}


def test_who_is_proposed_during_a_review_is_not_asked(cast):
    article = newsroom.in_review(cast)
    add(article, cast.advisors[2], confirmed=False)
    assert panel.invite_new_members(article=article, actor=cast.writer) == []


def test_settling_a_draft_asks_nobody(cast):
    assert panel.invite_new_members(article=newsroom.draft(cast), actor=cast.editor) == []


def test_who_left_the_panel_keeps_the_review_that_was_asked(cast):
    article = newsroom.in_review(cast)
    review = Review.objects.get(submission__article=article, advisor=cast.advisors[0])
    reviews.decline(review=review, actor=review.advisor.user, reason="No time.")
    panel.take_off(article=article, advisor=cast.advisors[0], actor=cast.editor)
    panel.invite_new_members(article=article, actor=cast.editor)
    assert asked(article.submissions.get()) == {"ada", "ben"}


@pytest.mark.parametrize("size", [0, 1])
def test_a_panel_smaller_than_the_quorum_blocks_a_submission(cast, size):
    article = newsroom.draft(cast, panel=size)
    with pytest.raises(Blocked) as refusal:
        newsroom.submit(cast, article)
    assert [finding.id for finding in refusal.value.findings] == ["REV01"]
    assert f"{size} of the 2" in str(refusal.value)


def test_proposals_do_not_fill_the_panel(cast):
    article = newsroom.draft(cast, panel=1)
    add(article, cast.advisors[1], confirmed=False)
    with pytest.raises(Blocked, match="1 of the 2"):
        newsroom.submit(cast, article)


def test_an_author_on_the_panel_blocks_a_submission(cast):
    article = newsroom.draft(cast, panel=3)
    author = Author.objects.create(name="Dr Ada", slug="ada", user=cast.advisors[0].user)
    article.authorships.create(author=author, position=1)
    with pytest.raises(Blocked, match="Dr Ada is among the reviewers and has written or edited this text"):
        newsroom.submit(cast, article)


@pytest.mark.parametrize(
    ("person", "decides"),
    [("writer", False), ("advisor1", False), ("outsider", False), ("editor", True), ("admin", True)],
)
def test_editors_decide_and_others_propose(cast, person, decides):
    assert panel.may_decide(cast.everybody[person]) is decides


def test_a_renewal_asks_the_panel_as_it_now_is(cast):
    article = newsroom.published(cast)
    panel.take_off(article=article, advisor=cast.advisors[0], actor=cast.editor)
    add(article, cast.advisors[2])
    renewal = workflow.submit(article=article, actor=cast.writer, reason="renewal")
    assert asked(renewal) == {"ben", "cleo"}
