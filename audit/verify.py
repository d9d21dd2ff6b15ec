"""Check the signed record of an article offline: `python verify.py record.json`.

This one file needs Python 3.11 and the package `cryptography`, and nothing of the site that made the record: neither
its code, nor its database, nor a network. The site imports its pure functions from here.

It implements the JSON Canonicalization Scheme (RFC 8785) as far as records need it, the Merkle tree of Certificate
Transparency (RFC 6962, section 2.1, and RFC 9162, section 2.1), the proof `eddsa-jcs-2022` of Data Integrity EdDSA
Cryptosuites v1.0, Multikey (Controlled Identifiers v1.0), and the signed notes and checkpoints of C2SP.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROVED, REFUSED, UNREADABLE = 0, 1, 2  # exit codes
SUITE = "eddsa-jcs-2022"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MAX_BASE58 = 89  # characters: a signature of 64 bytes and the z before it
ED25519 = b"\xed\x01"  # the multicodec of an Ed25519 public key
_NOTE_ED25519 = b"\x01"  # the type of an Ed25519 signature under a note
_LARGEST = 2**53 - 1  # the largest integer that every reader of JSON keeps exactly


class Refused(Exception):
    """Raised if a check fails. The message is a sentence for the person who runs the program."""


def canonical_json(value: object) -> bytes:
    """Return a value as JSON in the form of RFC 8785. Raise ValueError for a fraction or an integer beyond 2^53."""
    return _canonical(value).encode("utf-8")


def _canonical(value: object) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_canonical(name)}:{_canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise ValueError(f"{value} has no canonical form here: records hold integers up to 2^53 only.")
    if value is None or isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    raise ValueError(f"{type(value).__name__} is not JSON.")


def sha256(data: bytes) -> str:
    """Return the SHA-256 of these bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def name_commitment(salt: str, name: str) -> str:
    """Return the salted hash that stands for a name. Without the random salt, it reveals nothing about the name.

    `salt` is hex text. Whoever has the name and the salt can show that the hash stands for that name and no other.
    """
    return sha256(f"betterment name v1\n{salt}\n{name}".encode())


# --- The Merkle tree


def leaf_hash(data: bytes) -> bytes:
    """Return the SHA-256 hash (32 bytes) of a leaf with these data (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the SHA-256 hash (32 bytes) of a node whose children have these hashes (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that follows from the hash of the leaf `index` and its audit path (RFC 9162, 2.1.3.2).

    `index` counts from 0 in a log of `size` leaves. Raise Refused if it is outside or the path has a wrong length.
    """
    if not 0 <= index < size:
        raise Refused(f"No entry {index} is in a log of {size} entries.")
    own, last, found = index, size - 1, leaf
    for hash_ in path:
        if last == 0:
            raise Refused("The path to the root is too long.")
        if own & 1 or own == last:
            found = node_hash(hash_, found)
            while not own & 1 and own:
                own, last = own >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        own, last = own >> 1, last >> 1
    if last:
        raise Refused("The path to the root is too short.")
    return found


