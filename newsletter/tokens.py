"""The links in letters: signed, each for one purpose alone. Nothing of them is kept."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from newsletter.models import Subscriber

GOOD_FOR = timedelta(hours=48)
_CONFIRM, _UNSUBSCRIBE = "newsletter.confirm", "newsletter.unsubscribe"
_LONGEST = 200


class BadToken(ValueError):
    """Raised for a token that is forged, incomplete, of another purpose or too old."""


def confirm_link(subscriber: Subscriber) -> str:
    """The address that asks "is it you?", good for 48 hours from now and for this round of asking."""
    token = signing.dumps([subscriber.pk, subscriber.nonce], salt=_CONFIRM)
    return _absolute("newsletter:confirm", token)


def unsubscribe_link(subscriber: Subscriber) -> str:
    """The address by which this person leaves. Without an end, since letters are kept for years.

    It names the digest of their address, which is theirs for ever: a key may be given to somebody else, once its row
    was erased and a backup has been restored.
    """
    return _absolute("newsletter:unsubscribe", signing.dumps(subscriber.digest, salt=_UNSUBSCRIBE))


def read_confirm(token: str) -> tuple[int, str]:
    """The key and the nonce in a link of `confirm_link`. Raises BadToken."""
    pk, nonce = _read(token, _CONFIRM, max_age=GOOD_FOR)
    return pk, nonce


def read_unsubscribe(token: str) -> str:
    """The digest in a link of `unsubscribe_link`, which may be of a row that is gone. Raises BadToken."""
    return _read(token, _UNSUBSCRIBE)


def _read(token: str, purpose: str, max_age: timedelta | None = None):
    if len(token) > _LONGEST:
        raise BadToken
    try:
        return signing.loads(token, salt=purpose, max_age=max_age)
    except signing.BadSignature as error:
        raise BadToken from error


def _absolute(name: str, token: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=[token])
