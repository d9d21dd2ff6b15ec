"""The inbox: the number beside its link, what is new, and how somebody is told."""

import pytest
from playwright.sync_api import Page, expect

TELL = """
from accounts.models import User
from inbox.notifying import notify
writer = User.objects.get(email="writer@example.org")
for number in range({}):
    page, subject = "/admin/articles/article/", f"It appeared {{number}}"
    notify("published", [writer], key=f"{}:{{number}}", page=page, subject=subject)
"""


@pytest.fixture
def writer(person, asked) -> Page:
    asked("from inbox.models import Notification; Notification.objects.all().delete()")
    return person("writer")


def test_the_number_of_new_notifications_stands_in_the_header_until_they_are_read(writer, asked):
    expect(writer.locator("#inbox-count")).to_be_hidden()
    asked(TELL.format(2, "read"))
    writer.goto("/admin/")
    expect(writer.locator("#inbox-count")).to_have_text("2")
    expect(writer.get_by_label("2 unread")).to_be_visible()
    writer.get_by_role("link", name="Inbox").click()
    writer.get_by_role("link", name="It appeared 1").click()
    expect(writer).to_have_url("/admin/articles/article/")
    expect(writer.locator("#inbox-count")).to_have_text("1")
    writer.goto("/admin/inbox/")
    writer.get_by_role("button", name="Mark all as read").click()
    expect(writer.get_by_role("button", name="Mark all as read")).to_have_count(0)
    expect(writer.locator("#inbox-count")).to_be_hidden()
    assert writer.errors == []


def test_somebody_chooses_by_keyboard_to_be_told_once_a_day(writer, asked):
    writer.goto("/admin/inbox/preferences/")
    writer.get_by_label("An article appeared").focus()
    writer.keyboard.type("One")
    writer.get_by_role("button", name="Save").press("Enter")
    expect(writer.get_by_text("Saved.")).to_be_visible()
    expect(writer.get_by_label("An article appeared")).to_have_value("daily")
    asked(TELL.format(1, "daily"))
    told = "from inbox.models import Notification; print(Notification.objects.get(key='daily:0').delivery)"
    assert asked(told).strip() == "daily"
    assert writer.errors == []
