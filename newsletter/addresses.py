"""Normalise email addresses, hash them (to recognise them after erasure), and limit the number of sign-ups."""

import unicodedata

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.rate_limits import DAY, HOUR, network_of, take
from mail.sending import BadAddress, plain_address

LONGEST = 254  # characters: the longest path of RFC 5321 without its angle brackets
LONGEST_LOCAL_PART = 64
EMAILS_TO_AN_ADDRESS = 3  # a day
SIGN_UPS_FROM_A_NETWORK = 20  # an hour
# Python's codec follows IDNA 2003, which replaces these characters with others and so changes the domain.
_AMBIGUOUS_IN_DOMAIN = set("ßẞς\u200c\u200d")


def normalised(typed: str) -> str:
    """Return the address in its stored form: the domain in lower case and ASCII, no surrounding spaces.

    Raise ValidationError, with a message for the reader, if it is not an email address. Other characters are never
    removed or replaced, because a control character inside an address is not a typing error.
    """
    address = typed.strip(" ")
    # The length is checked first, because the time that the codec takes grows faster than the length.
    if len(address) > LONGEST:
        raise _refusal()
    local, _, domain = address.rpartition("@")
    if not local.isascii() or not local.isprintable() or len(local) > LONGEST_LOCAL_PART:
        raise _refusal()
    address = f"{local}@{_ascii_domain(domain)}"
    if len(address) > LONGEST:
        raise _refusal()
    try:
        return plain_address(address)
    except BadAddress as error:
        raise _refusal() from error


def digest(address: str) -> str:
    """Return the keyed hash (HMAC-SHA-256, hexadecimal) of an address.

    The key is derived from SECRET_KEY, so that only the site can test whether an address is stored. After SECRET_KEY is
    changed, earlier digests no longer match. The address is hashed in lower case, because hardly any mail server
    distinguishes case.
    """
    return salted_hmac("newsletter.addresses", address.lower(), algorithm="sha256").hexdigest()


def address_has_room(digest: str) -> bool:
    """Count an email to the address with this digest; return whether it is within the limit for a day."""
    return take("newsletter address", digest, EMAILS_TO_AN_ADDRESS, DAY)


def network_has_room(request: HttpRequest) -> bool:
    """Count a sign-up from the network of this request; return whether it is within the limit for an hour."""
    return take("newsletter network", network_of(request), SIGN_UPS_FROM_A_NETWORK, HOUR)


def _ascii_domain(domain: str) -> str:
    """Return the domain in ASCII and lower case. Raise ValidationError if it is not a valid domain."""
    if "." not in domain or _AMBIGUOUS_IN_DOMAIN & set(domain):
        raise _refusal()
    if not all(unicodedata.category(letter)[0] in "LMN" or letter in ".-" for letter in domain):
        raise _refusal()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _refusal() from error


def _refusal() -> ValidationError:
    """Return the ValidationError for an invalid address."""
    return ValidationError(_("This does not look like an email address. Please check it."), code="address")
