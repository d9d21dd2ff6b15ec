"""The signed links in emails, each for one purpose. Nothing of them is stored."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from newsletter.models import Subscriber

GOOD_FOR = timedelta(hours=48)
_CONFIRM, _UNSUBSCRIBE = "newsletter.confirm", "newsletter.unsubscribe"
_LONGEST = 200


class BadToken(ValueError):
    """Raised for a token that is forged, incomplete, expired or meant for another purpose."""


def confirm_link(subscriber: Subscriber) -> str:
    """Return the address to confirm this sign-up, valid for 48 hours and until the nonce changes."""
    token = signing.dumps([subscriber.pk, subscriber.nonce], salt=_CONFIRM)
    return _absolute("newsletter:confirm", token)


def unsubscribe_link(subscriber: Subscriber) -> str:
    """Return the address to unsubscribe. It does not expire, since emails are kept for years.

    It contains the digest of the address instead of the row's key: after an erasure and the restore of a backup, a key
    may belong to somebody else.
    """
    return _absolute("newsletter:unsubscribe", signing.dumps(subscriber.digest, salt=_UNSUBSCRIBE))


def read_confirm(token: str) -> tuple[int, str]:
    """Return the key and the nonce in a link of `confirm_link`. Raises BadToken."""
    pk, nonce = _read(token, _CONFIRM, max_age=GOOD_FOR)
    return pk, nonce


def read_unsubscribe(token: str) -> str:
    """Return the digest in a link of `unsubscribe_link`, whose row may be gone. Raises BadToken."""
    return _read(token, _UNSUBSCRIBE)


def _read(token: str, purpose: str, max_age: timedelta | None = None):
    """Return the signed value of a token; raises BadToken."""
    if len(token) > _LONGEST:
        raise BadToken
    try:
        return signing.loads(token, salt=purpose, max_age=max_age)
    except signing.BadSignature as error:
        raise BadToken from error


def _absolute(name: str, token: str) -> str:
    """Return the absolute address of the named page with this token."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=[token])
