"""Whatever happens in whatever order, and whenever a job is cut off: nobody gets two emails about the same event."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from post_office.models import Email

from inbox import jobs, preferences
from inbox.models import Delivery, Notification
from inbox.notifying import notify
from jobs.registry import JobContext
from tests import mailing, newsroom

EVENTS = ("published", "came_back")
STEPS = st.one_of(
    st.tuples(st.just("tell"), st.sampled_from(EVENTS), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("prefer"), st.sampled_from(EVENTS), st.integers(0, 1), st.sampled_from(list(Delivery))),
    st.tuples(st.just("read"), st.integers(0, 5)),
    st.tuples(st.just("switch"), st.booleans()),
    st.tuples(st.just("daily"), st.booleans()),
)


class CutOff(Exception):
    """Raised where a runner is killed: what it had not committed is gone."""


@pytest.fixture
def people(db, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    return [newsroom.user("ada", is_staff=True), newsroom.user("ben", is_staff=True)]


def act(people, step) -> None:
    match step:
        case "tell", event, number, is_cut_off:
            subject = f"Event <{event} {number}>"
            notify(event, people, key=f"{event} {number}", page="/admin/", subject=subject)
            if is_cut_off:
                raise CutOff
        case "prefer", event, place, delivery:
            preferences.prefer(people[place], {event: delivery})
        case "read", number:
            Notification.objects.filter(key__endswith=f" {number}").update(read_at=timezone.now())
        case "switch", is_active:
            people[1].is_active = is_active
            people[1].save()
        case "daily", is_cut_off:
            jobs.write_daily_emails(JobContext(now=timezone.now() + timedelta(days=1)))
            if is_cut_off:
                raise CutOff


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_an_event_is_in_one_email_at_most_and_in_one_notification(people, steps):
    with transaction.atomic():
        for step in steps:
            try:
                with transaction.atomic():  # as an atomic job runs
                    act(people, step)
            except CutOff:
                continue
        told = Counter()
        for email in Email.objects.all():
            named = set(re.findall(r"Event <(\w+ \d)>", email.message))
            told.update((email.to[0], key) for key in named)
        assert not [key for key, times in told.items() if times > 1]
        rows = Notification.objects.select_related("recipient")
        assert set(told) <= {(row.recipient.email, row.key) for row in rows}
        at_once = {(row.recipient.email, row.key) for row in rows if row.delivery == Delivery.AT_ONCE}
        off = {(row.recipient.email, row.key) for row in rows if row.delivery == Delivery.OFF}
        assert at_once <= set(told) and not off & set(told)
        transaction.set_rollback(True)
