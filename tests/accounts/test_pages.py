"""All pages for signing in are our own: those of allauth are never shown, and none of its emails is sent."""

from pathlib import Path

import pytest
from django.template.loader import get_template

from accounts.adapter import AccountAdapter
from accounts.emails import CHANGES
from accounts.urls import urlpatterns

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PAGES = {
    pattern.name: pattern.callback.__wrapped__.view_class.template_name
    for pattern in urlpatterns
    if getattr(pattern.callback.__wrapped__.view_class, "template_name", None)
}
SAID = [
    *(f"account/messages/password_{what}.txt" for what in ("changed", "set")),
    *(f"mfa/messages/{what}.txt" for what in ("totp_activated", "totp_deactivated", "recovery_codes_generated")),
    *(f"mfa/messages/webauthn_{what}.txt" for what in ("added", "removed")),
]


@pytest.mark.parametrize("template", sorted({*PAGES.values(), *SAID, "429.html"}))
def test_a_page_or_a_message_is_ours(template):
    assert TEMPLATES in Path(get_template(template).origin.name).parents


def test_every_page_was_looked_for():
    assert len(PAGES) > 15


def test_no_email_leaves_that_we_did_not_write():
    with pytest.raises(LookupError):
        AccountAdapter().send_mail("account/email/unknown_account", "somebody@example.org", {})


def test_what_an_email_says_of_a_change_is_a_sentence():
    assert all(said.endswith(".") and "!" not in said for said in CHANGES.values())