def is_consistent(first: int, second: int, before: bytes, after: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the log of `second` entries begins with the log of `first` entries (RFC 9162, 2.1.4.2).

    `before` and `after` are the roots of the two, 0 < `first` <= `second`.
    """
    if first == second:
        return before == after and not path
    if not 0 < first < second:
        return False
    rest = list(path)
    if first & (first - 1) == 0:
        rest.insert(0, before)
    if not rest:
        return False
    own, last = first - 1, second - 1
    while own & 1:
        own, last = own >> 1, last >> 1
    old = new = rest[0]
    for hash_ in rest[1:]:
        if last == 0:
            return False
        if own & 1 or own == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while not own & 1 and own:
                own, last = own >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        own, last = own >> 1, last >> 1
    return last == 0 and old == before and new == after


# --- Keys and signatures


def from_base58(text: str) -> bytes:
    """Return the bytes in base58btc text (multibase). Raise Refused if it is invalid or longer than a signature."""
    if not text.startswith("z") or len(text) > MAX_BASE58 or not set(text[1:]) <= set(BASE58):
        raise Refused("A key or a signature is not in base58btc.")
    digits, number = text[1:], 0
    for sign in digits:
        number = number * 58 + BASE58.index(sign)
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_key(key: str) -> bytes:
    """Return the 32 bytes of the public key in a Multikey. Raise Refused if it is not an Ed25519 public key."""
    found = from_base58(key)
    if found[:2] != ED25519 or len(found) != 34:
        raise Refused("The key is not an Ed25519 public key.")
    return found[2:]


def _is_signed(key: str, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key(key)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def proof_input(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """Return the bytes that eddsa-jcs-2022 signs, from a document without proof and a proof without `proofValue`."""
    return b"".join(hashlib.sha256(canonical_json(dict(part))).digest() for part in (proof, document))


def check_proof(record: Mapping[str, Any], key: str) -> None:
    """Raise Refused unless `record` has an eddsa-jcs-2022 proof that is signed with this Multikey."""
    proof = dict(record.get("proof") or {})
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        raise Refused(f"The record has no proof of the kind {SUITE}.")
    signature = from_base58(str(proof.pop("proofValue", "")))
    document = {name: value for name, value in record.items() if name != "proof"}
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise Refused("The proof is of another context.")
    if len(signature) != 64 or not _is_signed(key, signature, proof_input(document, proof)):
        raise Refused("The signature of the record does not fit: the record was changed, or another key signed it.")


@dataclass(frozen=True)
class Checkpoint:
    """The signed head of a log: its origin, number of entries, root hash (32 bytes), and time (RFC 3339, UTC)."""

    origin: str
    size: int
    root: bytes
    time: str


def checkpoint_text(head: Checkpoint) -> str:
    """Return the text of a checkpoint that gets signed: lines with the origin, size, root (Base64) and time."""
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\ntime {head.time}\n"


def note_key_id(origin: str, key: str) -> bytes:
    """Return the 4-byte key ID in a signature line (C2SP signed-note). Raise Refused if `key` is not for Ed25519."""
    return hashlib.sha256(origin.encode() + b"\n" + _NOTE_ED25519 + public_key(key)).digest()[:4]


def note_text(note: str, origin: str, key: str) -> str:
    """Return the text of a signed note. Raise Refused unless it is signed with this Multikey in the name `origin`."""
    text, gap, lines = note.rpartition("\n\n")
    for line in lines.splitlines() if gap else ():
        found = re.fullmatch(r"— (\S+) ([A-Za-z0-9+/]+={0,2})", line)
        try:
            given = base64.b64decode(found[2], validate=True) if found and found[1] == origin else b""
        except binascii.Error:
            continue
        is_exact = found is not None and base64.b64encode(given).decode() == found[2]
        if is_exact and given[:4] == note_key_id(origin, key) and _is_signed(key, given[4:], f"{text}\n".encode()):
            return f"{text}\n"
    raise Refused("The checkpoint is not signed by this key.")


def read_checkpoint(note: str, keys: Iterable[str]) -> Checkpoint:
    """Return the checkpoint in a note. Raise Refused if it is malformed or signed with none of these Multikeys."""
    parts = re.match(r"(?P<origin>\S+)\n(?P<size>0|[1-9]\d{0,14})\n(?P<root>\S+)\ntime (?P<time>\S+)\n\n", note)
    if parts is None:
        raise Refused("This is not a checkpoint of a log.")
    for key in keys:
        try:
            text = note_text(note, parts["origin"], key)
            root = base64.b64decode(parts["root"], validate=True)
        except (Refused, binascii.Error):
            continue
        head = Checkpoint(parts["origin"], int(parts["size"]), root, parts["time"])
        if len(root) == 32 and checkpoint_text(head) == text:
            return head
    raise Refused("The checkpoint is not signed by a key that is known here.")


# --- The record


@dataclass(frozen=True)
class Checked:
    """The result of checking a record: `lines` (sentences for people), and `head`, the checkpoint in the record."""

    lines: list[str]
    head: Checkpoint


def parse(data: bytes) -> dict[str, Any]:
    """Return the object in these bytes. Raise Refused if they are not an object in canonical JSON (RFC 8785)."""
    try:
        found = json.loads(data.decode("utf-8"))
        is_exact = isinstance(found, dict) and canonical_json(found) == data
    except (ValueError, RecursionError) as error:
        raise Refused(f"The record is not JSON as records are: {error}.") from error
    if not is_exact:
        raise Refused("The record is not in its canonical form, byte for byte: it was changed or reformatted.")
    return dict(found)


def key_of(record: Mapping[str, Any]) -> str:
    """Return the Multikey that a record names in its proof. Raise Refused if it names another key than its issuer's."""
    method = str((record.get("proof") or {}).get("verificationMethod", ""))
    address, _hash, key = method.partition("#")
    if address != record.get("issuer"):
        raise Refused("The record names a key of somebody else than its issuer.")
    return key


def published_key(document: Mapping[str, Any], key: str, signed_at: str) -> None:
    """Raise Refused unless the key document lists this Multikey, unrevoked and valid at `signed_at` (RFC 3339)."""
    for row in document.get("verificationMethod", []):
        if row.get("publicKeyMultibase") == key:
            if "revoked" in row:
                raise Refused(f"The site revoked this key on {row['revoked']}. Ask the site for a newer record.")
            if not row.get("validFrom", "") <= signed_at <= row.get("expires", "~"):
                raise Refused("The record was not signed in the period of its key.")
            return
    raise Refused("The key document does not have the key that signed the record.")


def check(record: Mapping[str, Any]) -> Checked:
    """Return what a record proves. Raise Refused unless its signature, checkpoint and log entries are all valid."""
    key = key_of(record)
    check_proof(record, key)
    try:
        subject, log = record["credentialSubject"], record["evidence"][0]
        entries = [(row["index"], row["data"], [bytes.fromhex(one) for one in row["path"]]) for row in log["entries"]]
        head = read_checkpoint(log["checkpoint"], [key])
        events = {}
        for index, data, path in entries:
            if root_of_inclusion(leaf_hash(data.encode()), index, head.size, path) != head.root:
                raise Refused(f"Entry {index} is not in the log that the checkpoint seals.")
            event = parse(data.encode())
            events[event["event"]] = event
            if (event["article"], event["digest"]) != (subject["article"], subject["contentDigest"]):
                raise Refused(f"Entry {index} of the log is about another text.")
        approval = events.pop("approval")
        (publication,) = events.values()
        told = [(row["signedAt"], row["digest"]) for row in approval["signatories"]]
        if told != [(row["signedAt"], subject["contentDigest"]) for row in subject["signatories"]]:
            raise Refused("The log has other signatories than the record.")
        if (publication["startsAt"], approval["approvedAt"]) != (subject["publishedFrom"], subject["approvedAt"]):
            raise Refused("The log has other times than the record.")
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Refused(f"The record lacks a part, or a part has another form: {error!r}.") from error
    return Checked(
        [
            f"Proved: whoever holds the key {key} signed this record of version {subject['version']} of"
            f" {subject['id']} on {record['proof']['created']}.",
            f"Proved: its approval by {len(told)} scientists ({subject['approvedAt']}) and its publication"
            f" ({subject['publishedFrom']}) are entries of the log of {head.origin}, which had {head.size} entries"
            f" when it was sealed on {head.time}.",
        ],
        head,
    )


def check_names(subject: Mapping[str, Any], names: Sequence[Mapping[str, str]]) -> list[str]:
    """Return a line with the signatories' names. Raise Refused if a name or their number does not match the record."""
    rows = subject["signatories"]
    if len(rows) != len(names):
        raise Refused("The file of names has another number of names than the record has signatories.")
    shown = []
    for row, given in zip(rows, names, strict=True):
        if given.get("name") and name_commitment(given["salt"], given["name"]) != row["nameCommitment"]:
            raise Refused(f"“{given['name']}” is not a name that the record stands for.")
        shown.append(given.get("name") or "a name that was removed")
    return [f"Proved: the scientists are {', '.join(shown)}."]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the given files, print what is proved, and return 0, 1 (refused) or 2 (a file cannot be read)."""
    parser = argparse.ArgumentParser(description="Check the signed record of an article, offline.")
    parser.add_argument("record", type=Path, help="record.json, as the site serves it")
    parser.add_argument("--key", type=Path, help="the site's key document (/.well-known/signing-keys.json)")
    parser.add_argument("--content", type=Path, help="content.json: the exact bytes that were approved")
    parser.add_argument("--body", type=Path, help="body.html: the text as the site rendered it")
    parser.add_argument("--names", type=Path, help="names.json: the names of the scientists")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint from elsewhere, such as the editors' email")
    parser.add_argument("--consistency", type=Path, help="the site's proof between that checkpoint and the record's")
    given = parser.parse_args(arguments)
    try:
        sys.stdout.write("\n".join([*_answers(given), ""]))
    except Refused as refusal:
        sys.stdout.write(f"REFUSED: {refusal}\n")
        return REFUSED
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        missing = f"There is no file {error.filename} here." if isinstance(error, FileNotFoundError) else ""
        sys.stderr.write(f"{missing or f'A file cannot be read: {error!r}'}\n")
        return UNREADABLE
    return PROVED


def _answers(given: argparse.Namespace) -> list[str]:
    record = parse(given.record.read_bytes())
    checked = check(record)
    lines, subject, key = checked.lines, record["credentialSubject"], key_of(record)
    if given.key:
        document = json.loads(given.key.read_bytes())
        published_key(document, key, record["proof"]["created"])
        lines.append(f"Proved: {document['id']} names this key as valid at that time.")
    else:
        lines.append("Not proved: that the key is the site's. Give the site's key document with --key.")
    for path, name, what in (
        (given.content, "contentDigest", "these are the bytes that the scientists approved"),
        (given.body, "bodyDigest", "this is the text as the site rendered it"),
    ):
        if path is None:
            lines.append(f"Not checked: that {what} (--{name.removesuffix('Digest')}).")
        elif sha256(path.read_bytes()) != subject[name]:
            raise Refused(f"{path} has another digest than the record says: it is another text.")
        else:
            lines.append(f"Proved: {what} ({path}).")
    if given.names:
        lines += check_names(subject, json.loads(given.names.read_bytes()))
    if given.checkpoint:
        lines.append(_compared(given, checked.head, key))
    return [*lines, "Not proved by any record: that the text is true, and who the named people are in life."]


def _compared(given: argparse.Namespace, own: Checkpoint, key: str) -> str:
    """Return a line about a checkpoint from elsewhere. Raise Refused if it belongs to another log than the record."""
    known = [key]
    if given.key:
        rows = json.loads(given.key.read_bytes())["verificationMethod"]
        known += [row["publicKeyMultibase"] for row in rows if "revoked" not in row]
    other = read_checkpoint(given.checkpoint.read_text(encoding="utf-8"), known)
    first, second = sorted((own, other), key=lambda head: head.size)
    path: list[bytes] = []
    if first.size != second.size:
        if not given.consistency:
            return f"Not proved: that the log of {second.size} entries continues that of {first.size} (--consistency)."
        path = [bytes.fromhex(one) for one in json.loads(given.consistency.read_bytes())["path"]]
    if other.origin != own.origin or not is_consistent(first.size, second.size, first.root, second.root, path):
        raise Refused("The checkpoint is of another log: the log was rewritten between the two.")
    return f"Proved: the log of {second.size} entries begins with the {first.size} that were sealed on {first.time}."


if __name__ == "__main__":
    sys.exit(main())
