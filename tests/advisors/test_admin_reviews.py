"""An advisor's reviews in the admin: their own alone, each step by POST, and everything typed comes back."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from advisors.models import Comment, PanelMember, Review
from articles import workflow
from articles.models import Article
from tests import newsroom
from tests.admin_forms import address, form_of, forms_of

LIST = reverse("admin:advisors_review_changelist")
TITLE = "Of quokkas and magnesium"
TYPED = {
    "passage": "17 minutes",
    "text": "In whom?\nSay it.",
    "remarks": "Sound, with one question.",
    "statement": "I own shares.",
}
STEPS = ("accept", "decline", "save", "verdict")


def page_of(review: Review) -> str:
    return reverse("admin:advisors_review_change", args=[review.pk])


def step_of(review: Review, step: str) -> str:
    return reverse("admin:advisors_review_step", args=[review.pk, step])


def text_of(review: Review) -> str:
    return reverse("admin:advisors_review_text", args=[review.pk])


def words(answer) -> str:
    return unescape(answer.content.decode())


def press(client, review: Review, step: str, **typed: str):
    """Type into the form of the review's page and press the button of the step."""
    page = client.get(page_of(review))
    form = form_of(page, "/step/save/" if step == "verdict" else f"/step/{step}/")
    form.address = step_of(review, step)
    return form.send(client, **typed)


def as_stored(review: Review) -> tuple[list, list]:
    return list(Review.objects.filter(pk=review.pk).values()), list(Comment.objects.values())


@pytest.fixture
def asked(cast) -> Review:
    """What the first advisor has been asked; the second has been asked, too."""
    newsroom.in_review(cast, title=TITLE)
    return Review.objects.get(advisor=cast.advisors[0])


@pytest.fixture
def ada(client, cast) -> Client:
    """The browser of the first advisor."""
    client.force_login(cast.advisors[0].user)
    return client


@pytest.fixture
def reading(ada, asked) -> Review:
    """The first advisor has accepted."""
    press(ada, asked, "accept")
    return Review.objects.get(pk=asked.pk)


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
    posts = [client.post(step_of(asked, step), {**TYPED, "decline_reason": "No."}) for step in STEPS]
    for answer in (client.get(page_of(asked)), client.get(text_of(asked)), *posts):
        assert answer.status_code == 404
        assert TITLE not in words(answer)
    assert as_stored(asked) == before


def test_accepting(ada, asked):
    answer = press(ada, asked, "accept")
    asked.refresh_from_db()

    assert answer.url == page_of(asked)
    assert (asked.response, asked.verdict) == ("accepted", "")
    assert form_of(ada.get(answer.url), "/step/save/").value("digest") == asked.submission.revision.digest


def test_declining_with_a_reason(ada, asked):
    press(ada, asked, "decline", decline_reason="On leave\nuntil May.")
    asked.refresh_from_db()

    assert (asked.response, asked.decline_reason) == ("declined", "On leave\nuntil May.")
    assert not [form for form in forms_of(ada.get(page_of(asked))) if "/step/" in form.address]


@pytest.mark.parametrize("typed", ["", " \n", "\x01\u202e"])
def test_declining_without_a_reason_is_refused(ada, asked, typed):
    answer = press(ada, asked, "decline", decline_reason=typed)

    assert answer.status_code == 409
    assert "Say in a line why you decline" in words(answer)
    assert not Review.objects.get(pk=asked.pk).response


def test_a_reason_that_is_too_long_comes_back(ada, asked):
    answer = press(ada, asked, "decline", decline_reason="x" * 1001)

    assert answer.status_code == 400
    assert form_of(answer, "/step/decline/").value("decline_reason") == "x" * 1001


def test_what_is_saved_is_there_at_the_next_visit(ada, reading):
    press(ada, reading, "save", conflict="declared", **TYPED)
    form = form_of(ada.get(page_of(reading)), "/step/save/")

    assert form.value("remarks") == TYPED["remarks"]
    assert (form.value("conflict"), form.value("statement")) == ("declared", TYPED["statement"])
    assert (form.value("passage"), form.value("text")) == ("", "")
    assert Comment.objects.get().text == "In whom?\nSay it."


