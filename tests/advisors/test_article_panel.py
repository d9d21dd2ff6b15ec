"""The board's panel beside an article's form: the buttons of the writer, and who may not use them."""

import pytest
from django.urls import reverse

from advisors import reviews
from advisors.models import Comment, CommentMark, Review
from articles import workflow
from tests import newsroom
from tests.admin_forms import address, form_of


@pytest.fixture
def remark(cast) -> Comment:
    """Return Ada's comment with a suggested wording; the text is back with its writer."""
    article = newsroom.in_review(cast)
    review, actor = Review.objects.get(advisor=cast.advisors[0]), cast.advisors[0].user
    reviews.accept(review=review, actor=actor)
    found = reviews.comment(
        review=review, actor=actor, text="Give the interval.", passage="17 minutes", suggestion="17 (7 to 27) minutes"
    )
    workflow.recall(article=article, actor=cast.writer)
    return found


def to(comment: Comment, step: str) -> str:
    return reverse("admin:advisors_advisor_thread", args=[comment.pk, step])


def article_of(comment: Comment):
    article = comment.review.submission.article
    article.refresh_from_db()
    return article


def test_the_panel_shows_the_thread_and_a_writer_answers_in_it(client, cast, remark):
    client.force_login(cast.writer)
    page = client.get(address(article_of(remark)))
    assert "Give the interval." in page.content.decode() and "17 (7 to 27) minutes" in page.content.decode()
    answer = form_of(page, to(remark, "reply")).send(client, text="It is in the paper.")
    assert answer.url == f"{address(article_of(remark))}#board"
    assert remark.answers.get().text == "It is in the paper."
    assert client.get(address(article_of(remark))).content.decode().count("It is in the paper.") == 1


def test_the_wording_is_taken_with_one_press(client, cast, remark):
    client.force_login(cast.writer)
    assert form_of(client.get(address(article_of(remark))), to(remark, "take")).send(client).status_code == 302
    article = article_of(remark)
    assert "longer by 17 (7 to 27) minutes." in article.body and article.head().number == 2
    assert CommentMark.objects.get().revision == article.head()


def test_wording_is_not_taken_into_a_text_that_somebody_has_saved_since(client, cast, remark):
    client.force_login(cast.writer)
    form = form_of(client.get(address(article_of(remark))), to(remark, "take"))
    newsroom.rewrite(cast, article_of(remark), actor=cast.editor, title="Another title")
    answer = form.send(client)
    assert answer.status_code == 409 and "in the meantime" in answer.content.decode()
    assert article_of(remark).head().number == 2 and not CommentMark.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_forged_version_takes_nothing(client, cast, remark, version):
    client.force_login(cast.writer)
    assert client.post(to(remark, "take"), {"seen_version": version}).status_code == 409
    assert article_of(remark).head().number == 1


def test_the_wording_is_not_offered_while_the_board_reads(client, cast, remark):
    newsroom.submit(cast, article_of(remark))
    client.force_login(cast.writer)
    assert to(remark, "take") not in client.get(address(article_of(remark))).content.decode()
    assert client.post(to(remark, "take"), {"seen_version": article_of(remark).version}).status_code == 409


def test_a_comment_is_resolved_and_opened_again(client, cast, remark):
    client.force_login(cast.writer)
    form_of(client.get(address(article_of(remark))), to(remark, "resolve")).send(client)
    page = client.get(address(article_of(remark)))
    assert "Resolved, or wording used: 1" in page.content.decode()
    form_of(page, to(remark, "reopen")).send(client)
    assert [mark.state for mark in remark.marks.order_by("pk")] == ["resolved", "open"]


def test_what_was_typed_comes_back_where_it_is_refused(client, cast, remark):
    client.force_login(cast.writer)
    typed = "word " * 1200
    answer = client.post(to(remark, "reply"), {"text": typed})
    assert answer.status_code == 409 and typed.strip() in answer.content.decode()


@pytest.mark.parametrize("step", ["reply", "resolve", "reopen", "take"])
@pytest.mark.parametrize(("who", "status"), [("colleague", 404), ("advisor2", 404), ("outsider", 302), (None, 302)])
def test_for_others_there_is_no_such_thread(client, cast, remark, step, who, status):
    if who:
        client.force_login(cast.everybody[who])
    assert client.post(to(remark, step), {"text": "x", "seen_version": 1}).status_code == status
    assert not remark.answers.exists() and not remark.marks.exists()


def test_nothing_happens_by_looking_and_no_other_step_is_there(client, cast, remark):
    client.force_login(cast.writer)
    assert client.get(to(remark, "take")).status_code == 405
    assert client.post(to(remark, "delete")).status_code == 404
    assert client.post(reverse("admin:advisors_advisor_thread", args=[99999, "take"])).status_code == 404
