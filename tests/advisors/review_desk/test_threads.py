"""Threads under comments: who takes part, that a wording is used once, and that comments never change."""

import pytest

from advisors import disclosures, reviews, threads
from advisors.models import Comment, CommentMark, CommentState, Review, Verdict
from advisors.passages import PassageNotFound, replace_passage, words_of_blocks
from articles import workflow
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import Article
from tests import newsroom

BODY = (
    "<h2>The trials</h2>"
    '<p>Sleep was longer by 17 minutes.<sup data-cite="doe2020"></sup> Few were over 50.</p>'
    "<ul><li>One &amp; two</li><li>Three</li></ul>"
    "<p>Few were <strong>over</strong> 50.</p>"
)


@pytest.fixture
def review(cast) -> Review:
    """Return Ada's accepted review of a text that contains a passage twice."""
    newsroom.in_review(cast, body=BODY)
    review = Review.objects.get(advisor=cast.advisors[0])
    return reviews.accept(review=review, actor=cast.advisors[0].user)


@pytest.fixture
def remark(review, cast) -> Comment:
    return reviews.comment(
        review=review, actor=cast.advisors[0].user, text="In whom?", passage="17 minutes", suggestion="17 (7 to 27) min"
    )


def back_to_the_writer(cast, review) -> Article:
    article = review.submission.article
    workflow.recall(article=article, actor=cast.writer)
    return Article.objects.get(pk=article.pk)


@pytest.mark.parametrize(
    ("passage", "wording", "block", "expected"),
    [
        ("longer by 17 minutes.", "longer.", None, "Sleep was longer.<sup"),
        ("17 minutes. Few", "17 min: few", None, '17 min: few<sup data-cite="doe2020"></sup> were over 50.</p>'),
        ("One & two", "1 < 2", 2, "<li>1 &lt; 2</li>"),
        ("Few were over 50.", "Most were under 50.", 3, "<p>Most were under 50.</p>"),
        ("Few  were\nover 50.", "None was.", 1, "</sup> None was.</p>"),
    ],
)
def test_wording_takes_the_place_of_a_passage(passage, wording, block, expected):
    assert expected in replace_passage(BODY, passage, wording, block)


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("Few were over 50.", "several places"),
        ("18 minutes", "no longer in the text"),
        ("two Three", "several paragraphs"),
        ("trials Sleep", "no longer in the text"),
        (" ", "no passage"),
    ],
)
def test_a_passage_that_is_not_there_exactly_once_is_refused(passage, said):
    with pytest.raises(PassageNotFound, match=said):
        replace_passage(BODY, passage, "something else")


def test_blocks_are_counted_as_the_page_counts_them():
    assert words_of_blocks(BODY) == [
        "The trials",
        "Sleep was longer by 17 minutes. Few were over 50.",
        "One & two Three",
        "Few were over 50.",
    ]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("writer", True),
        ("editor", True),
        ("admin", True),
        ("advisor1", True),
        ("advisor2", True),
        ("advisor3", False),
        ("colleague", False),
        ("outsider", False),
    ],
)
def test_who_answers_and_marks(cast, remark, who, may):
    person = cast.everybody[who]
    if may:
        assert threads.reply(comment=remark, actor=person, text="Adults.").parent == remark
        assert threads.mark(comment=remark, actor=person, state=CommentState.RESOLVED).marked_by == person
        return
    with pytest.raises(NotPermitted):
        threads.reply(comment=remark, actor=person, text="Adults.")
    with pytest.raises(NotPermitted):
        threads.mark(comment=remark, actor=person, state=CommentState.RESOLVED)
    assert not Comment.objects.exclude(pk=remark.pk).exists() and not CommentMark.objects.exists()


def test_an_answer_to_an_answer_joins_the_thread(cast, remark):
    answer = threads.reply(comment=remark, actor=cast.writer, text="Adults.")
    second = threads.reply(comment=answer, actor=cast.advisors[0].user, text="Then say so.")

    (thread,) = threads.threads_of(remark.review.submission.article)
    assert thread.answers == [answer, second] and thread.is_open


