"""The verdict on the desk: complete, once, and on the text that was shown; nothing typed before it is lost."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from advisors import disclosures, reviews
from advisors.disclosures import Interest
from advisors.models import ChecklistAnswer, ChecklistItem, Comment, Question, Review, ReviewDraft, Ticked
from articles import workflow
from articles.models import Article, Stage, Topic
from tests import newsroom
from tests.advisors.review_desk.conftest import arrive, place, typed
from tests.advisors.review_desk.test_review_page import words


@pytest.fixture
def items(cast) -> list[ChecklistItem]:
    """Create questions for every text, for texts on sleep and for texts on skin, and one that is no longer asked."""
    skin = Topic.objects.create(name="Skin", slug="skin")
    found = [
        ChecklistItem.objects.create(question=question, is_active=question != "Old?")
        for question in ("Do claims match?", "Doses?", "Skin?", "Old?")
    ]
    found[1].topics.set([cast.topic, skin])
    found[2].topics.set([skin])
    return found


def save(browser, review: Review, seen: str = "", **fields: str):
    return browser.post(place("typed", review), {**fields, "seen": seen}, headers={"accept": "application/json"})


def test_a_whole_verdict(ada, cast, items, reading):
    answer = ada.post(place("verdict", reading), typed(reading, remarks="Sound.", remarks_shown="signed"))
    reading.refresh_from_db()

    assert answer.url == place("review", reading)
    assert (reading.verdict, reading.conflict, reading.remarks_shown) == ("approve", "none", "signed")
    assert reading.disclosure == disclosures.standing(cast.advisors[0])
    assert [(tick.question, tick.answer) for tick in reading.ticks.all()] == [
        ("Do claims match?", "yes"),
        ("Doses?", "yes"),
    ]
    page = words(ada.get(answer.url))
    assert reading.digest in page and "You approved this revision" in page and "Doses?" in page


@pytest.mark.parametrize("left_out", ["conflict", "verdict", "digest", "tick"])
def test_nothing_is_left_out(ada, items, reading, left_out):
    fields = typed(reading, remarks="Sound.")
    del fields[f"tick_{items[1].pk}" if left_out == "tick" else left_out]
    answer = ada.post(place("verdict", reading), fields)

    assert answer.status_code == 400 and "Sound." in words(answer)
    assert not Review.objects.get(pk=reading.pk).verdict and not ChecklistAnswer.objects.exists()


@pytest.mark.parametrize("ticks", [{}, {"first": "yes"}, {"first": "perhaps", "second": "yes"}])
def test_the_domain_asks_for_the_check_list_whoever_calls(cast, items, reading, ticks):
    actor = cast.advisors[0].user
    places = {"first": items[0].pk, "second": items[1].pk}
    with pytest.raises(reviews.InvalidTransition, match="check-list"):
        reviews.give_verdict(
            authentication=newsroom.SIGNED_IN,
            review=reading,
            actor=actor,
            conflict="none",
            verdict="approve",
            digest=reading.submission.revision.digest,
            ticks={places[name]: value for name, value in ticks.items()},
        )
    assert not ChecklistAnswer.objects.exists()


def test_a_refused_verdict_leaves_no_answers_behind(ada, items, reading):
    answer = ada.post(place("verdict", reading), typed(reading, verdict="changes", remarks="Hm."))
    assert answer.status_code == 409 and "at least one comment" in words(answer) and "Hm." in words(answer)
    assert not ChecklistAnswer.objects.exists() and not Review.objects.get(pk=reading.pk).conflict


def test_a_double_click_gives_it_once_and_another_verdict_is_refused(ada, items, reading):
    fields = typed(reading)
    first, second = (ada.post(place("verdict", reading), fields) for _ in range(2))
    other = ada.post(place("verdict", reading), typed(reading, verdict="changes", remarks="On second thoughts."))

    assert (first.status_code, second.status_code, other.status_code) == (302, 302, 409)
    assert "On second thoughts." in words(other)
    assert ChecklistAnswer.objects.count() == 2
    assert Review.objects.get(pk=reading.pk).verdict == "approve"


def test_a_stale_page_after_a_recall_gives_no_verdict_on_the_new_text(ada, cast, reading):
    fields = typed(reading, remarks="Mine.")
    article = Article.objects.get()
    workflow.recall(article=article, actor=cast.writer)
    late = ada.post(place("verdict", reading), fields)
    newsroom.rewrite(cast, article, title="Changed")
    newsroom.submit(cast, article)
    new = Review.objects.filter(advisor=cast.advisors[0]).order_by("-pk").first()
    reviews.accept(review=new, actor=cast.advisors[0].user)
    stale = ada.post(place("verdict", new), fields)

    assert late.status_code == 409 and "taken back from the board" in words(late) and "Mine." in words(late)
    assert stale.status_code == 409 and "not the revision that you were shown" in words(stale)
    assert not Review.objects.exclude(verdict="").exists()


def test_a_conflict_keeps_an_approval_from_counting(ada, cast, reading):
    assert ada.post(place("verdict", reading), typed(reading, conflict="declared")).status_code == 409
    ada.post(place("verdict", reading), typed(reading, conflict="declared", statement="A grant."))
    newsroom.verdict(Review.objects.get(advisor=cast.advisors[1]))

    assert Article.objects.get().stage == Stage.IN_REVIEW
    assert "does not count" in words(ada.get(place("review", reading)))


def test_a_disclosed_interest_that_touches_the_topic_is_put_in_front_of_the_question(ada, cast, reading):
    assert "From your disclosure" not in words(ada.get(place("review", reading)))
    interests = {**dict.fromkeys(Question, Interest()), Question.STOCK: Interest("Shares in a maker.", (cast.topic,))}
    disclosures.disclose(advisor=cast.advisors[0], actor=cast.advisors[0].user, interests=interests)
    assert "Shares in a maker." in words(ada.get(place("review", reading)))


# Kept as it is typed


def test_what_is_typed_is_there_on_another_device(ada, items, reading):
    kept = save(ada, reading, remarks="Half a thought", **{f"tick_{items[0].pk}": "no", "csrfmiddlewaretoken": "x"})
    draft = ReviewDraft.objects.get()
    page = words(arrive(reading, "open").get(place("review", reading)))

    assert kept.json()["seen"] and draft.typed == {"remarks": "Half a thought", f"tick_{items[0].pk}": "no"}
    assert "Half a thought" in page and f'data-seen="{kept.json()["seen"]}"' in page


def test_two_windows_do_not_write_over_each_other(ada, reading):
    seen = save(ada, reading, remarks="One").json()["seen"]
    refused = save(ada, reading, remarks="Two")
    agreed = save(ada, reading, seen=seen, remarks="Three")

    assert refused.status_code == 409 and refused.json()["typed"] == {"remarks": "One"}
    assert agreed.status_code == 200 and ReviewDraft.objects.get().typed == {"remarks": "Three"}


def test_what_is_kept_is_ours_and_all_of_it(ada, reading):
    save(ada, reading, remarks="x" * 200_000, nonsense="y", tick_abc="z", reply_1="An answer")
    assert ReviewDraft.objects.get().typed == {"remarks": "x" * 200_000, "reply_1": "An answer"}
    assert "x" * 200_000 in ada.get(place("review", reading)).content.decode()


def test_more_than_anybody_types_is_refused_in_words_and_leaves_what_was_kept(ada, reading):
    save(ada, reading, remarks="A thought.")
    answer = ada.post(place("typed", reading), {"remarks": "x" * 400_001}, headers={"accept": "application/json"})
    assert answer.status_code == 409 and "400,000 characters" in answer.json()["error"]
    assert ReviewDraft.objects.get().typed == {"remarks": "A thought."}


def test_a_comment_that_was_begun_and_not_sent_is_not_lost_with_the_verdict(ada, reading):
    save(ada, reading, text="Half a comment")
    answer = ada.post(place("verdict", reading), typed(reading))
    assert answer.status_code == 409 and "have not sent it" in words(answer) and "Half a comment" in words(answer)
    ada.post(place("comment", reading), {"text": "A whole comment"})
    assert ReviewDraft.objects.get().typed == {}
    assert ada.post(place("verdict", reading), typed(reading)).status_code == 302
    assert not ReviewDraft.objects.exists() and Comment.objects.count() == 1


def test_typing_after_the_verdict_or_without_a_sign_in_is_refused_in_words(ada, cast, reading):
    ada.post(place("verdict", reading), typed(reading))
    for browser, status in ((ada, 409), (Client(), 403)):
        answer = save(browser, reading, remarks="Late")
        assert answer.status_code == status and answer.json()["error"]
    assert not ReviewDraft.objects.exists()


# The desk and the yearly disclosure


def answers(**fields: str) -> dict[str, str]:
    return {**{f"{question}-has": "no" for question in Question}, **fields}


def test_the_disclosure_is_made_for_a_year(ada, cast):
    fields = answers(**{"stock-has": "yes", "stock-statement": "Shares.", "stock-topics": str(cast.topic.pk)})
    answer = ada.post(reverse("board:disclosure"), fields)
    standing = disclosures.standing(cast.advisors[0])

    assert answer.url == reverse("board:desk")
    (interest,) = [row for row in standing.answers.all() if row.statement]
    assert (interest.question, list(interest.topics.all())) == ("stock", [cast.topic])
    assert "Shares." in words(ada.get(reverse("board:desk")))


@pytest.mark.parametrize(
    "wrong", [{"stock-has": ""}, {"stock-has": "yes"}, {"stock-has": "yes", "stock-statement": " "}]
)
def test_every_question_is_answered_and_an_interest_described(ada, cast, wrong):
    before = cast.advisors[0].disclosures.count()
    answer = ada.post(
        reverse("board:disclosure"), answers(**wrong, **{"gifts-has": "yes", "gifts-statement": "A pen."})
    )
    assert answer.status_code == 400 and "A pen." in words(answer)
    assert cast.advisors[0].disclosures.count() == before


def test_the_desk_says_what_waits_and_what_became_of_it(ada, cast, reading):
    assert "Due on" in words(ada.get(reverse("board:desk")))
    ada.post(place("verdict", reading), typed(reading))
    newsroom.verdict(Review.objects.get(advisor=cast.advisors[1]))
    page = words(ada.get(reverse("board:desk")))
    assert (
        "No review is waiting for you" in page and "You approved revision 1" in page and "the round: approved" in page
    )


def test_every_answer_offered_is_one_the_list_knows():
    assert set(Ticked.values) == {"yes", "no", "n/a"}


def test_a_verdict_with_answers_missing_lists_them_and_takes_the_reader_there(ada, reading):
    page = ada.post(place("verdict", reading), {"digest": reading.submission.revision.digest}).content.decode()
    refused = re.search(r'<div class="refused" tabindex="-1" autofocus>.*?</div>', page, re.DOTALL)[0]
    for field in re.findall(r'href="#(\w+)"', refused):
        assert f'id="{field}"' in page
    assert 'href="#id_verdict"' in refused and 'href="#id_conflict"' in refused


def test_a_text_that_is_too_long_is_not_called_unanswered(ada, items, reading):
    answer = ada.post(place("verdict", reading), typed(reading, remarks="x" * 5001))
    page = words(answer)
    assert answer.status_code == 400 and "A text is too long. It is marked below." in page
    assert "Too long:" in page and "Still to be answered:" not in page and "not answered yet" not in page


def test_what_is_missing_and_what_is_too_long_are_listed_apart(ada, items, reading):
    fields = typed(reading, remarks="x" * 5001)
    del fields["conflict"]
    answer = ada.post(place("verdict", reading), fields)
    form = answer.context["form"]
    assert [field.name for field in form.unanswered] == ["conflict"]
    assert [field.name for field in form.too_long] == ["remarks"]
    assert "Something is not answered yet." in words(answer)
