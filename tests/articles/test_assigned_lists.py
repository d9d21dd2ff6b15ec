"""Where articles are found by who has them and by their deadline: the list of articles, and the dashboard."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Assignment
from core import times
from tests import newsroom

LIST, DASHBOARD = reverse("admin:articles_article_changelist"), reverse("admin:index")
WEDNESDAY = date(2026, 12, 2)


def listed(client, **query) -> list[str]:
    return [article.title for article in client.get(LIST, query).context["cl"].result_list]


def has_until(cast, article: Article, person=None, due_on: date | None = None) -> Article:
    """Store an assignment of the article, also with a deadline that has passed."""
    Assignment(article=article, person=person, due_on=due_on, set_by=cast.editor, set_at=timezone.now()).save()
    return article


def assigned_panel(client, person):
    client.force_login(person)
    found = client.get(DASHBOARD).context["panels"]
    return next((panel for panel in found if panel.title == "Assigned to you" and panel.count), None)


@pytest.fixture
def wednesday():
    """The clock, at noon of a Wednesday."""
    with time_machine.travel(datetime(2026, 12, 2, 12, tzinfo=timezone.get_current_timezone()), tick=False) as clock:
        yield clock


@pytest.fixture
def several(cast, wednesday) -> None:
    """Articles with several people and deadlines. The title says which."""
    for title, person, days in (
        ("Mine, late", cast.editor, -1),
        ("Mine, on Sunday", cast.editor, 4),
        ("Mine", cast.editor, None),
        ("Writer, on Monday", cast.writer, 5),
        ("Writer, today", cast.writer, 0),
        ("Nobody, late", None, -3),
    ):
        due_on = None if days is None else WEDNESDAY + timedelta(days=days)
        has_until(cast, newsroom.draft(cast, title=title), person, due_on)
    newsroom.draft(cast, title="Never assigned")
    has_until(cast, newsroom.published(cast, title="Mine, published late"), cast.editor, WEDNESDAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"assigned": "me"}, {"Mine, late", "Mine, on Sunday", "Mine", "Mine, published late"}),
        ({"assigned": "unfinished"}, {"Mine, late", "Mine, on Sunday", "Mine"}),
        ({"assigned": "others"}, {"Writer, on Monday", "Writer, today"}),
        ({"assigned": "nobody"}, {"Nobody, late", "Never assigned"}),
        ({"deadline": "overdue"}, {"Mine, late", "Nobody, late"}),
        ({"deadline": "week"}, {"Mine, on Sunday", "Writer, today"}),
        ({"deadline": "overdue", "assigned": "me"}, {"Mine, late"}),
    ],
)
def test_the_list_is_cut_to_people_and_deadlines(client, cast, several, query, expected):
    client.force_login(cast.editor)
    assert set(listed(client, **query)) == expected


def test_the_list_names_the_person_and_says_how_far_away_the_deadline_is(client, cast, several):
    client.force_login(cast.editor)
    page = client.get(LIST).content.decode()
    cells = [part.partition("</td>")[0] for part in page.split('class="field-assigned_to">')[1:]]
    late = times.day(WEDNESDAY - timedelta(days=1))
    assert f'Editor <span class="due">{late}, <strong class="overdue">1 day overdue</strong></span>' in cells
    assert f'Writer <span class="due">{times.day(WEDNESDAY)}, today</span>' in cells
    assert f'Editor <span class="due">{late}</span>' in cells  # it is published
    assert "Editor" in cells and "–" in cells
    assert sum(cell.startswith("– <span") for cell in cells) == 1


def test_the_list_is_sorted_by_deadline_with_those_without_one_last(client, cast, several):
    client.force_login(cast.editor)
    assert listed(client, assigned="unfinished", o="3") == ["Mine, late", "Mine, on Sunday", "Mine"]


def test_a_writer_lists_only_what_they_may_open(client, cast, several):
    client.force_login(cast.colleague)
    assert listed(client, deadline="overdue") == []
    newsroom.assign(cast, Article.objects.get(title="Nobody, late"), cast.colleague, WEDNESDAY - timedelta(days=3))
    assert listed(client, deadline="overdue") == ["Nobody, late"]


def test_the_dashboard_shows_what_is_assigned_by_deadline(client, cast, several):
    panel = assigned_panel(client, cast.editor)
    late, sunday = (times.day(WEDNESDAY + timedelta(days=days)) for days in (-1, 4))
    assert [(row.text, row.note, row.is_urgent) for row in panel.rows] == [
        ("Mine, late", f"Draft; deadline {late}, 1 day overdue", True),
        ("Mine, on Sunday", f"Draft; deadline {sunday}, in 4 days", False),
        ("Mine", "Draft; no deadline", False),
    ]


def test_the_dashboard_leads_to_exactly_what_it_counts(client, cast):
    for serial in range(12):
        has_until(cast, newsroom.draft(cast, title=f"Article {serial}"), cast.colleague)
    has_until(cast, newsroom.published(cast), cast.colleague)
    panel = assigned_panel(client, cast.colleague)
    assert len(panel.rows) == 10 and panel.count == 12
    assert len(client.get(panel.url).context["cl"].result_list) == 12


def test_the_dashboard_shows_no_card_to_whoever_has_nothing(client, cast, several):
    assert assigned_panel(client, cast.colleague) is None
    assert assigned_panel(client, cast.advisors[0].user) is None


@pytest.mark.parametrize("who", ["writer", "editor"])
@pytest.mark.parametrize(
    "place", [LIST, f"{LIST}?assigned=others", f"{LIST}?assigned=nobody&deadline=overdue", DASHBOARD]
)
def test_more_assignments_need_no_more_queries(client, cast, who, place):
    def asked() -> int:
        client.get(place)
        with CaptureQueriesContext(connection) as queries:
            client.get(place)
        return len(queries)

    client.force_login(cast.everybody[who])
    people = (cast.writer, cast.editor, cast.colleague, None)
    late = timezone.localdate() - timedelta(days=1)
    for person in people:
        has_until(cast, newsroom.draft(cast), person, late)
    few = asked()
    for person in (*people, *people):
        has_until(cast, newsroom.draft(cast), person, late)
    assert asked() == few


@pytest.mark.parametrize("who", ["writer", "editor"])
def test_the_articles_form_needs_no_more_queries_in_a_larger_newsroom(client, cast, who):
    client.force_login(cast.everybody[who])
    article = has_until(cast, newsroom.draft(cast), cast.everybody[who], timezone.localdate())
    address = reverse("admin:articles_article_change", args=[article.pk])

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = asked()
    for serial in range(5):
        newsroom.user(f"person{serial}", "Writers", is_staff=True)
    assert asked() == few <= 50
