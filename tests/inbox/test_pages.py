"""The inbox shows people what they were told, and nobody what somebody else was told."""

import pytest
from django.urls import reverse

from inbox import preferences
from inbox.events import events
from inbox.models import Delivery, Notification
from inbox.notifying import notify
from tests import newsroom

pytestmark = pytest.mark.django_db
INBOX = "/admin/inbox/"


@pytest.fixture
def writer(client):
    person = newsroom.user("ada", newsroom.WRITERS, is_staff=True)
    client.force_login(person)
    return person


def tell(*people, key="k", subject="It appeared <now>") -> Notification:
    notify("published", people, key=key, page="https://example.org/admin/?q=1#x", subject=subject)
    return Notification.objects.get(recipient=people[0], key=key)


def unread(client) -> dict:
    return client.get(f"{INBOX}unread/").json()


def test_it_lists_what_a_person_was_told_the_newest_first(client, writer):
    tell(writer, key="1", subject="First")
    tell(writer, key="2", subject="Second <b>")
    page = client.get(INBOX).content.decode()
    assert page.index("Second &lt;b&gt;") < page.index("First") and page.count('class="unread"') == 2


def test_an_empty_inbox_says_what_will_come(client, writer):
    assert "You are told here when something happens" in client.get(INBOX).content.decode()


def test_opening_a_notification_marks_it_as_read_and_leads_to_its_page(client, writer):
    row = tell(writer)
    assert unread(client) == {"shown": "1", "said": "1 unread"}
    answer = client.get(f"{INBOX}{row.pk}/open/")
    assert answer.status_code == 302 and answer["Location"] == "/admin/?q=1#x"
    assert unread(client) == {"shown": "", "said": ""}


def test_marking_all_as_read_leaves_what_came_since(client, writer):
    seen = tell(writer, key="1")
    tell(writer, key="2")
    assert client.post(f"{INBOX}read/", {"newest": seen.pk}).status_code == 302
    assert unread(client)["shown"] == "1"
    assert client.get(f"{INBOX}read/").status_code == 405
    client.post(f"{INBOX}read/", {"newest": "x"})
    assert unread(client)["shown"] == "1"


def test_many_are_counted_up_to_a_limit_and_paginated(client, writer, django_assert_num_queries):
    for number in range(101):
        tell(writer, key=str(number))
    assert unread(client) == {"shown": "99+", "said": "99+ unread"}
    with django_assert_num_queries(8):
        page = client.get(INBOX).content.decode()
    assert page.count('class="unread"') == 30 and "Page 1 of 4" in page
    assert client.get(INBOX + "?page=9").status_code == 404


def test_nobody_sees_or_changes_the_notifications_of_somebody_else(client, writer):
    other = newsroom.user("ben", newsroom.WRITERS, is_staff=True)
    row = tell(other)
    assert "It appeared" not in client.get(INBOX).content.decode()
    assert client.get(f"{INBOX}{row.pk}/open/").status_code == 404
    client.post(f"{INBOX}read/", {"newest": row.pk})
    row.refresh_from_db()
    assert row.read_at is None


def test_people_choose_for_each_event_how_they_are_told(client, writer):
    page = client.get(reverse("admin:inbox_preferences")).content.decode()
    assert all(str(event.label) in page for event in events()) and "ada@example.org" in page
    chosen = {event.name: Delivery.DAILY for event in events()} | {"published": Delivery.OFF}
    assert client.post(reverse("admin:inbox_preferences"), chosen).status_code == 302
    assert preferences.preferences_of(writer) == chosen
    answer = client.post(reverse("admin:inbox_preferences"), {**chosen, "published": "fax"})
    assert answer.status_code == 200 and preferences.preferences_of(writer) == chosen


def test_the_header_of_the_newsroom_leads_to_the_inbox(client, writer):
    assert f'href="{INBOX}"' in client.get("/admin/").content.decode()
