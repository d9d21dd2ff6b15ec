"""What editors see of emails: the recipient, the state and the text, but never a link that would let them in."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from accounts import emails as account_emails
from accounts.models import User
from advisors.models import ScheduledEmail
from core import times
from core.logs import SECRET
from mail import outbox, sending
from mail.states import LEFT_OUT
from newsletter import subscribing
from newsletter.consent import CURRENT
from newsletter.models import Subscriber
from newsletter.tokens import confirm_link
from tests import mailing, newsroom

EMAILS = reverse("admin:post_office_email_changelist")
DUE = reverse("admin:advisors_scheduledemail_changelist")


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    return settings


@pytest.fixture
def editor(client, cast):
    return client


def page(client, address: str) -> str:
    client.force_login(User.objects.get(email="editor@example.org"))  # a session ends while a test moves the clock
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client, row: Email) -> str:
    """Return everything about an email that an editor can open: its page and its HTML."""
    return page(client, f"{EMAILS}{row.pk}/change/") + page(client, f"{EMAILS}{row.pk}/html/")


def states(client, address: str = EMAILS) -> list[str]:
    return re.findall(r'class="field-state">([^<]*)', page(client, address))


def test_an_editor_cannot_take_over_an_account_by_reading_the_email_that_resets_its_password(editor, cast, queue):
    account_emails.reset(cast.admin)
    account_emails.invitation(cast.colleague, by=cast.admin)
    _, sent = mailing.deliver(queue)
    assert all("/account/choose/" in message.body for message in sent)
    for row in Email.objects.all():
        words = shown(editor, row)
        assert "/account/choose/" not in words and words.count(LEFT_OUT) == 2  # of the text, and of the HTML
        assert "example.org" in words


def test_an_editor_does_not_see_the_link_that_opens_a_review_to_its_advisor(editor, cast, queue):
    newsroom.in_review(cast)
    _, sent = mailing.deliver(queue)
    assert all("/board/r/" in message.body for message in sent)
    for row in Email.objects.all():
        assert "/board/r/" not in shown(editor, row) and LEFT_OUT in shown(editor, row)
        assert "Magnesium and sleep" in shown(editor, row)


def test_no_page_of_any_email_has_a_secret_or_the_place_of_one(editor, cast):
    newsroom.in_review(cast)
    account_emails.reset(cast.admin)
    subscribing.ask(address="reader@example.org", consent=CURRENT)
    reader = Subscriber.objects.get()
    subscribing.confirm(pk=reader.pk, nonce=reader.nonce)
    subscribing.ask(address="reader@example.org", consent=CURRENT)  # whose text contains the link to unsubscribe
    assert Email.objects.filter(to=["reader@example.org"]).count() == 2
    assert any(SECRET.search(row.message) for row in Email.objects.all())
    for row in Email.objects.all():
        words = shown(editor, row)
        assert not SECRET.search(words)
        assert not [place for place in (row.context or {}).get("placeholders", {}) if place in words]
    assert confirm_link(reader) not in words


def test_an_email_is_sent_when_the_mail_server_took_it_and_not_when_it_was_queued(editor, cast, queue):
    with time_machine.travel("2026-12-01 09:30Z", tick=False) as clock, mailing.post_server(queue):
        newsroom.in_review(cast)
        assert states(editor) == states(editor, DUE) == ["queued 1 December 2026, 09:30"] * 2
        clock.shift(timedelta(minutes=40))
        outbox.send_queue()
        assert states(editor) == states(editor, DUE) == ["sent 1 December 2026, 10:10"] * 2
    assert set(ScheduledEmail.objects.values_list("email", flat=True)) == set(
        Email.objects.values_list("pk", flat=True)
    )


def test_an_email_that_was_refused_says_why_and_when_it_is_tried_again(editor, cast, queue):
    with time_machine.travel("2026-12-01 09:30Z", tick=False) as clock, mailing.post_server(queue) as server:
        newsroom.in_review(cast)
        server.answers["RCPT"] = "550 nobody of that name"
        outbox.send_queue()
        again = "example.org: 550 nobody of that name. Next try: 1 December 2026, 09:45"
        said = [f"not sent yet: {name}@{again}" for name in ("ada", "ben")]
        assert sorted(states(editor)) == sorted(states(editor, DUE)) == said
        for _ in range(site.POST_OFFICE["MAX_RETRIES"] + 1):
            clock.shift(outbox.MAX_RETRY_DELAY)
            outbox.send_queue()
        [said, _] = states(editor)
        assert said.startswith("failed, ") and said.endswith("@example.org: 550 nobody of that name")


def test_an_email_that_lost_its_reason_was_not_sent(editor, cast, queue):
    account_emails.reset(None)
    mailing.deliver(queue)
    [said] = states(editor)
    assert said.startswith("not sent, ") and "no account" in said


def test_emails_are_found_by_person_address_and_subject_and_cut_by_state(editor, cast, queue):
    newsroom.in_review(cast, title="Valerian")
    mailing.deliver(queue)
    account_emails.account_changed(cast.colleague, "removed_by")
    assert "Colleague &lt;colleague@example.org&gt;" in page(editor, f"{EMAILS}?q=Colleague")
    assert len(states(editor, f"{EMAILS}?q=Colleague")) == 1
    assert len(states(editor, f"{EMAILS}?q=colleague@example.org")) == 1
    assert len(states(editor, f"{EMAILS}?q=Valerian")) == 2
    assert states(editor, f"{EMAILS}?q=nothing+like+it") == []
    assert len(states(editor, f"{EMAILS}?state=sent")) == 2
    assert states(editor, f"{EMAILS}?state=queued") == [f"queued {times.moment(Email.objects.latest('pk').created)}"]
    assert states(editor, f"{EMAILS}?state=failed") == states(editor, f"{EMAILS}?state=again") == []
    assert len(states(editor, f"{EMAILS}?state=no-such")) == 3


def test_a_person_is_found_by_a_name_that_their_address_does_not_have(editor, cast):
    User.objects.filter(pk=cast.colleague.pk).update(name="Zoe Quill")
    account_emails.account_changed(cast.colleague, "removed_by")
    assert len(states(editor, f"{EMAILS}?q=zoe+quill")) == 1


def test_the_list_is_in_pages_and_costs_as_many_queries_for_many_as_for_few(editor, cast, queue):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(editor, EMAILS)
        return len(queries)

    account_emails.account_changed(cast.writer, "removed_by")
    page(editor, EMAILS)
    few = cost()
    for _ in range(60):
        account_emails.account_changed(cast.writer, "removed_by")
    for row in Email.objects.order_by("-pk")[:20]:
        row.logs.create(status=1, message="no", exception_type="X", date=timezone.now())
    assert cost() == few
    assert len(states(editor)) == 50 and len(states(editor, f"{EMAILS}?p=2")) == 11


def test_an_email_that_is_due_leads_to_what_went(editor, cast, queue):
    newsroom.in_review(cast)
    row = ScheduledEmail.objects.select_related("email").first()
    assert f'{EMAILS}{row.email.pk}/change/">{row.email.subject}' in page(editor, f"{DUE}{row.pk}/change/")


def test_what_is_queued_outside_a_block_is_not_noted_in_it(cast):
    with sending.collect_queued() as outer:
        account_emails.reset(cast.writer)
        with sending.collect_queued() as inner:
            account_emails.reset(cast.editor)
    account_emails.reset(cast.admin)
    first, second, _ = Email.objects.order_by("pk").values_list("pk", flat=True)
    assert (outer, inner) == ([first], [second])
