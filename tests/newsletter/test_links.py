"""The links in emails: a GET shows a button, a POST does one thing, and a forged or old link does nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from core.logs import redact_secrets
from newsletter import subscribing, tokens
from newsletter.models import State, Subscriber, Suppression
from tests.newsletter.conftest import ADDRESS, link

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def email(sign_up, delivered):
    sign_up()
    return delivered()[-1]


def state() -> str:
    return Subscriber.objects.get().state


def path_of(address: str) -> str:
    return address[address.index("/newsletter/") :]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_follows_the_links_changes_nothing(email, client, method):
    before = Subscriber.objects.values().get()
    for name in ("confirm", "unsubscribe"):
        assert getattr(client, method)(link(email, name)).status_code == 200
    assert Subscriber.objects.values().get() == before


def test_the_button_confirms(email, client):
    assert b'<form method="post">' in client.get(link(email, "confirm")).content
    answer = Client(enforce_csrf_checks=True).post(link(email, "confirm"))
    assert answer.status_code == 200 and b"You are on the list" in answer.content
    assert state() == State.CONFIRMED and Subscriber.objects.receiving().count() == 1


def test_confirming_twice_is_the_same_as_once(email, client):
    answers = [client.post(link(email, "confirm")) for _ in range(2)]
    assert answers[0].content == answers[1].content
    first = Subscriber.objects.get().confirmed_at
    client.post(link(email, "confirm"))
    assert Subscriber.objects.get().confirmed_at == first


def test_a_link_is_good_for_48_hours(email, client):
    with time_machine.travel(timezone.now() + timedelta(hours=47, minutes=59)):
        assert client.get(link(email, "confirm")).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=48, minutes=1)):
        for answer in (client.get(link(email, "confirm")), client.post(link(email, "confirm"))):
            assert answer.status_code == 410 and b"no longer works" in answer.content
    assert state() == State.PENDING


def test_the_48_hours_begin_when_the_email_leaves(sign_up, delivered, client):
    now = timezone.now()
    sign_up()
    with time_machine.travel(now + timedelta(days=3)):
        email = delivered()[-1]
    with time_machine.travel(now + timedelta(days=4)):
        client.post(link(email, "confirm"))
    assert state() == State.CONFIRMED


def test_an_old_link_brings_nobody_back(email, client):
    client.post(link(email, "confirm"))
    client.post(link(email, "unsubscribe"))
    for answer in (client.get(link(email, "confirm")), client.post(link(email, "confirm"))):
        assert answer.status_code == 410 and b"<h1>You have left the newsletter</h1>" in answer.content
        assert b"<form method" not in answer.content
    assert state() == State.UNSUBSCRIBED


def test_a_link_that_was_used_says_at_once_that_they_are_on_the_list(email, client):
    client.post(link(email, "confirm"))
    answer = client.get(link(email, "confirm"))
    assert b"You are on the list" in answer.content and b"<form method" not in answer.content


def test_a_link_of_somebody_who_was_erased_says_at_once_that_it_does_not_work(email, client):
    subscribing.erase(Subscriber.objects.get())
    answer = client.get(link(email, "confirm"))
    assert answer.status_code == 410 and b"no longer works" in answer.content


def test_an_old_link_does_not_confirm_a_later_sign_up(email, client, sign_up, delivered):
    client.post(link(email, "confirm"))
    client.post(link(email, "unsubscribe"))
    sign_up()
    for answer in (client.get(link(email, "confirm")), client.post(link(email, "confirm"))):
        assert answer.status_code == 410 and b"no longer works" in answer.content
    assert state() == State.PENDING
    client.post(link(delivered()[-1], "confirm"))
    assert state() == State.CONFIRMED


def forgeries(one: Subscriber) -> dict[str, str]:
    confirm, leave = (path_of(make(one)).split("/")[3] for make in (tokens.confirm_link, tokens.unsubscribe_link))
    return {
        "the other purpose": leave,
        "cut": confirm[:-1],
        "changed": ("A" if confirm[0] != "A" else "B") + confirm[1:],
        "unsigned": signing.b64_encode(f'[{one.pk},"{one.nonce}"]'.encode()).decode(),
        "another salt": signing.dumps([one.pk, one.nonce], salt="accounts.reset"),
        "another key": signing.dumps([one.pk, one.nonce], key="guessed", salt="newsletter.confirm"),
        "without a nonce": signing.dumps([one.pk, ""], salt="newsletter.confirm"),
        "another nonce": signing.dumps([one.pk, "a" * 22], salt="newsletter.confirm"),
        "compressed": ".eJyrVkrLz1eyUkpKLFKqBQAdegQ0:1:x",
        "nothing": ":",
        "nul": "%00",
        "letters": "%F0%9F%98%80",
        "long": "a" * 100_000,
    }


@pytest.mark.parametrize("which", forgeries(Subscriber(pk=1)))
def test_a_forged_link_confirms_nobody(email, client, which):
    token = forgeries(Subscriber.objects.get())[which]
    assert client.post(f"/newsletter/confirm/{token}/").status_code == 410
    assert state() == State.PENDING


def test_a_forged_link_unsubscribes_nobody(subscriber, client):
    confirm = path_of(tokens.confirm_link(subscriber)).split("/")[3]
    digest = subscriber.digest
    for token in (confirm, signing.dumps(digest), signing.dumps(digest, key="x"), digest, str(subscriber.pk)):
        assert client.post(f"/newsletter/unsubscribe/{token}/").status_code == 410
    assert state() == State.CONFIRMED


def test_a_mail_program_unsubscribes_with_one_post(subscriber):
    address = path_of(tokens.unsubscribe_link(subscriber))
    answer = Client(enforce_csrf_checks=True).post(address, ONE_CLICK)
    assert answer.status_code == 200 and not answer.cookies
    assert state() == State.UNSUBSCRIBED and not Subscriber.objects.receiving().exists()


def test_leaving_twice_or_as_nobody_gets_the_same_answer(subscriber, client):
    address = path_of(tokens.unsubscribe_link(subscriber))
    answers = [client.post(address, ONE_CLICK) for _ in range(2)]
    subscribing.erase(Subscriber.objects.get())
    answers.append(client.post(address))
    answers.append(client.post(path_of(tokens.unsubscribe_link(Subscriber(digest="0" * 64)))))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}


def test_the_link_of_somebody_erased_ends_nothing_for_who_has_their_key_now(subscriber, client):
    address, key = path_of(tokens.unsubscribe_link(subscriber)), subscriber.pk
    subscribing.erase(subscriber)
    Subscriber.objects.create(
        pk=key, address="next@example.org", digest="f" * 64, state=State.CONFIRMED, confirmed_at=timezone.now()
    )
    assert client.post(address, ONE_CLICK).status_code == 200
    assert state() == State.CONFIRMED


def test_an_unsubscribe_link_has_no_end(subscriber, client):
    address = path_of(tokens.unsubscribe_link(subscriber))
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        client.post(address)
    assert state() == State.UNSUBSCRIBED


def test_who_never_confirmed_and_says_no_is_forgotten(email, client):
    client.post(link(email, "unsubscribe"))
    assert not Subscriber.objects.exists() and not Suppression.objects.exists()
    assert client.post(link(email, "confirm")).status_code == 410


def test_an_email_that_lost_its_reason_does_not_leave(sign_up, delivered):
    sign_up()
    one = Subscriber.objects.get()
    subscribing.confirm(pk=one.pk, nonce=one.nonce)
    assert delivered() == []


@pytest.mark.parametrize("name", ["confirm", "unsubscribe"])
def test_pages_behind_secrets_are_kept_by_nobody_and_named_to_nobody(email, client, name):
    for answer in (client.get(link(email, name)), client.get(f"/newsletter/{name}/x/")):
        assert "no-store" in answer.headers["Cache-Control"] and not getattr(answer, "is_public", False)
        assert answer.headers["Referrer-Policy"] == "no-referrer" and not answer.cookies
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert '<meta name="robots" content="noindex">' in answer.content.decode()
        assert ADDRESS not in answer.content.decode()


@pytest.mark.parametrize("name", ["confirm", "unsubscribe"])
def test_no_log_holds_a_link(email, name):
    assert redact_secrets(f'"POST {link(email, name)} HTTP/1.1"') == f'"POST /newsletter/{name}/…/ HTTP/1.1"'
