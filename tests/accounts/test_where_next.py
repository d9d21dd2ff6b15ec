"""The redirect after signing in, confirming or signing out: to a path of this site, otherwise to the usual page."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from core.origins import MAX_PATH_LENGTH, is_local_path
from tests.access.hostile_values import ADDRESSES
from tests.accounts.people import code, give_app, give_password, sign_in
from tests.newsroom import PASSWORD

OURS = (
    "/",
    "/admin/",
    "/admin/sources/source/?q=sleep&p=2",
    "/admin/a/?next=https://example.org/",
    "/topics/ernährung/",
)


@pytest.fixture(autouse=True)
def no_limits(settings):
    """Remove the limits, because each form is sent with every address, more often than is allowed."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def writer(cast):
    give_app(give_password(cast.writer))
    return cast.writer


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_no_path_of_ours_is_not_ours(address):
    assert not is_local_path(address)


@pytest.mark.parametrize("address", OURS)
def test_a_path_of_ours_is_ours(address):
    assert is_local_path(address)
    assert not is_local_path(address.ljust(MAX_PATH_LENGTH + 1, "x"))


def leads(answer, usual: str) -> bool:
    """Return whether a response redirects to the usual page."""
    return answer.status_code == 302 and answer.headers["Location"] == usual


def test_after_the_password(cast):
    give_password(cast.colleague)
    for address in ADDRESSES:
        assert leads(sign_in(Client(), cast.colleague, next=address), "/admin/")


def test_after_the_second_factor(writer, time_machine):
    for place, address in enumerate(ADDRESSES):
        time_machine.move_to(f"2026-05-01 {place:02}:00:00Z" if place < 24 else f"2026-05-02 {place - 24:02}:00:00Z")
        client = Client()
        assert leads(sign_in(client, writer, next=address), "/account/sign-in/second/")
        assert leads(client.post("/account/sign-in/second/", {"code": code()}), "/admin/")


def test_after_confirming_with_the_password(client, writer):
    client.force_login(writer)
    for address in ADDRESSES:
        assert leads(client.post("/account/confirm/", {"password": PASSWORD, "next": address}), "/admin/")


def test_after_signing_out(cast):
    for address in ADDRESSES:
        client = Client()
        client.force_login(cast.writer)
        assert leads(client.post("/account/sign-out/", {"next": address}), "/account/sign-in/")


@pytest.mark.parametrize("page", ["/account/sign-in/", "/account/sign-in/passkey/", "/admin/login/"])
def test_where_somebody_is_who_has_signed_in_already(client, cast, page):
    client.force_login(cast.writer)
    for address in ADDRESSES:
        answer = client.get(page, {"next": address})
        assert leads(answer, "/admin/") or (answer.status_code == 414 and len(address) > MAX_PATH_LENGTH)
    assert leads(client.get(page, {"next": OURS[2]}), OURS[2])


@pytest.mark.parametrize(
    "page",
    ["sign-in/", "sign-in/second/", "sign-out/", "confirm/", "confirm/second/", "confirm/passkey/", "password/"]
    + ["password/first/", "forgotten/", "forgotten/sent/", "choose/done/", "choose/1-x/", "recovery/", "codes/"],
)
def test_no_page_of_signing_in_breaks_on_an_address_or_leads_to_it(writer, page):
    for is_signed_in in (False, True):
        for address in ADDRESSES:
            client = Client()
            if is_signed_in:
                client.force_login(writer)
            for method in (client.get, client.post):
                answer = method(f"/account/{page}", {"next": address})
                assert answer.status_code < 500
                place = urlsplit(answer.headers.get("Location", ""))
                assert (place.scheme, place.netloc) == ("", "")
                assert not place.path or place.path.startswith(("/account/", "/admin/"))
