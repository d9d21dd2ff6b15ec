"""The hash commitment by which signed records hold a name without showing it. Pure.

A commitment is the SHA-256 (FIPS 180-4) of a domain string, a random salt and the name:

    SHA-256("betterment name v1" LF salt LF name)

in UTF-8, where LF is the byte 0x0A, the salt is written as lower-case hex digits, and the name is in Unicode's
normalisation form C. This is the commitment of Halevi and Micali (CRYPTO 1996) in its simplest form.

* It binds: whoever knows a commitment, a salt and a name can recompute it, and nobody can find another name that fits.
* It hides: without the salt, which has 128 random bits, nobody can find the name by trying those of all scientists.
* It does not hide that two records have the same commitment, so that the same person signed both. It also does not
  hide a name that is shown elsewhere, such as on an earlier copy of the page.

Once the salt and the name are erased, the commitment proves only that the record has not changed.
"""

import hashlib
import secrets

from core.text import normalised

DOMAIN = "betterment name v1"
SALT_BYTES = 16


def new_salt() -> str:
    """Return a new random salt as 32 lower-case hex digits."""
    return secrets.token_hex(SALT_BYTES)


def commitment(salt: str, name: str) -> str:
    """Return the commitment to a name under a salt (hex digits) as 64 lower-case hex digits."""
    committed = "\n".join([DOMAIN, salt, normalised(name)])
    return hashlib.sha256(committed.encode()).hexdigest()
