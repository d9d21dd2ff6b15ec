"""The signing key: an encrypted file outside the database and the backup. The public keys are in the database.

The file is PKCS #8 in PEM (RFC 5958), encrypted with the passphrase, readable by its owner alone. The settings
SIGNING_KEY_FILE and SIGNING_KEY_PASSPHRASE name both; without them nothing is signed.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.models import SigningKey
from audit.verify import BASE58, ED25519

SHORTEST_PASSPHRASE = 20  # characters


class NoKey(Exception):
    """Raised if there is no usable key to sign with, or none can be made. The message tells an administrator why."""


@dataclass(frozen=True)
class Signer:
    """The key that signs now: its row with the public key, and the private key."""

    row: SigningKey
    private: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature of these bytes (RFC 8032)."""
        return self.private.sign(data)


def to_base58(data: bytes) -> str:
    """Return bytes in multibase base58btc, as text that begins with “z”."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def multikey(private: Ed25519PrivateKey) -> str:
    """Return the Multikey of the public key that belongs to a private key (Controlled Identifiers v1.0)."""
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return to_base58(ED25519 + private.public_key().public_bytes(*raw))


def is_configured() -> bool:
    """Return whether the settings name a key file and a passphrase."""
    return bool(settings.SIGNING_KEY_FILE and settings.SIGNING_KEY_PASSPHRASE)


def signer() -> Signer:
    """Return the key that signs now. Make one query.

    Raise NoKey if the key file cannot be used (see `load`) or holds another key than the one that is in use.
    """
    private = load()
    row = SigningKey.objects.filter(retired_at=None).first()
    if row is None or row.public_key != multikey(private):
        raise NoKey(f"The key in {settings.SIGNING_KEY_FILE} is not the one that is in use. See docs/how-to/sign.md.")
    return Signer(row, private)


def load() -> Ed25519PrivateKey:
    """Return the private key in the key file.

    Raise NoKey if the settings name none, or if the file cannot be read with the passphrase, can be read by others than
    its owner, or holds a key of another kind than Ed25519.
    """
    if not is_configured():
        raise NoKey("SIGNING_KEY_FILE and SIGNING_KEY_PASSPHRASE are not set: nothing is signed.")
    path = Path(settings.SIGNING_KEY_FILE)
    try:
        if path.stat().st_mode & 0o077:
            raise NoKey(f"Others than its owner can read {path}. Run: chmod 600 {path}")
        found = serialization.load_pem_private_key(path.read_bytes(), settings.SIGNING_KEY_PASSPHRASE.encode())
    except (OSError, ValueError, TypeError) as error:
        raise NoKey(f"{path} cannot be read with this passphrase: {error}") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise NoKey(f"{path} has a key of another kind than Ed25519.")
    return found


def make(*, replace: bool = False, leaked: bool = False, now: datetime | None = None) -> SigningKey:
    """Make a key, write its file, store its public key, and return the row.

    With `replace`, the key in use is retired; with `leaked`, it is revoked as well. `now` is the aware time from which
    the new key is valid, by default the current time. Raise NoKey if the settings are missing, if the passphrase is too
    short, or if there is a key and `replace` is false, and OSError if the file cannot be written.
    """
    if not is_configured():
        raise NoKey("Set SIGNING_KEY_FILE and SIGNING_KEY_PASSPHRASE first.")
    if len(settings.SIGNING_KEY_PASSPHRASE) < SHORTEST_PASSPHRASE:
        raise NoKey(f"SIGNING_KEY_PASSPHRASE is too short: use {SHORTEST_PASSPHRASE} or more random characters.")
    path, at = Path(settings.SIGNING_KEY_FILE), now or timezone.now()
    with transaction.atomic():
        before = SigningKey.objects.select_for_update().filter(retired_at=None)
        if not replace and (path.exists() or before.exists()):
            raise NoKey("A key is in use already. To put a new one in its place, give --replace.")
        for row in before:
            row.retired_at, row.revoked_at = at, at if leaked else None
            row.save(update_fields=["retired_at", "revoked_at"])
        private = Ed25519PrivateKey.generate()
        made = SigningKey.objects.create(public_key=multikey(private), valid_from=at)
        _write(path, private)
        return made


def _write(path: Path, private: Ed25519PrivateKey) -> None:
    """Replace the key file, in one step, by one with the encrypted key that only its owner can read."""
    text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(settings.SIGNING_KEY_PASSPHRASE.encode()),
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