@pytest.mark.parametrize("text", ["", " \n", "\x01", "x" * 5001])
def test_an_answer_has_words_and_not_too_many(cast, remark, text):
    with pytest.raises(InvalidTransition):
        threads.reply(comment=remark, actor=cast.writer, text=text)


def test_an_answer_of_the_writer_is_no_comment_of_the_advisor(cast, review):
    ada = cast.advisors[0].user
    other = reviews.accept(review=Review.objects.get(advisor=cast.advisors[1]), actor=cast.advisors[1].user)
    remark = reviews.comment(review=other, actor=cast.advisors[1].user, text="In whom?")
    threads.reply(comment=remark, actor=ada, text="I wonder too.")
    given = {"digest": review.submission.revision.digest, "conflict": "none", "verdict": Verdict.CHANGES}
    with pytest.raises(InvalidTransition, match="at least one comment"):
        reviews.give_verdict(authentication=newsroom.SIGNED_IN, review=review, actor=ada, **given)


def test_the_newest_mark_counts_and_saying_it_twice_adds_none(cast, remark):
    for state in (CommentState.RESOLVED, CommentState.RESOLVED, CommentState.OPEN):
        threads.mark(comment=remark, actor=cast.writer, state=state)

    (thread,) = threads.threads_of(remark.review.submission)
    assert thread.is_open and CommentMark.objects.count() == 2
    with pytest.raises(InvalidTransition):
        threads.mark(comment=remark, actor=cast.writer, state=CommentState.TAKEN)


def test_a_writer_takes_the_wording_once(cast, review, remark):
    article = back_to_the_writer(cast, review)
    revision = threads.take(comment=remark, actor=cast.writer, seen_version=article.version)
    article.refresh_from_db()

    assert "longer by 17 (7 to 27) min.<sup" in article.body and revision == article.head()
    (thread,) = threads.threads_of(article)
    assert (thread.mark.state, thread.mark.revision) == (CommentState.TAKEN, revision)
    with pytest.raises(InvalidTransition, match="used already"):
        threads.take(comment=remark, actor=cast.writer, seen_version=article.version)


def test_wording_is_not_taken_while_the_board_reads_nor_over_a_later_save(cast, review, remark):
    with pytest.raises(InvalidTransition, match="board is reading"):
        threads.take(comment=remark, actor=cast.writer, seen_version=review.submission.article.version)
    article = back_to_the_writer(cast, review)
    with pytest.raises(Overtaken):
        threads.take(comment=remark, actor=cast.writer, seen_version=article.version - 1)
    assert not CommentMark.objects.exists()


@pytest.mark.parametrize("who", ["advisor1", "colleague", "outsider"])
def test_nobody_else_takes_wording(cast, review, remark, who):
    article = back_to_the_writer(cast, review)
    with pytest.raises(NotPermitted):
        threads.take(comment=remark, actor=cast.everybody[who], seen_version=article.version)
    assert Article.objects.get(pk=article.pk).body == article.body


def test_an_advisor_who_declined_the_next_round_is_out_of_the_thread(cast, review, remark):
    back_to_the_writer(cast, review)
    newsroom.submit(cast, review.submission.article)
    again = Review.objects.filter(advisor=cast.advisors[0]).order_by("-pk").first()
    reviews.decline(review=again, actor=cast.advisors[0].user, reason="On leave.")
    assert not threads.may_take_part(cast.advisors[0].user, remark)
    assert disclosures.standing(cast.advisors[0])


def test_threads_take_as_many_queries_for_one_as_for_many(cast, review, remark, django_assert_max_num_queries):
    for serial in range(4):
        more = reviews.comment(review=review, actor=cast.advisors[0].user, text=f"Comment {serial}")
        threads.reply(comment=more, actor=cast.writer, text="An answer.")
        threads.mark(comment=more, actor=cast.writer, state=CommentState.RESOLVED)
    with django_assert_max_num_queries(4):
        assert len(threads.threads_of(review.submission.article)) == 5
