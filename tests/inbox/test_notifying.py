"""People are told of an event once, as each of them prefers, and never about what they did themselves."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from post_office.models import Email

from inbox import events, jobs, notifying, preferences
from inbox.models import Delivery, Notification
from jobs.registry import JobContext
from tests import mailing, newsroom

EVENT = "published"
PAGE = "https://example.org/admin/articles/article/7/change/#board"


def tell(people, *, key="k", **fields) -> int:
    return notifying.notify(EVENT, people, **{"key": key, "page": PAGE, "subject": "It appeared", **fields})


def daily() -> str:
    return jobs.write_daily_emails(JobContext(now=timezone.now()))


@pytest.fixture
def pair(db, settings):
    """Return two people of the newsroom; emails are queued."""
    settings.EMAIL_BACKEND = mailing.QUEUE
    return newsroom.user("ada", is_staff=True), newsroom.user("ben", is_staff=True)


def test_without_a_preference_an_email_comes_at_once_and_the_inbox_keeps_it(pair):
    assert tell(pair) == 2
    assert mailing.queued() == [("ada@example.org", "It appeared"), ("ben@example.org", "It appeared")]
    row = Notification.objects.get(recipient=pair[0])
    assert (row.event, row.subject, row.path) == (EVENT, "It appeared", "/admin/articles/article/7/change/#board")
    assert row.emailed_at and row.read_at is None


@pytest.mark.parametrize(
    "delivery, at_once, daily_ones", [("at_once", 1, 0), ("daily", 0, 1), ("off", 0, 0)], ids=Delivery.values
)
def test_each_preference_decides_which_email_comes(pair, delivery, at_once, daily_ones):
    ada, _ben = pair
    preferences.prefer(ada, {EVENT: Delivery(delivery)})
    assert tell([ada]) == at_once and daily() == f"{daily_ones} written"
    assert daily() == "0 written"
    assert Email.objects.count() == at_once + daily_ones and Notification.objects.filter(recipient=ada).count() == 1


def test_nobody_is_told_of_the_same_twice(pair):
    tell(pair[:1])
    assert tell(pair) == 1 and tell(pair) == 0
    assert tell(pair, key="another") == 2


def test_whoever_acted_and_who_is_switched_off_are_not_told(pair):
    ada, ben = pair
    ben.is_active = False
    ben.save()
    assert tell([ada, ben], actor=ada) == 0 and not Notification.objects.exists()


def test_somebody_who_is_switched_off_later_gets_no_daily_email(pair):
    ada, _ben = pair
    preferences.prefer(ada, {EVENT: Delivery.DAILY})
    tell([ada])
    ada.is_active = False
    ada.save()
    assert daily() == "0 written"


def test_what_was_read_is_not_in_the_daily_email(pair):
    ada, _ben = pair
    preferences.prefer(ada, {EVENT: Delivery.DAILY})
    tell([ada], key="1", subject="First")
    tell([ada], key="2", subject="Second")
    Notification.objects.filter(key="1").update(read_at=timezone.now())
    assert daily() == "1 written"
    text = Email.objects.get().message
    assert "Second" in text and "First" not in text and "/admin/articles/article/7/change/" in text


def test_a_long_daily_email_says_how_many_it_leaves_out(pair, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_IN_AN_EMAIL", 2)
    preferences.prefer(pair[0], {EVENT: Delivery.DAILY})
    for number in range(5):
        tell(pair[:1], key=str(number), subject=f"Subject {number}")
    daily()
    email = Email.objects.get()
    assert "3 more are in your inbox" in email.message and "Subject 4" in email.message
    assert "Subject 2" not in email.message and email.subject.startswith("5 things")


def test_the_email_comes_in_the_name_of_whoever_acted_by_smtp(pair, settings):
    ada, ben = pair
    ada.name = 'Ada "A." Lovelace, PhD'
    ada.save()
    with mailing.post_server(settings) as server:
        tell([ben], actor=ada, words="Please look.")
        mailing.send_queue()
        [(recipients, message)] = server.emails
    sender = message["From"].addresses[0]
    assert recipients == ["ben@example.org"] and message["Reply-To"] == "ada@example.org"
    assert sender.display_name == 'Ada "A." Lovelace, PhD (The Betterment Project)'
    assert sender.addr_spec == settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    assert "Please look." in message.get_body(("plain",)).get_content()


def test_nothing_is_told_of_what_is_undone(pair):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(pair)
        raise RuntimeError
    assert not Notification.objects.exists() and not Email.objects.exists()


def test_a_bad_address_does_not_hold_up_the_others(pair):
    type(pair[0]).objects.filter(pk=pair[0].pk).update(email="ada@@example")
    pair[0].refresh_from_db()
    assert tell(pair) == 1 and Notification.objects.count() == 2


def test_an_event_has_to_be_registered(pair):
    with pytest.raises(KeyError):
        notifying.notify("party", pair, key="k", page=PAGE, subject="Hello")
    with pytest.raises(ValueError):
        events.register(EVENT, "Again")


def test_old_notifications_are_deleted(pair):
    with time_machine.travel(timezone.now() - timedelta(days=181)):
        tell(pair, key="old")
    tell(pair, key="new")
    assert jobs.purge(JobContext(now=timezone.now())) == "2 deleted"
    assert set(Notification.objects.values_list("key", flat=True)) == {"new"}


def test_an_erased_person_is_in_no_notification(pair):
    ada, ben = pair
    tell([ada], key="1")
    tell([ben], key="2", subject="Ada Lovelace has left")
    tell([ben], key="3")
    assert notifying.erase(of=[ada], addresses=["ada@example.org"], names=["Ada Lovelace"]) == 2
    assert list(Notification.objects.values_list("key", flat=True)) == ["3"]
