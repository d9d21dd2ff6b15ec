"""Two people with the same article open: nothing is overwritten unseen, and nothing that was typed is lost."""

import re
from html import unescape

import pytest
from django.test import Client

from articles.models import Article, Topic
from core import times
from tests import newsroom
from tests.admin_forms import article_form, form_of, picture

SIDES = re.compile(
    r'<div class="conflict-field">\s*<h3>(?P<label>.*?)</h3>.*?<pre[^>]*>(?P<theirs>.*?)</pre>.*?'
    r"<pre[^>]*>(?P<mine>.*?)</pre>",
    re.DOTALL,
)


def sides(answer) -> dict[str, tuple[str, str]]:
    """Return the saved and the typed text of each field that differs, by its label."""
    found = SIDES.finditer(answer.content.decode())
    return {match["label"]: (unescape(match["theirs"]), unescape(match["mine"])) for match in found}


class Two:
    """The writer and the editor, each with the article open in a browser of their own."""

    def __init__(self, cast, **fields: str) -> None:
        self.article = newsroom.draft(
            cast, key_messages="One.\nTwo.", safety_note="<p>Ask.</p>\n<p>First.</p>", **fields
        )
        self.writer, self.editor = Client(), Client()
        self.writer.force_login(cast.writer)
        self.editor.force_login(cast.editor)
        self.open()

    def open(self) -> None:
        self.hers, self.theirs = article_form(self.writer, self.article), article_form(self.editor, self.article)

    def saved(self) -> Article:
        return Article.objects.get(pk=self.article.pk)


@pytest.fixture
def two(cast) -> Two:
    return Two(cast)


def test_the_second_save_is_not_applied_and_makes_no_revision(two):
    two.theirs.send(two.editor, title="The editor's")
    answer = two.hers.send(two.writer, title="The writer's", standfirst="Hers too.")

    assert answer.status_code == 200
    assert (two.saved().title, two.saved().standfirst) == ("The editor's", "What trials have measured.")
    assert [row.title for row in two.article.revisions.all()] == ["The editor's", "Magnesium and sleep"]


def test_the_page_says_who_saved_and_when(two):
    two.theirs.send(two.editor, title="The editor's")
    page = two.hers.send(two.writer, title="The writer's").content.decode()

    assert f"Editor saved this article on {times.moment(two.saved().saved_at)}" in page
    assert "Nothing was overwritten" in page


@pytest.mark.parametrize(
    ("name", "label", "saved", "typed", "seen"),
    [
        ("title", "Title", "Saved", "Typed", ("Saved", "Typed")),
        ("standfirst", "Standfirst", "Saved.", "Typed\nin two.", ("Saved.", "Typed\nin two.")),
        ("key_messages", "Key messages", "One.\nThree.", "One.\nFour.", ("One.\nThree.", "One.\nFour.")),
        (
            "body",
            "Body",
            "<p>Saved &amp; sound.</p>",
            "<p>Typed</p>\n<p>&lt;b&gt;</p>",
            ("Saved & sound.", "Typed\n<b>"),
        ),
        ("safety_note", "Safety note", "<p>S</p>", "", ("S", "(empty)")),
        ("slug", "Address", "saved", "typed", ("saved", "typed")),
    ],
)
def test_a_field_that_differs_is_shown_from_both_sides_and_stays_as_typed(two, name, label, saved, typed, seen):
    two.theirs.send(two.editor, **{name: saved})
    answer = two.hers.send(two.writer, **{name: typed})

    assert sides(answer) == {label: seen}
    assert form_of(answer, "article_form").value(name) == typed


def test_a_second_tab_of_the_same_person_does_not_speak_of_others(two):
    other_tab = article_form(two.writer, two.article)
    other_tab.send(two.writer, title="From the other tab")
    page = two.hers.send(two.writer, title="From this tab").content.decode()
    assert "What you saved elsewhere, in another tab or on another device" in page
    assert "Take the saved one" in page and "Take theirs" not in page
    assert "Saved elsewhere by you" in page and "not by you" not in page


def test_fields_that_nobody_else_touched_are_not_shown(two):
    two.theirs.send(two.editor, title="The editor's", standfirst="Theirs.")
    answer = two.hers.send(two.writer, title="The editor's", standfirst="Hers.")

    assert list(sides(answer)) == ["Standfirst"]


def test_a_field_that_cannot_be_kept_is_shown_as_it_was_typed(two):
    two.theirs.send(two.editor, title="The editor's")
    answer = two.hers.send(two.writer, title="x" * 300)

    assert sides(answer) == {"Title": ("The editor's", "x" * 300)}


