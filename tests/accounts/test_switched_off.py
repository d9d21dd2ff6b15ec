"""An account that is switched off gets the same responses as one that does not exist, even with the right password."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkeys
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpResponse
from django.test import Client
from post_office.models import Email

from accounts import emails
from accounts.models import User
from tests import newsroom
from tests.accounts.people import NEW, code, give_app, give_password, sign_in
from tests.newsroom import PASSWORD

SECOND = "/account/sign-in/second/"


class Counted(PBKDF2PasswordHasher):
    """The site's own password hasher, which records each call."""

    iterations = 10
    times = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        Counted.times += 1
        return super().encode(password, salt, iterations)


@pytest.fixture
def hashed(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.test_switched_off.Counted"]


def switch_off(user: User) -> User:
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


def seen(answer: HttpResponse) -> tuple:
    """Return what the sender of a form can tell the response by, without the parts that always differ."""
    page = answer.content.decode()
    token = answer.context["csrf_token"] if answer.context and "csrf_token" in answer.context else ""
    return answer.status_code, answer.headers.get("Location"), page.replace(str(token), ""), sorted(answer.cookies)


def attempts(cast: newsroom.Cast) -> list[tuple[str, str]]:
    """Return addresses and passwords that all fail: known, switched off, never chosen, unknown; wrong and right."""
    give_password(cast.writer)
    switch_off(give_password(cast.colleague))
    cast.outsider.set_unusable_password()
    cast.outsider.save()
    return [
        *((cast.writer.email, "wrong"), (cast.colleague.email, "wrong"), (cast.colleague.email, PASSWORD)),
        *((cast.outsider.email, "wrong"), ("nobody@example.org", "wrong")),
    ]


def test_its_right_password_is_answered_as_a_wrong_one_and_an_unknown_address(cast):
    found = set()
    for email, password in attempts(cast):
        status, leads_to, page, cookies = seen(
            Client().post("/account/sign-in/", {"login": email, "password": password})
        )
        assert "No account has this address and this password." in page
        found.add((status, leads_to, page.replace(email, ""), tuple(cookies)))
    assert len(found) == 1


def test_each_of_these_costs_one_hashing(cast, hashed):
    times = {}
    for email, password in attempts(cast):
        before = Counted.times
        Client().post("/account/sign-in/", {"login": email, "password": password})
        times[email, password] = Counted.times - before
    assert set(times.values()) == {1}


def test_its_right_password_counts_as_a_failed_attempt(cast):
    switch_off(give_password(cast.writer))
    answers = [sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), cast.writer).content.decode() for number in range(6)]
    assert ["too many attempts" in page for page in answers] == [False] * 5 + [True]


def test_a_code_is_of_no_use_once_the_account_is_switched_off(cast):
    give_app(give_password(cast.writer))
    answers = []
    for typed in ("right", "wrong"):
        client = Client()
        User.objects.filter(pk=cast.writer.pk).update(is_active=True)
        assert sign_in(client, cast.writer).url == SECOND
        switch_off(cast.writer)
        answers.append(seen(client.post(SECOND, {"code": code() if typed == "right" else "000000"})))
        assert "_auth_user_id" not in client.session
        assert client.get(SECOND).url == "/account/sign-in/"
    assert answers[0] == answers[1]
    assert answers[0][1] == "/account/sign-in/"


def test_a_passkey_of_such_an_account_is_refused_like_one_that_nobody_has(client, cast, monkeypatch):
    passkey = Authenticator(user=switch_off(cast.writer), type=Authenticator.Type.WEBAUTHN, data={})
    refused = client.post("/account/sign-in/passkey/", {"credential": '{"id": "x"}'}, follow=True).content.decode()
    monkeypatch.setattr(passkeys.LoginWebAuthnForm, "clean_credential", lambda form: passkey)
    answer = client.post("/account/sign-in/passkey/", {"credential": '{"id": "x"}'}, follow=True)
    assert "This passkey was not accepted." in refused
    assert "This passkey was not accepted." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_answered_and_queued_alike(client, cast):
    switch_off(cast.colleague)
    pages, queued = set(), []
    for email in (cast.writer.email, cast.colleague.email, "nobody@example.org"):
        before = Email.objects.count()
        pages.add(str(seen(client.post("/account/forgotten/", {"email": email}))))
        queued.append(Email.objects.count() - before)
    assert len(pages) == 1
    assert queued == [1, 1, 1]


@pytest.mark.parametrize("is_open", [False, True])
def test_a_link_of_an_email_that_left_before_opens_nothing(client, cast, is_open):
    link = emails.choose_link(cast.writer).partition("/account/")[2]
    form = client.get(f"/account/{link}").url if is_open else None
    switch_off(cast.writer)
    wrong = client.get(f"/account/{link[:-2]}x/")
    answer = client.post(form, NEW) if form else client.get(f"/account/{link}")
    assert answer.status_code == wrong.status_code == 200
    assert answer.context["token_fail"] and wrong.context["token_fail"]
    cast.writer.refresh_from_db()
    assert not cast.writer.check_password(NEW["password1"])


def test_it_is_as_before_once_it_is_switched_on_again(client, cast):
    switch_off(give_password(cast.writer))
    assert sign_in(client, cast.writer).status_code == 200
    User.objects.filter(pk=cast.writer.pk).update(is_active=True)
    assert sign_in(client, cast.writer).url == "/admin/"
