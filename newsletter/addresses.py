"""Normalised email addresses, the hash that recognises one after erasure, and limits on sign-ups."""

import unicodedata

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.rate_limits import DAY, HOUR, network_of, take
from mail.sending import BadAddress, plain_address

LONGEST = 254  # RFC 5321: the longest path, without the angle brackets
LONGEST_LOCAL_PART = 64
EMAILS_TO_AN_ADDRESS = 3  # a day
SIGN_UPS_FROM_A_NETWORK = 20  # an hour
# Python's codec follows IDNA 2003, which maps these to other letters and so to another domain.
_AMBIGUOUS_IN_DOMAIN = set("ßẞς\u200c\u200d")


def normalised(typed: str) -> str:
    """Return the address in its stored form: domain in lower case and ASCII, no surrounding spaces.

    Raises ValidationError with a message for the reader. Nothing inside an address is corrected, since a control
    character in it is not a typing error.
    """
    address = typed.strip(" ")
    # The length is checked first, because the codec takes more than linear time.
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
    """Return the hash of an address, keyed with SECRET_KEY, so that nobody without the key can test addresses.

    Case is ignored, since hardly any mail server distinguishes it. After a change of SECRET_KEY, earlier digests no
    longer match.
    """
    return salted_hmac("newsletter.addresses", address.lower(), algorithm="sha256").hexdigest()


def address_has_room(digest: str) -> bool:
    """Count an email to the address with this digest; return False if it has reached today's limit."""
    return take("newsletter address", digest, EMAILS_TO_AN_ADDRESS, DAY)


def network_has_room(request: HttpRequest) -> bool:
    """Count a sign-up from the network of this request; return False if it has reached this hour's limit."""
    return take("newsletter network", network_of(request), SIGN_UPS_FROM_A_NETWORK, HOUR)


def _ascii_domain(domain: str) -> str:
    """Return the domain in ASCII and lower case; raises ValidationError."""
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
