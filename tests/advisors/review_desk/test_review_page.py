"""The review page: the text, the panels beside it, comments and threads, and the changes in a second round."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advisors import reviews, threads
from advisors.models import Comment, CommentState, Review, Verdict
from articles.models import Article, ArticleSource
from tests import newsroom
from tests.advisors.review_desk.conftest import TITLE, arrive, place

VAGUE = (
    "<h2>Sleep</h2><p>Longer by 17 minutes.<sup data-cite='doe2020'></sup> See "
    "<a href='https://example.org/x'>click here</a>.</p>"
)
SCRIPT = "<script>alert(1)</script>"


def words(answer) -> str:
    return unescape(answer.content.decode())


def second_round(cast, **fields: str) -> Review:
    """Return Ada's second review: she approved, Ben requested changes, and the writer changed a word and submitted
    again.
    """
    article = Article.objects.get()
    first = article.submissions.get()
    ada, ben = (Review.objects.get(submission=first, advisor=member) for member in cast.advisors[:2])
    newsroom.verdict(ada)
    newsroom.verdict(ben, Verdict.CHANGES)
    newsroom.rewrite(cast, article, title=TITLE, **fields)
    newsroom.submit(cast, article)
    review = Review.objects.filter(advisor=cast.advisors[0]).order_by("-pk").first()
    return reviews.accept(review=review, actor=cast.advisors[0].user)


def test_the_page_has_the_text_its_sources_and_the_writers_notes(ada, reading):
    ArticleSource.objects.update(supports="the length of sleep, in adults")
    page = words(ada.get(place("review", reading)))

    assert TITLE in page and "Sleep was longer by 17 minutes." in page
    assert 'href="#source-1"' in page and 'id="source-1"' in page  # as readers see it
    assert 'id="Beside-1"' in page and "the length of sleep, in adults" in page
    assert "Randomised" in page and 'href="#mark-1-1"' in page


def test_a_retraction_stands_beside_the_text(ada, cast, reading):
    type(cast.source).objects.filter(pk=cast.source.pk).update(retraction_state="retracted", retraction_note="Fraud.")
    page = words(ada.get(place("review", reading)))
    assert page.count("Fraud.") >= 2


def test_the_writers_answers_to_warnings_are_shown(ada, cast):
    newsroom.in_review(cast, body=VAGUE)
    page = words(ada.get(place("review", Review.objects.get(advisor=cast.advisors[0]))))
    assert "Writer answers" in page and "It stands as it is." in page


def test_before_accepting_there_is_a_text_and_no_verdict_to_give(ada, asked):
    page = words(ada.get(place("review", asked)))
    assert "Sleep was longer" in page and "Give the verdict" not in page
    ada.post(place("accept", asked))
    ada.post(place("accept", asked))
    assert "Give the verdict" in words(ada.get(place("review", asked)))


def test_a_comment_on_a_passage_keeps_its_place(ada, reading):
    ada.post(place("comment", reading), {"block": "1", "passage": "17 minutes", "text": "In whom?", "start": "3"})
    comment = Comment.objects.get()
    assert (comment.block, comment.start, comment.passage) == (1, 20, "17 minutes")
    assert "In whom?" in words(ada.get(place("review", reading)))


def test_a_passage_without_a_block_is_found_by_its_words(ada, reading):
    ada.post(place("comment", reading), {"passage": "17  minutes", "text": "In whom?"})
    assert (Comment.objects.get().block, Comment.objects.get().start) == (1, 20)


@pytest.mark.parametrize("block", ["99", "1"])
def test_a_place_that_the_text_has_not_is_no_place(ada, reading, block):
    ada.post(place("comment", reading), {"block": block, "passage": "not in the text", "text": "Hm."})
    assert (Comment.objects.get().block, Comment.objects.get().passage) == (None, "not in the text")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": ""}, 409),
        ({"text": " \n"}, 409),
        ({"text": "x" * 5001}, 400),
        ({"text": "x" * 2_000_000}, 400),
        ({"text": "A", "passage": "x" * 1001}, 400),
        ({"text": "A", "suggestion": "Other words"}, 409),
        ({"text": "A", "passage": "17", "suggestion": "x" * 2001}, 400),
        ({"text": "A", "block": "-1"}, 400),
        ({"text": "A", "block": "9" * 30}, 400),
    ],
)
def test_a_comment_that_cannot_be_kept_comes_back(ada, reading, fields, status):
    answer = ada.post(place("comment", reading), fields)
    assert answer.status_code == status and not Comment.objects.exists()
    if fields["text"].strip():
        assert fields["text"] in words(answer)


def test_what_is_typed_is_text_and_never_markup(ada, cast, reading):
    fields = {"passage": SCRIPT, "text": SCRIPT, "suggestion": SCRIPT}
    ada.post(place("comment", reading), fields)
    threads.reply(comment=Comment.objects.get(), actor=cast.writer, text=SCRIPT)
    ada.post(place("typed", reading), {"remarks": SCRIPT, "text": SCRIPT, "seen": ""})
    page = ada.get(place("review", reading)).content.decode()
    assert SCRIPT not in page and page.count("&lt;script&gt;") >= 6


def test_an_answer_and_a_mark_in_a_thread(ada, cast, reading):
    comment = reviews.comment(review=reading, actor=cast.advisors[0].user, text="In whom?")
    threads.reply(comment=comment, actor=cast.writer, text="In adults, as it says.")
    assert "In adults, as it says." in words(ada.get(place("review", reading)))

    ada.post(place("thread", reading, comment.pk), {"text": "Thank you."})
    ada.post(place("thread", reading, comment.pk), {"state": "resolved"})
    (thread,) = threads.threads_of(reading.submission)
    assert [answer.text for answer in thread.answers] == ["In adults, as it says.", "Thank you."]
    assert thread.mark.state == CommentState.RESOLVED
    refused = ada.post(place("thread", reading, comment.pk), {"text": "y" * 5001})
    assert refused.status_code == 409 and "y" * 5001 in words(refused)
    assert ada.post(place("thread", reading, comment.pk), {"state": "taken"}).status_code == 409


def test_what_others_say_in_a_round_is_kept_from_an_advisor_until_their_verdict(ada, cast, reading):
    ben = Review.objects.get(advisor=cast.advisors[1])
    reviews.accept(review=ben, actor=cast.advisors[1].user)
    theirs = reviews.comment(review=ben, actor=cast.advisors[1].user, text="Ben wonders.")

    assert "Ben wonders." not in words(ada.get(place("review", reading)))
    assert ada.post(place("thread", reading, theirs.pk), {"text": "Me too."}).status_code == 404
    given = {"digest": reading.submission.revision.digest, "conflict": "none", "verdict": Verdict.APPROVE}
    reviews.give_verdict(authentication=newsroom.SIGNED_IN, review=reading, actor=cast.advisors[0].user, **given)
    assert "Ben wonders." in words(ada.get(place("review", reading)))


def test_a_thread_of_another_article_is_not_answered_from_here(ada, cast, reading):
    newsroom.in_review(cast, title="Another")
    other = Review.objects.filter(advisor=cast.advisors[0]).exclude(pk=reading.pk).get()
    reviews.accept(review=other, actor=cast.advisors[0].user)
    comment = reviews.comment(review=other, actor=cast.advisors[0].user, text="Elsewhere.")
    assert arrive(reading, "open").post(place("thread", reading, comment.pk), {"text": "A"}).status_code == 404


def test_the_second_round_opens_on_what_changed(ada, cast, asked):
    body = '<h2>The trials</h2><p>Sleep was longer by 16 minutes.<sup data-cite="doe2020"></sup></p>'
    review = second_round(cast, body=body)
    page = words(ada.get(place("review", review)))
    whole = words(ada.get(place("review", review) + "?view=whole"))

    assert re.search(r"<del>.*17.*</del><ins>.*16.*</ins>", page) and "which you approved on" in page
    assert "<del>" not in whole and "Sleep was longer by 16 minutes." in whole
    assert "From earlier rounds" in page and "Say for whom this holds." in page


def test_the_difference_is_with_what_was_approved_and_not_with_what_was_seen_last(ada, cast, asked):
    """Ada approves the first text and requests changes to the second; the third is compared with the first."""
    review = second_round(cast, standfirst="Second.")
    given = {"digest": review.submission.revision.digest, "conflict": "none", "verdict": Verdict.CHANGES}
    reviews.comment(review=review, actor=cast.advisors[0].user, text="No.")
    reviews.give_verdict(authentication=newsroom.SIGNED_IN, review=review, actor=cast.advisors[0].user, **given)
    article = Article.objects.get()
    newsroom.rewrite(cast, article, title=TITLE, standfirst="Third.")
    newsroom.submit(cast, article)
    third = Review.objects.filter(advisor=cast.advisors[0]).order_by("-pk").first()
    page = words(ada.get(place("review", third)))
    assert "Compared with revision 1, which you approved" in page and "Second." not in page


def test_a_first_round_has_no_difference_to_show(ada, reading):
    page = words(ada.get(place("review", reading) + "?view=changes"))
    assert "Sleep was longer" in page and "What changed" not in page


def test_the_page_and_the_desk_ask_no_more_for_more(ada, cast, reading):
    def asked(url: str) -> int:
        ada.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(url).status_code == 200
        return len(queries)

    reviews.comment(review=reading, actor=cast.advisors[0].user, text="First.")
    threads.mark(comment=Comment.objects.get(), actor=cast.writer, state=CommentState.RESOLVED)
    threads.reply(comment=Comment.objects.get(), actor=cast.writer, text="Yes.")
    few = asked(place("review", reading)), asked(reverse("board:desk"))
    for serial in range(5):
        more = reviews.comment(review=reading, actor=cast.advisors[0].user, text=f"Comment {serial}")
        threads.reply(comment=more, actor=cast.writer, text="An answer.")
        threads.mark(comment=more, actor=cast.writer, state=CommentState.RESOLVED)
        newsroom.published(cast, title=f"Reviewed {serial}")
        newsroom.in_review(cast, title=f"Waiting {serial}")
    assert (asked(place("review", reading)), asked(reverse("board:desk"))) == few