def test_saving_again_on_purpose_replaces_what_was_saved(two):
    two.theirs.send(two.editor, title="The editor's", body="<p>Theirs.</p>")
    answer = two.hers.send(two.writer, title="The writer's")
    form_of(answer, "article_form").send(two.writer)

    assert two.saved().title == "The writer's"
    assert "17 minutes" in two.saved().body
    assert two.article.head().number == 3


def test_saving_again_is_refused_where_a_third_version_has_come_in(two, cast):
    two.theirs.send(two.editor, title="The editor's")
    answer = two.hers.send(two.writer, title="The writer's")
    newsroom.rewrite(cast, two.article, actor=cast.editor, title="The editor's second")
    again = form_of(answer, "article_form").send(two.writer)

    assert sides(again)["Title"] == ("The editor's second", "The writer's")
    assert two.saved().title == "The editor's second"


def test_a_form_that_does_not_say_what_it_saw_is_refused(two):
    answer = two.hers.send(two.writer, title="The writer's", seen_version="")

    assert "Nothing was overwritten" in answer.content.decode()
    assert two.saved().title == "Magnesium and sleep"


def test_other_topics_are_a_conflict_too(two, cast):
    stress = Topic.objects.create(name="Stress", slug="stress")
    two.open()
    two.theirs.send(two.editor, topics=[str(stress.pk)])
    answer = two.hers.send(two.writer, title="The writer's")

    assert sides(answer) == {"Topics": ("Stress", "Sleep"), "Title": ("Magnesium and sleep", "The writer's")}
    assert two.saved().title == "Magnesium and sleep"
    assert form_of(answer, "article_form").data["topics"] == [str(cast.topic.pk)]


def test_a_source_that_somebody_put_at_hand_stays_through_the_second_save(two):
    other = newsroom.source("roe2021")
    two.theirs.add_row("article_sources", source=other.pk).send(two.editor)
    answer = two.hers.send(two.writer, title="The writer's")
    form_of(answer, "article_form").send(two.writer)

    assert two.saved().title == "The writer's"
    assert [source.key for source in two.saved().sources.order_by("key")] == ["doe2020", "roe2021"]


def test_a_row_added_by_the_second_is_still_in_their_form(two):
    other = newsroom.source("roe2021")
    two.theirs.send(two.editor, title="The editor's")
    answer = two.hers.add_row("article_sources", source=other.pk, supports="naps").send(two.writer)
    form = form_of(answer, "article_form")

    assert (form.value("article_sources-1-source"), form.value("article_sources-1-supports")) == (str(other.pk), "naps")
    form.send(two.writer)
    assert two.saved().sources.count() == 2


def test_two_pictures_are_shown_from_both_sides(two):
    two.theirs.send(two.editor, hero_image=picture("teal"), hero_alt="Teal")
    answer = two.hers.send(two.writer, hero_image=picture("red", "mine.png"), hero_alt="Red")
    stored = two.saved().hero_image.name

    assert sides(answer)["Picture"] == (stored, "mine.png (choose it again before you save)")
    assert sides(answer)["Alternative text"] == ("Teal", "Red")


def test_the_same_picture_twice_is_no_difference(two):
    two.theirs.send(two.editor, hero_image=picture("teal"), title="The editor's")
    answer = two.hers.send(two.writer, hero_image=picture("teal", "mine.png"))

    assert list(sides(answer)) == ["Title"]


def test_a_picture_chosen_again_replaces_theirs(two):
    two.theirs.send(two.editor, hero_image=picture("teal"))
    before = two.saved().hero_image.name
    answer = two.hers.send(two.writer, hero_image=picture("red"))
    form_of(answer, "article_form").send(two.writer, hero_image=picture("red"))

    assert two.saved().hero_image.name not in ("", before)
    assert two.article.head().hero_image.name == two.saved().hero_image.name


def test_a_picture_that_somebody_chose_stays_where_only_words_are_saved_again(two):
    two.theirs.send(two.editor, hero_image=picture("teal"))
    answer = two.hers.send(two.writer, title="The writer's")
    form_of(answer, "article_form").send(two.writer)

    assert two.saved().hero_image.name
    assert two.saved().title == "The writer's"


def test_a_form_without_words_speaks_of_no_words(two, cast):
    newsroom.submit(cast, two.article)
    form = article_form(two.editor, two.article)
    Article.objects.filter(pk=two.article.pk).update(version=9)
    answer = form.send(two.editor)

    assert sides(answer) == {}


def test_markup_is_shown_as_text_on_both_sides(two):
    two.theirs.send(two.editor, title="<script>alert(1)</script>")
    page = two.hers.send(two.writer, title="<img src=x onerror=alert(2)>").content.decode()

    assert "<script>alert(1)" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
