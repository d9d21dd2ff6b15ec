"""The second factor: who needs one, whether this session has shown one, and what takes one away.

A session has shown one if it was used to sign in or to confirm, or was set up in that very session. That somebody *has*
one is not enough: whoever stole the password before it was set up may still be signed in elsewhere.
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

from accounts import emails, sessions
from accounts.models import User
from accounts.roles import EDITORS

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_required(user: User) -> bool:
    """Whether this person gets into the admin with a second factor only: editors and superusers, in production."""
    return settings.SECOND_FACTOR_REQUIRED and (user.is_superuser or EDITORS in user.roles())


def has(user: User) -> bool:
    """Whether they have set one up. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def was_shown(request: HttpRequest) -> bool:
    """Whether this session has shown one."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def refused() -> ValidationError:
    """What a form says of a passkey that it does not take."""
    return ValidationError("This passkey was not accepted. Try again, or use another way.", code="incorrect_code")


@transaction.atomic
def remove(*, user: User, by: str) -> int:
    """Take away all that somebody has set up, because the device is lost, and end their sessions; returns how many.

    They are told by a letter, which names `by`. Where one is required they set it up anew at the next sign-in.
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
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


class Adapter(DefaultMFAAdapter):
    """allauth's way of asking us about second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This is not the code that is valid now. Wait for the next one, and type that.",
        "cannot_delete_authenticator": "You need a second factor for what you may do here. Set up another one first.",
    }

    def encrypt(self, text: str) -> str:
        """The secrets of authenticators lie in the database and its backups encrypted under SECRET_KEY."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who needs one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not is_required(authenticator.user) or others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a new passkey is called until somebody names it."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _cipher() -> MultiFernet:
    """Encrypts under SECRET_KEY, and still reads what was encrypted under one of SECRET_KEY_FALLBACKS."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    digest = hashlib.sha256(b"accounts.second_factor" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