def test_a_verdict_with_everything_typed_on_the_page(ada, reading):
    press(ada, reading, "verdict", conflict="none", verdict="approve", **TYPED)
    reading.refresh_from_db()

    assert (reading.verdict, reading.conflict) == ("approve", "none")
    assert reading.digest == reading.submission.revision.digest
    assert reading.remarks == TYPED["remarks"]
    assert Comment.objects.get().passage == TYPED["passage"]


def test_the_second_approval_decides(cast, asked):
    for advisor in cast.advisors[:2]:
        browser, review = Client(), Review.objects.get(advisor=advisor)
        browser.force_login(advisor.user)
        press(browser, review, "accept")
        press(browser, review, "verdict", conflict="none", verdict="approve")

    assert Article.objects.get().stage == "approved"


def test_a_request_for_changes_sends_the_text_back_with_the_comment(ada, reading):
    press(ada, reading, "verdict", conflict="none", verdict="changes", text="For whom?")

    assert Article.objects.get().stage == "changes_requested"
    assert Article.objects.get().transitions.first().reason == "For whom?"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"conflict": "none"}, "Approve, or request changes"),
        ({"verdict": "approve"}, "State first whether you have a conflict"),
        ({"conflict": "declared", "verdict": "approve", "statement": ""}, "Describe the conflict"),
        ({"conflict": "declared", "verdict": "approve", "statement": "\x01"}, "Describe the conflict"),
        ({"conflict": "none", "verdict": "changes", "text": "", "passage": ""}, "Leave at least one comment"),
        ({"conflict": "none", "verdict": "changes", "text": "\x01", "passage": ""}, "Leave at least one comment"),
        ({"conflict": "none", "verdict": "approve", "text": ""}, "Say what you think of the passage"),
    ],
)
def test_what_is_missing_is_said_and_everything_typed_comes_back(ada, reading, choices, said):
    before = as_stored(reading)
    answer = press(ada, reading, "verdict", **(TYPED | choices))
    form = form_of(answer, "/step/save/")

    assert answer.status_code == 409
    assert said in words(answer)
    for name, typed in (TYPED | choices).items():
        assert form.value(name) == typed
    assert as_stored(reading) == before


@pytest.mark.parametrize("name", ["statement", "passage", "text", "remarks"])
def test_words_that_are_too_many_are_said_beside_their_field_and_come_back(ada, reading, name):
    before = as_stored(reading)
    answer = press(ada, reading, "verdict", conflict="none", verdict="approve", **(TYPED | {name: "x" * 5001}))
    form = form_of(answer, "/step/save/")

    assert answer.status_code == 400
    assert f'id="id_{name}_error"' in words(answer)
    assert {key: form.value(key) for key in TYPED} == TYPED | {name: "x" * 5001}
    assert as_stored(reading) == before


def test_a_verdict_on_another_revision_is_refused(ada, reading):
    answer = press(ada, reading, "verdict", conflict="none", verdict="approve", digest="a" * 64, **TYPED)

    assert answer.status_code == 409
    assert "not the revision that you were shown" in words(answer)
    assert not Review.objects.get(pk=reading.pk).verdict
    assert form_of(answer, "/step/save/").value("remarks") == TYPED["remarks"]


@pytest.mark.parametrize("digest", ["", "a" * 65, "<script>"])
def test_a_digest_that_is_none_is_refused(ada, reading, digest):
    answer = press(ada, reading, "verdict", conflict="none", verdict="approve", digest=digest)

    assert answer.status_code in (400, 409)
    assert not Review.objects.get(pk=reading.pk).verdict


