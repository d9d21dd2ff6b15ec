"""Two requests at the same moment, on PostgreSQL, where races can be seen."""

import pytest
from django.db import connection
from post_office.models import Email

from newsletter import addresses, subscribing
from newsletter.consent import CURRENT
from newsletter.models import State, Subscriber
from tests import mailing
from tests.newsletter.conftest import ADDRESS
from tests.racing import race

ROUNDS = 15

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL"),
]


@pytest.fixture
def queue(committed, settings):
    assert connection.settings_dict["NAME"].startswith("test_"), "these tests empty the database they run on"
    settings.EMAIL_BACKEND = mailing.QUEUE


def ask() -> None:
    subscribing.ask(address=ADDRESS, consent=CURRENT)


def test_two_sign_ups_at_once_make_one_row(queue):
    for _ in range(ROUNDS):
        Subscriber.objects.all().delete()
        assert race(ask, ask, ask) == [None] * 3
        assert Subscriber.objects.count() == 1
    assert Email.objects.count() == 3 * ROUNDS


def test_two_confirmations_at_once_are_one(queue):
    for _ in range(ROUNDS):
        Subscriber.objects.all().delete()
        ask()
        one = Subscriber.objects.get()
        confirm = [lambda one=one: subscribing.confirm(pk=one.pk, nonce=one.nonce)] * 2
        assert race(*confirm) == [True, True]
        assert Subscriber.objects.get().state == State.CONFIRMED


def test_leaving_wins_over_confirming(queue):
    for _ in range(ROUNDS):
        Subscriber.objects.all().delete()
        ask()
        one = Subscriber.objects.get()
        race(
            lambda one=one: subscribing.confirm(pk=one.pk, nonce=one.nonce),
            lambda one=one: subscribing.unsubscribe(digest=one.digest),
        )
        assert not Subscriber.objects.receiving().exists()


def test_two_at_once_do_not_both_get_the_last_email(queue):
    for place in range(ROUNDS):
        for _ in range(addresses.EMAILS_TO_AN_ADDRESS - 1):
            assert addresses.address_has_room(str(place))
        came_to = race(*[lambda place=place: addresses.address_has_room(str(place))] * 3)
        assert sorted(came_to) == [False, False, True]
