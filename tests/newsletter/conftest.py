"""Fixtures: a form sent as a browser sends it, and the resulting emails."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from newsletter.consent import CURRENT
from newsletter.models import State, Subscriber
from tests import mailing

ADDRESS = "reader@example.org"


@pytest.fixture
def queue(db, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    return settings


@pytest.fixture
def sign_up(queue) -> Callable:
    """Send the form from our own page; keyword arguments replace what the browser would send."""

    def send(address: str = ADDRESS, headers: dict | None = None, network: str = "192.0.2.7", **fields: str):
        said = {"Origin": site.SITE_URL} if headers is None else headers
        form = {"address": address, "homepage": "", "consent": CURRENT, **fields}
        client = Client(enforce_csrf_checks=True)
        return client.post(reverse("newsletter:sign_up"), form, headers=said, REMOTE_ADDR=network)

    return send


@pytest.fixture
def delivered(queue) -> Callable:
    """Send the queue, and return the emails that were sent."""
    return lambda: mailing.deliver(queue)[1]


@pytest.fixture
def subscriber(sign_up, delivered, client) -> Subscriber:
    """Return a subscriber who has signed up and confirmed, with the form and the email."""
    sign_up()
    client.post(link(delivered()[-1], "confirm"))
    found = Subscriber.objects.get()
    assert found.state == State.CONFIRMED
    return found


def link(email: object, name: str) -> str:
    """Return the path of the link to this page in an email's text."""
    return re.search(rf"{re.escape(site.SITE_URL)}(/newsletter/{name}/[^/\s]+/)", email.body)[1]
