"""The dashboard shows each person what they have to do."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from core import times
from sources import retractions
from tests import newsroom


def panels(client, person):
    client.force_login(person)
    found = client.get(reverse("admin:index")).context["panels"]
    return {panel.title: [row.text for row in panel.rows] for panel in found if panel.count}


def test_a_writer_sees_their_own_drafts_and_not_a_colleagues(client, cast):
    newsroom.draft(cast, title="Mine")
    assert panels(client, cast.writer) == {"My drafts": ["Mine"]}
    assert panels(client, cast.colleague) == {}


def test_an_editor_sees_the_newsrooms(client, cast):
    newsroom.draft(cast, title="A draft")
    newsroom.in_review(cast, title="In review")
    newsroom.publish(cast, newsroom.approved(cast, title="Later"), at=timezone.now() + timedelta(days=1))
    newsroom.approved(cast, title="Ready")
    assert panels(client, cast.editor) == {
        "Drafts": ["A draft"],
        "In review": ["In review"],
        "Scheduled": ["Later"],
        "Approved, ready to publish": ["Ready"],
    }


def test_what_came_back_shows_the_first_comment(client, cast):
    newsroom.changes_requested(cast, title="Back")
    client.force_login(cast.writer)
    [panel] = [panel for panel in client.get(reverse("admin:index")).context["panels"] if panel.count]
    assert [(row.text, row.quote) for row in panel.rows] == [("Back", "Say for whom this holds.")]


def test_an_advisor_sees_what_waits_for_them(client, cast):
    newsroom.in_review(cast, title="To read")
    assert panels(client, cast.advisors[0].user) == {"Waiting for my review": ["To read"]}
    assert panels(client, cast.advisors[2].user) == {}


def test_an_overdue_review_is_named(client, cast):
    article = newsroom.draft(cast, title="Slow")
    workflow.submit(article=article, actor=cast.writer, due_on=timezone.localdate() - timedelta(days=1))
    assert panels(client, cast.editor)["Reviews overdue"] == ["Slow", "Slow"]


def retract(cast, nature="retraction", on=date(2021, 3, 5)):
    retractions.note(source=cast.source, actor=cast.editor, nature=nature, reason="Figures were copied.", on=on)


def test_a_live_article_whose_source_was_retracted_needs_attention(client, cast):
    newsroom.published(cast, title="Doubtful")
    newsroom.draft(cast, title="Not live")
    assert "Published, needs attention" not in panels(client, cast.editor)
    retract(cast)
    assert panels(client, cast.editor)["Published, needs attention"] == ["Doubtful"]
    retract(cast, "reinstatement", on=date(2022, 3, 5))
    assert "Published, needs attention" not in panels(client, cast.editor)


def test_what_needs_attention_says_since_when_and_who_says_so(client, cast):
    newsroom.published(cast, title="Doubtful")
    retract(cast)
    client.force_login(cast.editor)
    [panel] = [one for one in client.get(reverse("admin:index")).context["panels"] if "attention" in one.title]
    [row] = panel.rows
    assert row.note == f"doe2020: retracted, known here since {times.day(timezone.now())}"
    assert row.quote == "According to an editor (5 March 2021). Figures were copied."


def test_each_count_leads_to_as_many_rows(client, cast):
    newsroom.draft(cast)
    newsroom.in_review(cast)
    newsroom.approved(cast)
    newsroom.changes_requested(cast)
    newsroom.publish(cast, newsroom.approved(cast), at=timezone.now() + timedelta(days=1))
    newsroom.published(cast)
    retract(cast)
    client.force_login(cast.editor)
    for panel in client.get(reverse("admin:index")).context["panels"]:
        if panel.count and "article" in panel.url:
            assert client.get(panel.url).context["cl"].result_count == panel.count, panel.title


@pytest.mark.parametrize("many", [2, 7])
def test_the_start_page_asks_no_more_of_a_large_newsroom(client, cast, many, django_assert_max_num_queries):
    for _ in range(many):
        newsroom.in_review(cast)
        newsroom.changes_requested(cast)
    client.force_login(cast.editor)
    with django_assert_max_num_queries(37):
        client.get(reverse("admin:index"))


def test_only_panels_with_something_in_them_are_shown(client, cast):
    newsroom.draft(cast, title="Mine")
    client.force_login(cast.writer)
    page = client.get(reverse("admin:index")).content.decode()
    assert page.count('class="start-panel"') == 1 and "My drafts" in page
    assert "Changes requested" not in page and "Nothing is waiting for you." not in page


@pytest.mark.parametrize("who", ["writer", "editor", "advisor1", "admin"])
def test_one_sentence_says_that_nothing_waits(client, cast, who):
    client.force_login(cast.everybody[who])
    page = client.get(reverse("admin:index")).content.decode()
    assert page.count("Nothing is waiting for you.") == 1 and 'class="start-panel"' not in page


def test_a_panel_counts_no_further_than_says_something(client, cast, monkeypatch):
    monkeypatch.setattr("core.admin.dashboard.MAX_COUNTED", 2)
    client.force_login(cast.editor)
    for tally in ("1", "2", "2+", "2+"):
        newsroom.draft(cast)
        page = client.get(reverse("admin:index"))
        [panel] = [panel for panel in page.context["panels"] if panel.title == "Drafts"]
        assert panel.tally == tally
        assert f'<span class="tally">{tally}</span>' in page.content.decode()