@pytest.mark.parametrize("choice", [{"conflict": "perhaps"}, {"verdict": "yes"}])
def test_an_answer_that_was_not_offered_is_refused(ada, reading, choice):
    answer = press(ada, reading, "verdict", **({"conflict": "none", "verdict": "approve"} | choice))

    assert answer.status_code == 400
    assert not Review.objects.get(pk=reading.pk).verdict


def test_a_verdict_without_having_accepted_is_refused(ada, asked):
    digest = asked.submission.revision.digest
    typed = {"digest": digest, "conflict": "none", "verdict": "approve"}
    answer = ada.post(step_of(asked, "verdict"), typed)

    assert answer.status_code == 409
    assert "Accept the invitation first" in words(answer)
    assert not Review.objects.get(pk=asked.pk).verdict


@pytest.mark.parametrize("step", ["save", "verdict", "decline"])
def test_an_answer_to_a_round_that_is_over_says_so_and_gives_the_words_back(ada, cast, reading, step):
    form = form_of(ada.get(page_of(reading)), "/step/decline/" if step == "decline" else "/step/save/")
    form.address = step_of(reading, step)
    workflow.recall(article=Article.objects.get(), actor=cast.writer)
    typed = {"decline_reason": "On leave <until> May."} if step == "decline" else TYPED
    answer = form.send(ada, conflict="none", verdict="approve", **typed)

    assert answer.status_code == 409
    assert "This round is over (recalled)" in words(answer)
    for typed_words in typed.values():
        assert typed_words in words(answer).replace("\r\n", "\n")
    assert "<until>" not in answer.content.decode()
    assert not Review.objects.get(pk=reading.pk).verdict


def test_a_second_verdict_is_refused_and_the_first_stands(ada, reading):
    form = form_of(ada.get(page_of(reading)), "/step/save/")
    form.address = step_of(reading, "verdict")
    form.send(ada, conflict="none", verdict="approve", remarks="Sound.")
    answer = form.send(ada, verdict="changes", text="On second thoughts.")
    reading.refresh_from_db()

    assert answer.status_code == 409
    assert "You have given your verdict: it stands as it is" in words(answer)
    assert "On second thoughts." in words(answer)
    assert (reading.verdict, reading.remarks, Comment.objects.count()) == ("approve", "Sound.", 0)


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_editors_see_a_review_and_answer_for_nobody(client, cast, asked, who):
    client.force_login(cast.everybody[who])
    before = as_stored(asked)
    page = client.get(page_of(asked))
    typed = {**TYPED, "digest": asked.submission.revision.digest, "conflict": "none", "verdict": "approve"}

    assert TITLE in words(page) and "nobody else can answer it" in words(page)
    assert not [form for form in forms_of(page) if "/step/" in form.address]
    for step in STEPS:
        answer = client.post(step_of(asked, step), {**typed, "decline_reason": "No."})
        assert answer.status_code in (403, 409)
        assert "asked of somebody else" in words(answer)
    assert as_stored(asked) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_step_takes_no_get(ada, asked, step):
    assert ada.get(step_of(asked, step)).status_code == 405
    assert not Review.objects.get(pk=asked.pk).response


def test_a_step_from_another_site_is_refused(cast, asked):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.advisors[0].user)

    assert browser.post(step_of(asked, "accept")).status_code == 403
    assert not Review.objects.get(pk=asked.pk).response


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
    others += [reverse("admin:articles_article_history", args=[article.pk]), reverse("admin:articles_source_add")]
    inline = {
        place: "unsafe-inline" in client.get(place).headers["Content-Security-Policy"] for place in with_editor + others
    }

    assert inline == dict.fromkeys(with_editor, True) | dict.fromkeys(others, False)


def test_an_advisor_who_has_left_the_board_answers_no_more(ada, cast, reading):
    cast.advisors[0].is_active = False
    cast.advisors[0].save()
    answer = press(ada, reading, "verdict", conflict="none", verdict="approve")

    assert answer.status_code in (403, 409)
    assert "no longer on the board" in words(answer)
    assert not Review.objects.get(pk=reading.pk).verdict
