"""The second factor: who needs one, whether this session has used one, and removing one.

A session has used one if it was used to sign in or to confirm, or was set up in that very session. *Having* one is not
enough: somebody who stole the password before it was set up may still be signed in elsewhere.
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
    """Whether this user needs a second factor for the admin: editors and superusers, if SECOND_FACTOR_REQUIRED is
    set.
    """
    return settings.SECOND_FACTOR_REQUIRED and (user.is_superuser or EDITORS in user.roles())


def has(user: User) -> bool:
    """Whether the user has set one up. Recovery codes alone do not count."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def was_shown(request: HttpRequest) -> bool:
    """Whether a second factor has been used in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def refused() -> ValidationError:
    """Return the form error for a passkey that was not accepted."""
    return ValidationError(
        gettext("This passkey was not accepted. Try again, or use another way."), code="incorrect_code"
    )


@transaction.atomic
def remove(*, user: User, by: str) -> int:
    """Remove all second factors of a user whose device is lost, and end their sessions; return how many were removed.

    An email tells the user, with `by` as the person who did it. If a second factor is required, they set one up at the
    next sign-in.
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
    """Record that the second factor was used in the session in which it was set up."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


class MFAAdapter(DefaultMFAAdapter):
    """Settings and messages of allauth's second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the code that is valid now. Wait for the next one, and type that."),
        "cannot_delete_authenticator": _(
            "You need a second factor for what you may do here. Set up another one first."
        ),
    }

    def get_totp_issuer(self) -> str:
        """Return the name under which authenticator apps list the account."""
        return house().name

    def _get_site_name(self) -> str:
        return house().name

    def encrypt(self, text: str) -> str:
        """Return the text encrypted under SECRET_KEY, as the secrets of authenticators are stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the decrypted text."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the user may remove it: not the last one if a second factor is required."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not is_required(authenticator.user) or others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Return the default name of a new passkey."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _cipher() -> MultiFernet:
    """Return a cipher that encrypts under SECRET_KEY and also decrypts what was encrypted under
    SECRET_KEY_FALLBACKS.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    """Return the Fernet key derived from a secret."""
    digest = hashlib.sha256(b"accounts.second_factor" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
