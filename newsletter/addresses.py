"""Email addresses as they are kept, and the hash by which one is known after it was erased."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from mail.sending import BadAddress, plain_address

LONGEST = 254  # RFC 5321: what fits into a path
LONGEST_LOCAL_PART = 64
# Python's codec follows IDNA 2003, which takes these for other letters: another domain than was meant.
_AMBIGUOUS_IN_DOMAIN = set("ßẞς\u200c\u200d")


def normalised(typed: str) -> str:
    """The address in the one form that is kept: domain in lower case and ASCII, no blanks around it.

    Raises ValidationError with words for the reader. Nothing inside an address is mended: a control character in it
    is no slip of the finger.
    """
    address = typed.strip(" ")
    # Looked at before it is worked on: the codec's cost grows faster than its input.
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
    """A hash by which an address is found again, keyed with SECRET_KEY: nobody without the key can try addresses.

    Upper and lower case are one, since hardly any mail server tells them apart. After a change of SECRET_KEY no
    earlier digest is found any more.
    """
    return salted_hmac("newsletter.addresses", address.lower(), algorithm="sha256").hexdigest()


def _ascii_domain(domain: str) -> str:
    if "." not in domain or _AMBIGUOUS_IN_DOMAIN & set(domain):
        raise _refusal()
    if not all(unicodedata.category(letter)[0] in "LMN" or letter in ".-" for letter in domain):
        raise _refusal()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _refusal() from error


def _refusal() -> ValidationError:
    return ValidationError("This does not look like an email address. Please look at it once more.", code="address")
