"""Limits on sign-ups are counted without a cookie, and without a table that reveals who asked."""

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone
from post_office.models import Email

from core.models import Count
from core.rate_limits import network_of
from newsletter import addresses
from newsletter.models import Subscriber
from tests.newsletter.conftest import ADDRESS


def test_an_address_gets_three_emails_a_day_and_nobody_is_told(sign_up):
    answers = [sign_up(ADDRESS.upper() if place % 2 else ADDRESS, network=f"192.0.2.{place}") for place in range(6)]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert Email.objects.count() == addresses.EMAILS_TO_AN_ADDRESS == 3
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        sign_up()
    assert Email.objects.count() == 4


def test_a_network_may_ask_so_often_in_an_hour_whatever_the_addresses(sign_up):
    most = addresses.SIGN_UPS_FROM_A_NETWORK
    with time_machine.travel("2026-11-24 10:00:01Z", tick=False) as clock:
        codes = [sign_up(f"reader{place}@example.org").status_code for place in range(most + 2)]
        assert codes == [303] * most + [429] * 2 and Subscriber.objects.count() == most
        assert sign_up("else@example.org", network="198.51.100.1").status_code == 303
        clock.shift(timedelta(hours=1))
        assert sign_up("later@example.org").status_code == 303


def test_what_is_counted_tells_nobody_who_asked(sign_up):
    sign_up()
    assert Count.objects.count() == 2
    for count in Count.objects.all():
        assert len(count.key) == 64 and set(count.key) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:2::2", True),
        ("2001:db8:0:1::1", "2001:db8:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "nonsense", True),
    ],
)
def test_a_network_is_an_address_or_a_household(one, other, same):
    networks = [network_of(RequestFactory().get("/", REMOTE_ADDR=address)) for address in (one, other)]
    assert (networks[0] == networks[1]) is same


def test_what_a_visitor_writes_about_their_network_counts_for_nothing(settings):
    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 192.0.2.1"}
    assert network_of(RequestFactory().get("/", **forged)) == "10.0.0.1/32"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert network_of(RequestFactory().get("/", **forged)) == "192.0.2.1/32"
