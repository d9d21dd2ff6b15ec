"""The signed tokens of the links in emails. A token is valid for one purpose, and no token is stored."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from newsletter.models import Subscriber

GOOD_FOR = timedelta(hours=48)
_CONFIRM, _UNSUBSCRIBE = "newsletter.confirm", "newsletter.unsubscribe"
_LONGEST = 200


class BadToken(ValueError):
    """Raised for a token that is forged, incomplete, expired, too long or meant for another purpose."""


def confirm_link(subscriber: Subscriber) -> str:
    """Return the confirmation link of this sign-up. It expires after 48 hours, or earlier if the nonce changes."""
    token = signing.dumps([subscriber.pk, subscriber.nonce], salt=_CONFIRM)
    return _absolute("newsletter:confirm", token)


def unsubscribe_link(subscriber: Subscriber) -> str:
    """Return the link for unsubscribing. It never expires, because people keep emails for years.

    It contains the digest of the address and not the row's key: if a backup is restored after an erasure, the key may
    belong to somebody else.
    """
    return _absolute("newsletter:unsubscribe", signing.dumps(subscriber.digest, salt=_UNSUBSCRIBE))


def read_confirm(token: str) -> tuple[int, str]:
    """Return the subscriber's primary key and the nonce from the token of a confirmation link.

    Raise BadToken if the token is invalid or has expired.
    """
    pk, nonce = _read(token, _CONFIRM, max_age=GOOD_FOR)
    return pk, nonce


def read_unsubscribe(token: str) -> str:
    """Return the digest of the address from the token of an unsubscribe link. Raise BadToken if the token is invalid.

    The subscriber may have been deleted since.
    """
    return _read(token, _UNSUBSCRIBE)


def _read(token: str, purpose: str, max_age: timedelta | None = None):
    """Return the value signed in a token for this purpose. Raise BadToken if it is not valid."""
    if len(token) > _LONGEST:
        raise BadToken
    try:
        return signing.loads(token, salt=purpose, max_age=max_age)
    except signing.BadSignature as error:
        raise BadToken from error


def _absolute(name: str, token: str) -> str:
    """Return the absolute URL of the named page with this token."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=[token])
