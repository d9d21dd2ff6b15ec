"""A comment is about the whole text, a block of the body, or another part: the title, the safety note and so on."""

import re
from html import unescape

import pytest

from advisors import reviews
from advisors.models import Comment, Review
from tests import newsroom
from tests.advisors.review_desk.conftest import place

NOTE = "<p>Not with <strong>alcohol</strong>.</p><p>Ask a physician.</p>"
OPTION = re.compile(r'<option value="([^"]*)"( selected)?>([^<]*)</option>')


@pytest.fixture
def reading(cast) -> Review:
    """Return Ada's accepted review of a text whose title stands in its body too, and that has no key messages."""
    body = '<p>Magnesium &lt; sleep.<sup data-cite="doe2020"></sup></p><p>Magnesium and sleep, again.</p>'
    newsroom.in_review(cast, body=body, safety_note=NOTE)
    return reviews.accept(review=Review.objects.get(advisor=cast.advisors[0]), actor=cast.advisors[0].user)


def places(answer) -> dict[str, str]:
    """Return the choices of the field “Where” by their values."""
    html = answer.content.decode().partition('<select name="block"')[2].partition("</select>")[0]
    return {value: unescape(words) for value, _selected, words in OPTION.findall(html)}


def test_title_and_safety_note_are_among_the_places(ada, reading):
    assert places(ada.get(place("review", reading))) == {
        "": "On the whole text",
        "title": "Title: Magnesium and sleep",
        "standfirst": "Standfirst: What trials have measured.",
        "safety_note": "Safety note: Not with alcohol. Ask a physician.",
        "0": "1. Magnesium < sleep.",
        "1": "2. Magnesium and sleep, again.",
    }


def test_a_comment_on_a_part_quotes_it_and_is_in_no_block(ada, reading):
    ada.post(place("comment", reading), {"block": "title", "text": "Too sure."})
    ada.post(place("comment", reading), {"block": "safety_note", "text": "Which?", "passage": "a physician"})
    found = Comment.objects.order_by("pk").values_list("block", "start", "passage", "text")
    assert list(found) == [
        (None, None, "Magnesium and sleep", "Too sure."),
        (None, None, "a physician", "Which?"),
    ]
    page = ada.get(place("review", reading)).content.decode()
    assert '<blockquote class="passage">Magnesium and sleep</blockquote>' in page


def test_a_comment_on_a_long_part_quotes_its_beginning(cast):
    article = newsroom.in_review(cast, safety_note=f"<p>{'Not with alcohol. ' * 100}</p>")
    long = reviews.accept(
        review=Review.objects.get(advisor=cast.advisors[1], submission__article=article), actor=cast.advisors[1].user
    )
    note = reviews.comment(review=long, actor=cast.advisors[1].user, part="safety_note", text="Shorten it.")
    assert note.passage.startswith("Not with alcohol.") and 990 < len(note.passage) <= 1000


def test_the_place_of_a_comment_that_was_refused_is_chosen_again(ada, reading):
    answer = ada.post(place("comment", reading), {"block": "safety_note", "text": " "})
    assert answer.status_code == 409
    chosen = [value for value, selected, _words in OPTION.findall(answer.content.decode()) if selected]
    assert "safety_note" in chosen and not Comment.objects.exists()


@pytest.mark.parametrize("where", ["body", "slug", "-1", "1e3", "title "])
def test_no_other_place_is_taken(ada, reading, where):
    assert ada.post(place("comment", reading), {"block": where, "text": "Hm."}).status_code == 400
    assert not Comment.objects.exists()
