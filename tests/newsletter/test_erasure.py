"""Erasure, what is kept after it, and what is purged."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone
from post_office.models import Email

from core.models import Count
from mail import sending
from newsletter import subscribing
from newsletter.models import State, Subscriber, Suppression
from tests.newsletter.conftest import ADDRESS, link


def tables_that_hold(text: str) -> list[str]:
    """Return the tables of the whole database that have this text in some column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(text.lower() in str(value).lower() for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


def test_after_erasure_no_table_holds_the_address(subscriber):
    assert tables_that_hold(ADDRESS)
    subscribing.erase(subscriber)
    assert tables_that_hold(ADDRESS) == []
    assert Suppression.objects.get().digest == subscriber.digest


def test_other_emails_to_the_same_address_stay(subscriber):
    sending.send("source_retracted", {"entries": []}, ADDRESS)
    subscribing.erase(subscriber)
    assert [row.to for row in Email.objects.all()] == [[ADDRESS]]


def test_a_row_that_comes_back_is_not_written_to(subscriber):
    subscribing.erase(subscriber)
    subscriber.pk = None
    subscriber.save(force_insert=True)
    assert subscriber.state == State.CONFIRMED and not Subscriber.objects.receiving().exists()


def test_only_they_themselves_lift_a_suppression(subscriber, sign_up, delivered, client):
    subscribing.erase(subscriber)
    sign_up()
    assert Suppression.objects.exists() and not Subscriber.objects.receiving().exists()
    client.post(link(delivered()[-1], "confirm"))
    assert not Suppression.objects.exists() and Subscriber.objects.receiving().exists()


def test_erasing_twice_is_the_same_as_once(subscriber):
    subscribing.erase(subscriber)
    subscribing.erase(subscriber)
    assert Suppression.objects.count() == 1


def test_leaving_needs_no_suppression(subscriber):
    subscribing.unsubscribe(digest=subscriber.digest)
    assert not Suppression.objects.exists()


def test_purging_forgets_who_never_confirmed_within_a_week(subscriber, sign_up, capsys):
    now = timezone.now()
    sign_up("never@example.org")
    with time_machine.travel(now + timedelta(days=6, hours=23)):
        call_command("purge_newsletter")
    assert Subscriber.objects.count() == 2
    with time_machine.travel(now + timedelta(days=7, hours=1)):
        call_command("purge_newsletter", dry_run=True)
        assert Subscriber.objects.count() == 2
        call_command("purge_newsletter")
    assert [row.address for row in Subscriber.objects.all()] == [ADDRESS]
    assert tables_that_hold("never@example.org") == []
    assert not Count.objects.exists()
    assert capsys.readouterr().out.splitlines()[1:] == [
        "1 unconfirmed sign-ups would be deleted. Nothing was: this was a trial.",
        "1 unconfirmed sign-ups deleted, 0 old counts.",
    ]


def test_a_purge_keeps_a_suppression(subscriber, sign_up):
    subscribing.erase(subscriber)
    sign_up()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        call_command("purge_newsletter")
    assert not Subscriber.objects.exists() and Suppression.objects.count() == 1


def test_the_database_refuses_a_confirmation_without_its_time(db):
    with pytest.raises(IntegrityError):
        Subscriber.objects.create(address=ADDRESS, digest="x", state=State.CONFIRMED, consent_words="Yes")
