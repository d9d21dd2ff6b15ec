"""Emails about accounts, one function each; subject, text and HTML are in templates/emails/account_<name>.*.

The link for choosing a password is made when the email is sent: its token is never stored in a table, and its URL
always starts with SITE_URL, regardless of the Host header of the request.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.house.memory import house
from mail import sending

FILL = "account_choose"
NOBODY = 0  # no user has this primary key

# The sentence of the email that says what happened. All keys but the last are allauth's names for its own emails.
CHANGES = {
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_reset": _("A new password was chosen for your account, by a link in an email to you."),
    "account/email/password_set": _("A password was set for your account."),
    "mfa/email/totp_activated": _("Codes of an authenticator app now protect your account."),
    "mfa/email/totp_deactivated": _("Codes of an authenticator app no longer protect your account."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
    "mfa/email/recovery_codes_generated": _(
        "New recovery codes were made for your account. Earlier ones no longer work."
    ),
    "removed_by": _("The second factor of your account was taken away, and all your sessions were ended."),
}


def reset(user: User | None) -> int:
    """Queue an email with a link for choosing a new password; return the number of emails queued.

    For an unknown address (`user` is None), queue an email that is never sent, so that both cases take the same time.
    Its row does not contain the address that was typed.
    """
    to = user.email if user else sending.plain_address(house().sender_address)
    return _with_link("account_reset", user, to, {"name": str(user or "")})


def invitation(user: User, *, by: User) -> int:
    """Queue an email to a new user; return the number of emails queued.

    The email names the person who created the account (`by`) and has a link for choosing a password.
    """
    return _with_link("account_invitation", user, user.email, {"name": str(user), "by": str(by)})


def account_changed(user: User, change: str, *, by: str = "") -> int:
    """Queue an email about a change to how the user signs in; return the number of emails queued.

    `change` is a key of CHANGES; any other raises KeyError. `by` is the name of the person who made the change, or ""
    if it was the user.
    """
    context = {
        "name": str(user),
        "what": CHANGES[change],
        "by": by,
        "at": timezone.now(),
        "reset_page": _address(reverse("account_reset_password")),
    }
    return sending.send("account_changed", context, user.email)


def choose_link(user: User) -> str:
    """Return a link for choosing a password. It works once, within PASSWORD_RESET_TIMEOUT seconds."""
    token = default_token_generator.make_token(user)
    return _address(reverse("account_reset_password_from_key", args=[int_to_base36(user.pk), token]))


def _with_link(name: str, user: User | None, to: str, about: dict[str, str]) -> int:
    """Queue an email with a link that is made when the email is sent; return the number of emails queued.

    `about` holds further values for the templates. Without a `user`, the email is cancelled instead of sent.
    """
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    placeholders = {"link": (FILL, user.pk if user else NOBODY)}
    return sending.send(name, {**about, "days": days, "email": to}, to, placeholders=placeholders)


@sending.fills_placeholder(FILL)
def _link(pk: int, address: str) -> str:
    """Return the link for the user with this primary key.

    Raise EmailCancelled if the account does not exist or is inactive.
    """
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        raise sending.EmailCancelled(
            "Asked for by somebody who has no account, or whose account has been switched off since."
        )
    return choose_link(user)


def _address(path: str) -> str:
    """Return the absolute URL of a path on this site."""
    return settings.SITE_URL.rstrip("/") + path


@sending.sample("account_reset", _("To somebody who has forgotten their password"))
def _reset_sample() -> dict:
    return {"name": "Wanda Sample", "email": "wanda@example.org", "days": 3, "link": _address("/account/choose/…/")}


@sending.sample("account_invitation", _("To somebody for whom an account was made"))
def _invitation_sample() -> dict:
    return {**_reset_sample(), "by": "Ada Sample"}


@sending.sample("account_changed", _("To somebody whose way to sign in was changed"))
def _changed_sample() -> dict:
    what = CHANGES["mfa/email/totp_activated"]
    return {"name": "Wanda Sample", "what": what, "by": "", "at": timezone.now(), "reset_page": _address("/account/")}
