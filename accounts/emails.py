"""Letters about accounts: one function each; subject, text and HTML are templates/emails/account_<name>.*.

The link that lets somebody choose a password is made when the letter leaves: its token never lies in a table, and its
address is SITE_URL, whatever host the request named.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from accounts.models import User
from mail import sending

FILL = "account_choose"
NOBODY = 0  # no user has this number

# What happened, in a sentence of the letter. The keys are allauth's names of its own letters.
CHANGES = {
    "account/email/password_changed": "The password of your account was changed.",
    "account/email/password_reset": "A new password was chosen for your account, by a link in an email to you.",
    "account/email/password_set": "A password was set for your account.",
    "mfa/email/totp_activated": "Codes of an authenticator app now protect your account.",
    "mfa/email/totp_deactivated": "Codes of an authenticator app no longer protect your account.",
    "mfa/email/webauthn_added": "A passkey was added to your account.",
    "mfa/email/webauthn_removed": "A passkey was removed from your account.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account. Earlier ones no longer work.",
    "removed_by": "The second factor of your account was taken away, and all your sessions were ended.",
}


def reset(user: User | None) -> int:
    """Send a link to choose a new password; to nobody the same is queued, and never leaves.

    So that known and unknown addresses take the same time. What is queued for nobody holds no address that was typed.
    """
    to = user.email if user else sending.plain_address(_sender())
    return _with_link("account_reset", user, to, {"name": str(user or "")})


def invitation(user: User, *, by: User) -> int:
    """Tell somebody that they have an account, who made it, and where they choose their password."""
    return _with_link("account_invitation", user, user.email, {"name": str(user), "by": str(by)})


def account_changed(user: User, change: str, *, by: str = "") -> int:
    """Tell somebody what was changed about the way they sign in. `change` is one of CHANGES; else KeyError."""
    context = {
        "name": str(user),
        "what": CHANGES[change],
        "by": by,
        "at": timezone.now(),
        "reset_page": _address(reverse("account_reset_password")),
    }
    return sending.send("account_changed", context, user.email)


def choose_link(user: User) -> str:
    """Where this person may choose a password, once, for PASSWORD_RESET_TIMEOUT seconds."""
    token = default_token_generator.make_token(user)
    return _address(reverse("account_reset_password_from_key", args=[int_to_base36(user.pk), token]))


def _with_link(name: str, user: User | None, to: str, about: dict[str, str]) -> int:
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    placeholders = {"link": (FILL, user.pk if user else NOBODY)}
    return sending.send(name, {**about, "days": days, "email": to}, to, placeholders=placeholders)


@sending.fills_placeholder(FILL)
def _link(pk: int) -> str:
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        raise sending.EmailCancelled(
            "Asked for by somebody who has no account, or whose account was switched off since."
        )
    return choose_link(user)


def _address(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def _sender() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")


@sending.sample("account_reset", "To somebody who has forgotten their password")
def _reset_sample() -> dict:
    return {"name": "Wanda Sample", "email": "wanda@example.org", "days": 3, "link": _address("/account/choose/…/")}


@sending.sample("account_invitation", "To somebody for whom an account was made")
def _invitation_sample() -> dict:
    return {**_reset_sample(), "by": "Ada Sample"}


@sending.sample("account_changed", "To somebody whose way to sign in was changed")
def _changed_sample() -> dict:
    what = CHANGES["mfa/email/totp_activated"]
    return {"name": "Wanda Sample", "what": what, "by": "", "at": timezone.now(), "reset_page": _address("/account/")}
