"""Signing in with a browser: by password, by passkey, and with a passkey or an app after the password."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.people import code
from tests.browser.conftest import PASSWORD, sign_in_on
from tests.browser.test_accessibility import violations

PHONE = {"viewport": {"width": 360, "height": 740}}
looked_at = pytest.mark.parametrize(
    "options", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"]
)


@pytest.fixture
def device(reader, site):
    """Return a window at an address at which browsers offer passkeys, with a device that confirms everything."""

    def open_window(**options: object) -> Page:
        page = reader(**{"base_url": site.replace("127.0.0.1", "localhost"), **options})
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        answers = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        way = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": {**way, **answers}})
        return page

    return open_window


def signed_in(page: Page, name: str) -> Page:
    page.goto("/account/sign-in/")
    sign_in_on(page, name)
    page.wait_for_url("**/admin/")
    return page


def confirm(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def sign_out(page: Page) -> None:
    page.goto("/account/sign-out/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/sign-in/")


def test_a_passkey_is_added_and_then_signs_in_alone_and_after_a_password(device):
    page = signed_in(device(), "advisor2")
    page.goto("/account/passkeys/add/")
    confirm(page)
    page.get_by_label("Name").fill("The key on my ring")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/account/passkeys/")
    expect(page.locator(".passkeys li")).to_contain_text("The key on my ring")
    expect(page.locator(".passkeys li")).to_contain_text("Works without a password")
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/")
    sign_out(page)

    sign_in_on(page, "advisor2")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    page.get_by_role("button", name="Use a passkey or a security key").click()
    page.wait_for_url("**/admin/")
    assert page.errors == []


def test_a_passkey_that_is_not_shown_is_said_and_can_be_tried_again(device):
    page = device()
    page.goto("/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()  # the device has no passkey for this site
    expect(page.get_by_role("alert")).to_contain_text("Press the button once more")


def test_an_app_is_set_up_and_asked_for_without_script(reader):
    page = signed_in(reader(java_script_enabled=False, **PHONE), "advisor3")
    page.goto("/account/codes/")
    confirm(page)
    expect(page.get_by_role("img", name="The secret for your app")).to_be_visible()
    secret = page.locator("code").text_content()
    page.get_by_label("The code that your app shows now").fill(code(secret))
    page.get_by_role("button", name="Use this app").click()
    recovery = page.locator(".codes li").first.text_content()
    sign_out(page)

    sign_in_on(page, "advisor3")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin/")


def test_the_keyboard_is_enough(reader):
    page = reader()
    page.goto("/account/sign-in/")
    page.get_by_label("Email address").focus()
    page.keyboard.type("writer@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


@looked_at
def test_the_pages_before_one_is_in(reader, options):
    page = reader(bypass_csp=True, **options)
    for address in ("sign-in/", "forgotten/", "forgotten/sent/", "choose/1-no-token/", "choose/done/"):
        page.goto(f"/account/{address}")
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto("/account/sign-in/")
    page.get_by_label("Email address").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title(re.compile("^Not yet: "))
    assert violations(page) == []


@looked_at
def test_the_pages_of_ones_own_sign_in(reader, site, options):
    page = reader(base_url=site.replace("127.0.0.1", "localhost"), bypass_csp=True, **options)
    signed_in(page, "writer")
    page.goto("/account/passkeys/")
    page.goto("/account/passkeys/add/")
    assert violations(page) == []
    confirm(page)
    for address in ("", "password/", "codes/", "passkeys/", "passkeys/add/", "sign-out/", "recovery/new/"):
        page.goto(f"/account/{address}")
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert page.errors == []


def test_the_page_of_ones_sign_in_is_reached_from_the_newsroom(person):
    page = person("writer")
    page.get_by_role("link", name="Your sign-in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your sign-in")
    page.get_by_role("link", name="Go to the newsroom").click()
    page.wait_for_url("**/admin/")
