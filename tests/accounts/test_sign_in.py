"""The only way to sign in is with email and password at /account/sign-in/. Attempts are counted."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests import newsroom
from tests.accounts.people import NEW, give_password, sign_in
from tests.newsroom import PASSWORD

SIGN_IN = "/account/sign-in/"


@pytest.fixture
def writer(cast):
    return give_password(cast.writer)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("typed", ["writer@example.org", "Writer@Example.ORG", " WRITER@example.org "])
def test_people_sign_in_by_address_and_password(client, writer, typed):
    answer = client.post(SIGN_IN, {"login": typed, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert client.get("/admin/").context["user"] == writer


def test_who_is_no_staff_comes_to_the_boards_desk(client, cast):
    assert sign_in(client, give_password(cast.outsider)).url == "/board/"


@pytest.mark.parametrize("address", ["writer@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client, writer, address):
    answer = client.post(SIGN_IN, {"login": address, "password": "wrong"})
    assert not is_signed_in(client)
    assert "No account has this address and this password." in answer.content.decode()


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
@pytest.mark.parametrize("door", [SIGN_IN, "/admin/login/"])
def test_nobody_is_led_to_another_site(client, writer, door, after):
    assert "evil.example" not in client.get(door, {"next": after}).get("Location", "")
    assert sign_in(client, writer, next=after).url == "/admin/"


def test_the_admins_door_leads_to_the_one_way_in_and_back(client, writer):
    wanted = "/admin/sources/source/?q=sleep"
    first = client.get(wanted)
    second = client.get(first.url)
    page = client.get(second.url)
    assert second.url.startswith(SIGN_IN)
    assert 'name="next" value="/admin/sources/source/?q=sleep"' in page.content.decode()
    assert sign_in(client, writer, next=wanted).url == wanted


def test_the_admins_door_takes_no_password(client, writer):
    answer = client.post("/admin/login/", {"username": writer.email, "password": PASSWORD, "next": "/admin/"})
    assert answer.url.startswith(SIGN_IN)
    assert not is_signed_in(client)


def test_whoever_is_signed_in_goes_through_the_admins_door(client, cast):
    client.force_login(cast.writer)
    assert client.get("/admin/login/?next=/admin/sources/source/").url == "/admin/sources/source/"


def test_who_may_not_enter_the_admin_is_told_so_and_not_sent_round_in_circles(client, cast):
    client.force_login(cast.outsider)
    assert client.get(client.get("/admin/").url).status_code == 403


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_confirm_email", "account_request_login_code"]
)
def test_nobody_signs_up_or_adds_an_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_no_second_table_of_addresses_comes_to_be_by_which_one_could_sign_in(client, writer):
    sign_in(client, writer)
    client.post("/account/sign-out/")
    client.post("/account/forgotten/", {"email": writer.email})
    assert not EmailAddress.objects.exists()

    EmailAddress.objects.create(user=writer, email="old@example.org", verified=True, primary=True)
    client.post(SIGN_IN, {"login": "old@example.org", "password": PASSWORD})
    assert not is_signed_in(client)


def test_an_account_that_is_guessed_at_is_closed_for_some_minutes_and_others_are_not(client, cast, writer):
    others = [Client(REMOTE_ADDR=f"198.51.100.{number}") for number in range(1, 8)]
    for guesser in others[:5]:
        sign_in(guesser, writer, "wrong")
    refused = sign_in(others[5], writer)
    assert "too many attempts" in refused.content.decode()
    assert not is_signed_in(others[5])

    sign_in(others[6], give_password(cast.colleague))
    assert is_signed_in(others[6])


def test_a_network_that_guesses_is_refused_whatever_account_it_tries(cast):
    guesser = Client(REMOTE_ADDR="198.51.100.9")
    answers = [
        guesser.post(SIGN_IN, {"login": f"somebody{number}@example.org", "password": "wrong"}) for number in range(11)
    ]
    assert "too many attempts" not in answers[9].content.decode()
    assert "too many attempts" in answers[10].content.decode()


def test_attempts_are_counted_in_the_database_where_no_redis_is_named(cast, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "betterment_cache"}
    }
    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(SIGN_IN, {"login": "x@example.org", "password": "wrong"})
        for number in range(6)
    ]
    assert ["too many attempts" in answer.content.decode() for answer in answers] == [False] * 5 + [True]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM betterment_cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert any("login_failed" in key for key in keys)
    assert "x@example.org" not in "".join(keys)


def test_one_household_of_ipv6_counts_as_one(cast):
    for number in range(10):
        guesser = Client(REMOTE_ADDR=f"2001:db8:0:{number:x}::1")
        guesser.post(SIGN_IN, {"login": f"somebody{number}@example.org", "password": "wrong"})
    answer = Client(REMOTE_ADDR="2001:db8:0:ff::1").post(SIGN_IN, {"login": "x@example.org", "password": "wrong"})
    assert "too many attempts" in answer.content.decode()


def test_a_forwarded_address_is_believed_only_behind_our_proxy(cast, settings):
    def guess(number: int) -> str:
        guesser = Client(REMOTE_ADDR="198.51.100.9", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        return guesser.post(SIGN_IN, {"login": f"s{number}@example.org", "password": "x"}).content.decode()

    assert "too many attempts" in [guess(number) for number in range(11)][-1]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert "too many attempts" not in guess(200)


def test_too_many_forms_of_any_kind_get_the_page_that_says_so(writer):
    client = Client(REMOTE_ADDR="198.51.100.9")
    answers = [client.post(SIGN_IN, {}) for _ in range(31)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert "Too many attempts" in answers[-1].content.decode()


def test_a_sign_in_ends_after_eight_hours_however_busy_it_is(client, writer):
    sign_in(client, writer)
    for _ in range(3):
        session = client.session
        session["anything"] = timezone.now().isoformat()
        session.save()
    ends = client.session.get_expiry_date() - timezone.now()
    assert timedelta(hours=7, minutes=59) < ends <= timedelta(hours=8)
    stored = client.session["_session_expiry"]
    session = client.session
    session["anything"] = "more"
    session.save()
    assert client.session["_session_expiry"] == stored


def test_signing_in_gives_another_session_and_signing_out_ends_it(client, writer):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "known to somebody else"
    session.save()
    fixed = session.session_key
    client.cookies["sessionid"] = fixed
    sign_in(client, writer)
    assert client.session.session_key != fixed

    old = client.cookies["sessionid"].value
    assert client.get("/account/sign-out/").status_code == 200
    assert is_signed_in(client)
    client.post("/account/sign-out/")
    client.cookies["sessionid"] = old
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("door", ["/admin/logout/", "/account/sign-out/"])
def test_signing_out_leads_to_signing_in(client, cast, door):
    client.force_login(cast.writer)
    assert client.post(door).url == SIGN_IN


def test_a_form_of_another_site_signs_nobody_in(writer):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, writer).status_code == 403


@pytest.mark.parametrize("page", ["/account/", "/account/sign-in/", "/account/forgotten/", "/account/password/"])
def test_nobody_keeps_a_page_of_signing_in(client, cast, page):
    for who in (None, cast.writer):
        if who:
            client.force_login(who)
        answer = client.get(page)
        assert answer["Cache-Control"] == "no-store"
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


def test_changing_ones_own_password_is_at_one_place_and_needs_the_old_one(client, writer):
    sign_in(client, writer)
    assert client.get("/admin/password_change/").url == "/account/password/"
    assert "not your password" in client.post("/account/password/", {"oldpassword": "wrong", **NEW}).content.decode()
    other = Client()
    sign_in(other, writer)
    assert client.post("/account/password/", {"oldpassword": PASSWORD, **NEW}).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_a_superuser_still_sets_the_password_of_somebody_in_the_admin(client, cast):
    client.force_login(cast.admin)
    new = {**NEW, "usable_password": "true"}
    assert client.post(f"/admin/accounts/user/{cast.writer.pk}/password/", new).status_code == 302
    cast.writer.refresh_from_db()
    assert cast.writer.check_password(NEW["password1"])


def test_readers_pages_know_nothing_of_signing_in(client, cast):
    newsroom.published(cast)
    assert not client.get("/").cookies
