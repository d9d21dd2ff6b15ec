"""The Merkle tree of RFC 6962, written slowly from the definitions of section 2.1, to hold audit.merkle against."""

import hashlib


def largest_split(size: int) -> int:
    """Return the largest power of two below `size`."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    """Return the Merkle Tree Hash of these leaves (2.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = largest_split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:split]) + mth(leaves[split:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Return the audit path of a leaf (2.1.1)."""
    if len(leaves) == 1:
        return []
    split = largest_split(len(leaves))
    if index < split:
        return [*path(index, leaves[:split]), mth(leaves[split:])]
    return [*path(index - split, leaves[split:]), mth(leaves[:split])]


def proof(first: int, leaves: list[bytes], is_whole: bool = True) -> list[bytes]:
    """Return the consistency proof from the first `first` leaves to all (2.1.2, PROOF and SUBPROOF)."""
    if first == len(leaves):
        return [] if is_whole else [mth(leaves)]
    split = largest_split(len(leaves))
    if first <= split:
        return [*proof(first, leaves[:split], is_whole), mth(leaves[split:])]
    return [*proof(first - split, leaves[split:], False), mth(leaves[:split])]
