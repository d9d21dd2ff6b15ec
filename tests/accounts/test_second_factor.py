"""A second factor: app and recovery codes, who needs one, and that no way into the admin avoids it."""

import re
from contextlib import nullcontext

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, TestCase
from django.urls import get_resolver, reverse

from accounts import second_factor
from tests import newsroom
from tests.accounts.people import SECRET, code, give_app, give_password, sign_in
from tests.mailing import deliver
from tests.newsroom import PASSWORD

SECOND = "/account/sign-in/second/"
WHO_NEEDS_ONE = ["editor", "admin"]
WHO_DOES_NOT = ["writer", "advisor1"]


@pytest.fixture
def required(settings):
    """Require a second factor, as in production."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def newsroom_of_its_own(committed) -> newsroom.Cast:
    """Let transactions commit, because code that runs on commit records the setup in the session."""
    return newsroom.cast()


def confirm(client: Client) -> None:
    """Type the password again, which is required before anything about signing in changes."""
    client.post("/account/confirm/", {"password": PASSWORD})


def set_up(client: Client) -> str:
    """Set up an app as people do, and return its secret."""
    confirm(client)
    page = client.get("/account/codes/").content.decode()
    secret = re.search(r"<code>([A-Z2-7=]+)</code>", page)[1]
    with nullcontext() if connection.get_autocommit() else TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post("/account/codes/", {"code": code(secret)}).status_code == 302
    return secret


def test_an_app_is_asked_for_after_the_password(client, cast):
    give_app(give_password(cast.writer))
    assert sign_in(client, cast.writer, next="/admin/sources/source/").url == SECOND
    assert client.get("/admin/").status_code == 302
    assert "not the code that is valid now" in client.post(SECOND, {"code": "000000"}).content.decode()
    assert client.post(SECOND, {"code": code()}).url == "/admin/sources/source/"
    assert client.get("/admin/").status_code == 200


def test_a_code_lets_in_once(client, cast):
    give_app(give_password(cast.writer))
    used = code()
    for browser, expected in ((client, 302), (Client(), 200)):
        sign_in(browser, cast.writer)
        assert browser.post(SECOND, {"code": used}).status_code == expected


def test_codes_cannot_be_guessed_from_many_networks(cast):
    give_app(give_password(cast.writer))
    for number in range(5):
        guesser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        sign_in(guesser, cast.writer)
        guesser.post(SECOND, {"code": "000000"})
    last = Client(REMOTE_ADDR="198.51.100.99")
    sign_in(last, cast.writer)
    assert "too many attempts" in last.post(SECOND, {"code": code()}).content.decode()


def test_the_second_page_alone_lets_nobody_in(client, cast):
    give_app(give_password(cast.writer))
    assert client.get(SECOND).url == "/account/sign-in/"
    assert client.post(SECOND, {"code": code()}).url == "/account/sign-in/"


def test_an_app_is_set_up_by_the_code_it_shows_and_brings_recovery_codes(client, cast):
    sign_in(client, give_password(cast.writer))
    set_up(client)
    page = client.get("/account/recovery/").content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(codes) == 10

    other = Client()
    sign_in(other, cast.writer)
    assert other.post(SECOND, {"code": codes[0]}).status_code == 302
    again = Client()
    sign_in(again, cast.writer)
    assert again.post(SECOND, {"code": codes[0]}).status_code == 200


def test_what_is_kept_of_an_app_is_encrypted(client, cast):
    sign_in(client, give_password(cast.writer))
    secret = set_up(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert second_factor.MFAAdapter().decrypt(kept) == secret


def test_a_secret_is_read_after_the_key_of_the_site_has_changed(cast, settings):
    kept = second_factor.MFAAdapter().encrypt(SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    assert second_factor.MFAAdapter().decrypt(kept) == SECRET


@pytest.mark.parametrize("page", ["codes", "codes/off", "passkeys/add", "recovery", "recovery/new", "recovery/file"])
def test_a_session_left_open_changes_nothing_of_how_one_signs_in(client, cast, page):
    give_app(give_password(cast.writer))
    RecoveryCodes.activate(cast.writer)
    client.force_login(cast.writer)
    before = list(Authenticator.objects.values())
    for method in (client.get, client.post) if page not in ("recovery", "recovery/file") else (client.get,):
        answer = method(f"/account/{page}/")
        assert answer.status_code == 302
        assert answer.url.startswith(("/account/confirm/", "/account/codes/off/"))
    assert list(Authenticator.objects.values()) == before


def test_people_are_told_when_their_second_factor_changes(client, cast, settings):
    sign_in(client, give_password(cast.writer))
    set_up(client)
    client.post("/account/codes/off/")
    bodies = [email.body for email in deliver(settings)[1]]
    assert "now protect your account" in bodies[0]
    assert "no longer protect your account" in bodies[1]


@pytest.mark.parametrize("who", WHO_NEEDS_ONE + WHO_DOES_NOT)
def test_while_developing_nobody_needs_one(client, cast, who):
    client.force_login(cast.everybody[who])
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", WHO_DOES_NOT)
def test_writers_and_advisors_sign_in_by_password(client, cast, required, who):
    sign_in(client, give_password(cast.everybody[who]))
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", WHO_NEEDS_ONE)
def test_editors_and_superusers_are_led_to_set_one_up_and_then_get_in(client, newsroom_of_its_own, required, who):
    person = give_password(newsroom_of_its_own.everybody[who])
    sign_in(client, person)
    first = client.get("/admin/")
    assert first.url == "/account/?next=%2Fadmin%2F"
    assert "Set up a second factor first" in client.get(first.url).content.decode()
    set_up(client)
    assert client.get("/admin/").status_code == 200

    later = Client()
    assert sign_in(later, person).url == SECOND
    assert later.get("/admin/").status_code == 302


def admin_addresses() -> list[str]:
    """Return every URL of the admin, with a value for each of its parameters."""

    def walk(patterns: list, before: str) -> list[str]:
        found = []
        for pattern in patterns:
            address = before + str(pattern.pattern)
            found += walk(pattern.url_patterns, address) if hasattr(pattern, "url_patterns") else [address]
        return found

    raw = [address for address in walk(get_resolver().url_patterns, "/") if address.startswith("/admin/")]
    filled = [re.sub(r"<int:\w+>|<id>", "1", address) for address in raw]
    filled = [re.sub(r"<(slug|path|str):\w+>", "1", address) for address in filled]
    filled = [re.sub(r"\(\?P<app_label>[^)]*\)", "articles", address).replace("([^/]+)", "1") for address in filled]
    return [address.replace("^", "").replace("$", "").replace("(?P<url>.*)", "no/such/page/") for address in filled]


@pytest.mark.parametrize("who", WHO_NEEDS_ONE)
@pytest.mark.parametrize("state", ["none set up", "not shown"])
def test_no_address_of_the_admin_goes_round_it(client, cast, required, who, state):
    person = cast.everybody[who]
    if state == "not shown":
        give_app(person)
    client.force_login(person)
    leads_to = "/account/confirm/second/?next=" if state == "not shown" else "/account/?next="
    addresses = [a for a in admin_addresses() if a not in ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")]
    assert len(addresses) > 100
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.url[: len(leads_to)]) == (302, leads_to), address
        assert client.post(address).status_code == 403, address


def test_a_session_from_before_it_was_set_up_has_to_show_it(client, newsroom_of_its_own, required):
    editor, thief = give_password(newsroom_of_its_own.editor), Client()
    sign_in(thief, editor)
    sign_in(client, editor)
    set_up(client)
    assert client.get("/admin/").status_code == 200
    asked = thief.get("/admin/")
    assert asked.url.startswith("/account/confirm/second/")
    assert thief.post(asked.url, {"code": "000000"}).status_code == 200
    assert thief.get("/admin/articles/article/").status_code == 302


def test_showing_it_later_is_enough(client, cast, required):
    give_app(give_password(cast.editor))
    client.force_login(cast.editor)
    asked = client.get("/admin/sources/source/")
    assert client.post(asked.url, {"code": code(), "next": "/admin/sources/source/"}).url == "/admin/sources/source/"
    assert client.get("/admin/sources/source/").status_code == 200


def test_who_needs_one_does_not_give_up_the_last(client, cast, required):
    sign_in(client, give_password(cast.editor))
    set_up(client)
    assert "Set up another one first" in client.get("/account/codes/off/").content.decode()
    client.post("/account/codes/off/")
    assert second_factor.has(cast.editor)


def test_recovery_codes_alone_are_no_second_factor(cast):
    Authenticator.objects.create(user=cast.editor, type="recovery_codes", data={})
    assert not second_factor.has(cast.editor)


def test_a_superuser_takes_away_what_is_lost_and_the_person_is_told_and_signed_out(client, cast, required, settings):
    give_app(give_password(cast.editor))
    lost = Client()
    lost.force_login(cast.editor)
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(cast.admin)
    client.post(
        "/admin/accounts/user/", {"action": "remove_second_factor", "_selected_action": [cast.editor.pk]}, follow=True
    )
    assert not second_factor.has(cast.editor)
    assert lost.get("/account/").status_code == 302
    assert "taken away" in deliver(settings)[1][0].body


def test_on_the_server_it_is_taken_away_by_a_command(cast, capsys):
    give_app(cast.editor)
    call_command("remove_second_factor", "Editor@example.org", dry_run=True)
    assert second_factor.has(cast.editor)
    call_command("remove_second_factor", "Editor@example.org")
    assert not second_factor.has(cast.editor)
    assert "is without a second factor" in capsys.readouterr().out
    for nobody in ("nobody@example.org", "editor@example.org"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", nobody)


def test_nobody_else_takes_it_away(client, cast):
    give_app(cast.writer)
    client.force_login(cast.editor)
    picked = {"action": "remove_second_factor", "_selected_action": [cast.writer.pk]}
    assert client.post("/admin/accounts/user/", picked).status_code == 403
    assert second_factor.has(cast.writer)


def test_the_admin_shows_nobody_the_secrets_of_others(client, cast):
    client.force_login(cast.admin)
    assert client.get("/admin/mfa/authenticator/").status_code == 404
    assert client.get("/admin/account/emailaddress/").status_code == 404


@pytest.mark.parametrize("address", ["passkeys/{}/", "passkeys/{}/remove/"])
def test_a_passkey_of_somebody_else_is_not_there(client, cast, address):
    theirs = Authenticator.objects.create(user=cast.colleague, type="webauthn", data={"name": "Theirs"})
    sign_in(client, give_password(cast.writer))
    confirm(client)
    for method in (client.get, client.post):
        assert method("/account/" + address.format(theirs.pk), {"name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.data["name"] == "Theirs"


@pytest.mark.parametrize(
    "sent", ["", "{", "[]", "null", '"x"', '{"id": 1}', '{"response": {"userHandle": "AAAA"}}', "1"]
)
def test_a_passkey_that_is_none_lets_nobody_in(client, cast, sent):
    client.get("/account/sign-in/passkey/", headers={"accept": "application/json"})
    answer = client.post("/account/sign-in/passkey/", {"credential": sent})
    assert answer.url == reverse("account_login")
    assert "_auth_user_id" not in client.session
