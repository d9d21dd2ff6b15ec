"""The mail server is down for a day of the clock: every email waits, and is then sent once.

For eight hours nothing answers, for eight hours the server refuses every email, and for eight it hangs up in the middle
of each. The newsroom goes on working, and `send_due` runs every quarter of an hour, as with the timer.
"""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from post_office.models import STATUS, Email, Log

from mail import health, outbox
from tests import mailing, newsroom

MORNING = datetime(2026, 3, 2, 6, tzinfo=UTC)
Clock = time_machine.Traveller
MOOT = "EmailCancelled"
QUARTER = timedelta(minutes=15)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(MORNING, tick=False) as coordinates:
        yield coordinates


def wanted() -> "QuerySet[Email]":
    """Return every email except the invitations to a round that was over before they could be sent."""
    return Email.objects.exclude(status=STATUS.failed, logs__exception_type=MOOT).order_by("pk")


def run_for(clock: Clock, hours: int) -> int:
    """Run `send_due` every quarter of an hour, and return how often it failed because the server accepts nothing."""
    complaints = 0
    for _ in range(hours * 4):
        clock.shift(QUARTER)
        try:
            call_command("send_due", stdout=io.StringIO())
        except CommandError as error:
            assert str(error)
            complaints += 1
    return complaints


def test_a_day_without_a_mail_server_loses_no_email_and_sends_none_twice(own, settings, clock):
    cast = newsroom.cast()
    with mailing.post_server(settings) as server:
        port = server.port
    first = newsroom.in_review(cast)
    assert run_for(clock, 8) == 8 * 4  # nothing answers: each run reports it
    assert health.emails() and not Email.objects.exclude(number_of_retries=None).exists()

    with mailing.post_server(settings, port) as server:
        server.answers["RCPT"] = "451 try again later"
        newsroom.approve(first.submissions.get())
        run_for(clock, 8)
        server.answers = {"DATA": "drop"}
        newsroom.in_review(cast)
        run_for(clock, 8)
        # The first round is over by now, so the people invited to it are not asked any more.
        assert set(Log.objects.filter(email__status=STATUS.failed).values_list("exception_type", flat=True)) >= {MOOT}
        assert not wanted().exclude(status__in=[STATUS.queued, STATUS.requeued]).exists()
        waiting = list(wanted())
        assert len(waiting) == 5
        assert not server.emails and max(row.number_of_retries or 0 for row in waiting) <= 10  # the pauses grow

        server.answers = {}
        assert run_for(clock, 7) == 0
        assert not outbox.unsent().exists() and not health.emails()
        asked_again = server.connections
        run_for(clock, 1)
    assert server.connections == asked_again
    sent = Counter((recipients[0], email["Message-ID"]) for recipients, email in server.emails)
    assert sent == Counter((row.to[0], row.message_id) for row in wanted()) and set(sent.values()) == {1}
    assert {row.pk for row in waiting} <= set(wanted().values_list("pk", flat=True))
    assert not wanted().exclude(status=STATUS.sent).exists()
