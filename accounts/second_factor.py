"""The second factor: who needs one, in which sessions it has been used, and how to remove it.

A session counts as protected if the user signed in or confirmed their identity with a second factor in it, or set up
the second factor in it. It is not enough that the user *has* a second factor: somebody who stole the password before it
was set up may still be signed in elsewhere.
"""

import base64
import hashlib

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import emails, sessions
from accounts.models import User
from accounts.roles import EDITORS
from core.house.memory import house

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_required(user: User) -> bool:
    """Return whether this user needs a second factor for the admin.

    Editors and superusers need one if SECOND_FACTOR_REQUIRED is set.
    """
    return settings.SECOND_FACTOR_REQUIRED and (user.is_superuser or EDITORS in user.roles())


def has(user: User) -> bool:
    """Return whether the user has set up a second factor. Recovery codes alone do not count."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def was_shown(request: HttpRequest) -> bool:
    """Return whether a second factor has been used or set up in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def refused() -> ValidationError:
    """Return the form error (incorrect_code) for a passkey that was not accepted."""
    return ValidationError(
        gettext("This passkey was not accepted. Try again, or use another way."), code="incorrect_code"
    )


@transaction.atomic
def remove(*, user: User, by: str) -> int:
    """Delete the second factors and recovery codes of a user whose device is lost; return the number of rows deleted.

    If there were any, end all sessions of the user and queue an email to them that names `by` as the person who did it.
    A user who needs a second factor has to set one up after the next sign-in.
    """
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        sessions.end_all(user=user)
        emails.account_changed(user, "removed_by", by=by)
    return removed


@receiver(authenticator_added)
def _set_up_here(
    sender: type, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object
) -> None:
    """When a user adds a second factor, count this session as authenticated with it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


class MFAAdapter(DefaultMFAAdapter):
    """The adapter of allauth's second factors: the site's messages, rules and encryption."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the code that is valid now. Wait for the next one, and type that."),
        "cannot_delete_authenticator": _(
            "You need a second factor for what you may do here. Set up another one first."
        ),
    }

    def get_totp_issuer(self) -> str:
        """Return the name of the site, under which authenticator apps list the account."""
        return house().name

    def _get_site_name(self) -> str:
        return house().name

    def encrypt(self, text: str) -> str:
        """Return the text encrypted under SECRET_KEY. The secrets of authenticators are stored in this form."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the plain text of a result of `encrypt`. Raise cryptography's InvalidToken if no key fits."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the user may remove this second factor. The last one stays if a second factor is required."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not is_required(authenticator.user) or others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Return the default name of a new passkey, such as “Passkey 2”."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _cipher() -> MultiFernet:
    """Return a cipher that encrypts under SECRET_KEY, and decrypts under that key or one of SECRET_KEY_FALLBACKS."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    """Return the Fernet key (32 bytes, base64) derived from a secret."""
    digest = hashlib.sha256(b"accounts.second_factor" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
