"""Reviews in the admin can be read and not changed. Reviewers see only their own."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from advisors import reviews
from advisors.models import ChecklistItem, Comment, PanelMember, Review
from articles import workflow
from articles.models import Article
from tests import newsroom
from tests.admin_forms import address, forms_of

LIST = reverse("admin:advisors_review_changelist")
TITLE = "Of quokkas and magnesium"


def page_of(review: Review) -> str:
    return reverse("admin:advisors_review_change", args=[review.pk])


def text_of(review: Review) -> str:
    return reverse("admin:advisors_review_text", args=[review.pk])


def words(answer) -> str:
    return unescape(answer.content.decode())


def as_stored(review: Review) -> tuple[list, list]:
    return list(Review.objects.filter(pk=review.pk).values()), list(Comment.objects.values())


@pytest.fixture
def asked(cast) -> Review:
    """Return the first advisor's review; the second advisor has been asked, too."""
    newsroom.in_review(cast, title=TITLE)
    return Review.objects.get(advisor=cast.advisors[0])


@pytest.fixture
def ada(client, cast) -> Client:
    """Return the browser of the first advisor."""
    client.force_login(cast.advisors[0].user)
    return client


def test_the_list_shows_an_advisor_their_own_reviews_only(ada, cast, asked):
    other = newsroom.draft(cast, panel=0, title="For the others")
    for advisor in cast.advisors[1:]:
        PanelMember.objects.create(article=other, advisor=advisor, confirmed=True)
    newsroom.submit(cast, other)

    for query in ("", "?q=others", "?response__exact=", "?all="):
        assert "For the others" not in words(ada.get(LIST + query))
    assert words(ada.get(LIST)).count(TITLE) == 1


def test_an_editor_sees_every_review(client, cast, asked):
    client.force_login(cast.editor)

    assert words(client.get(LIST)).count(TITLE) == 2


@pytest.mark.parametrize("who", ["writer", "colleague", "outsider"])
def test_the_list_is_closed_to_everybody_else(client, cast, asked, who):
    client.force_login(cast.everybody[who])
    for place in (LIST, page_of(asked), text_of(asked)):
        answer = client.get(place)
        assert answer.status_code in (302, 403, 404)
        assert TITLE not in words(answer)


@pytest.mark.parametrize("who", ["advisor2", "advisor3"])
def test_somebody_elses_review_is_not_there(client, cast, asked, who):
    client.force_login(cast.everybody[who])
    before = as_stored(asked)
    for answer in (client.get(page_of(asked)), client.get(text_of(asked))):
        assert answer.status_code == 404
        assert TITLE not in words(answer)
    assert as_stored(asked) == before


def test_a_reviewer_is_led_to_their_desk_to_answer(ada, asked):
    page = ada.get(page_of(asked))

    assert reverse("board:review", args=[asked.pk]) in words(page)
    assert not [form for form in forms_of(page) if "review" in form.address]


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_editors_read_every_answer_on_the_record_of_a_review(client, cast, who):
    item = ChecklistItem.objects.create(question="Are doses and limits right?")
    newsroom.in_review(cast, title=TITLE)
    review = Review.objects.get(advisor=cast.advisors[0])
    reviews.accept(review=review, actor=review.advisor.user)
    reviews.give_verdict(
        authentication=newsroom.SIGNED_IN,
        review=review,
        actor=review.advisor.user,
        digest=review.submission.revision.digest,
        conflict="none",
        verdict="approve",
        remarks="Sound, with one question.",
        ticks={item.pk: "no"},
        reasons={item.pk: "The limit for children is missing."},
    )
    client.force_login(cast.everybody[who])
    page = words(client.get(page_of(review)))

    for said in ("Are doses and limits right?", "The limit for children is missing.", "Sound, with one question."):
        assert said in page
    assert reverse("board:review", args=[review.pk]) not in page


@pytest.mark.parametrize("who", ["advisor1", "editor", "admin"])
def test_a_review_has_no_form_over_its_columns_and_no_way_to_delete_it(client, cast, asked, who):
    client.force_login(cast.everybody[who])
    before = as_stored(asked)

    assert client.post(page_of(asked), {"verdict": "approve", "conflict": "none"}).status_code == 404
    assert client.post(page_of(asked).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code in (403, 404)
    client.post(LIST, {"action": "delete_selected", "_selected_action": [asked.pk], "post": "yes"})
    assert as_stored(asked) == before


@pytest.mark.parametrize(
    ("who", "status"),
    [("advisor1", 200), ("advisor2", 404), ("advisor3", 404), ("editor", 200), ("admin", 200), ("writer", 404)],
)
def test_the_text_is_shown_to_those_it_was_given_to(client, cast, asked, who, status):
    client.force_login(cast.everybody[who])
    answer = client.get(text_of(asked))

    assert answer.status_code == status
    assert ("17 minutes" in words(answer)) == (status == 200)


def test_the_text_is_that_of_the_round_and_not_of_a_later_save(ada, cast, asked):
    article = Article.objects.get()
    workflow.recall(article=article, actor=cast.writer)
    newsroom.rewrite(cast, article, title="Written later")

    assert TITLE in words(ada.get(text_of(asked))) and "Written later" not in words(ada.get(text_of(asked)))


def test_the_preview_may_be_framed_by_our_own_pages_alone_and_is_kept_by_nobody(ada, asked):
    answer = ada.get(text_of(asked))
    policy = answer.headers["Content-Security-Policy"]

    assert "frame-ancestors 'self'" in policy and "unsafe-inline" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in answer.headers["Cache-Control"]


def test_only_pages_with_the_editor_allow_inline_script(client, cast, asked):
    client.force_login(cast.editor)
    article = Article.objects.get()
    with_editor = [address(), address(article)]
    others = ["/admin/", LIST, page_of(asked), reverse("admin:articles_article_changelist")]
    others += [reverse("admin:articles_article_history", args=[article.pk]), reverse("admin:sources_source_add")]
    inline = {
        place: "unsafe-inline" in client.get(place).headers["Content-Security-Policy"] for place in with_editor + others
    }

    assert inline == dict.fromkeys(with_editor, True) | dict.fromkeys(others, False)
