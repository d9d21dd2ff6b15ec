"""Find the hashes that form the root and the proofs of a Merkle tree (RFC 6962, section 2.1). Pure.

A tree of n leaves consists of perfect subtrees. The pair `(level, place)` identifies the one that has 2^level leaves
and `place` subtrees of the same level to its left. The range `(start, end)` identifies the node of the tree that covers
the leaves start <= i < end. A proof is thus a list of ranges, and each range a list of perfect subtrees, whose hashes
the log stores (audit.log).
"""

from collections.abc import Callable, Sequence

from audit.verify import node_hash, sha256

Range = tuple[int, int]
Subtree = tuple[int, int]
EMPTY_ROOT = bytes.fromhex(sha256(b""))


def subtrees(covered: Range) -> list[Subtree]:
    """Return the perfect subtrees that make up the node with this range, the largest first."""
    start, end = covered
    found = []
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def folded(hashes: Sequence[bytes]) -> bytes:
    """Return the hash of a node from the hashes of its perfect subtrees, given the largest first.

    Return EMPTY_ROOT if there are none.
    """
    if not hashes:
        return EMPTY_ROOT
    found = hashes[-1]
    for hash_ in reversed(hashes[:-1]):
        found = node_hash(hash_, found)
    return found


def row_of(subtree: Subtree) -> int:
    """Return the index of the last leaf of a perfect subtree. The subtree's hash is stored with that leaf."""
    level, place = subtree
    return ((place + 1) << level) - 1


def completed(index: int, leaf: bytes, hash_of: Callable[[Subtree], bytes]) -> list[bytes]:
    """Return the hashes of the perfect subtrees that the leaf `index` completes, the smallest first.

    The first is `leaf`, the hash of the leaf itself. `hash_of` has to return the stored hash of each subtree in
    `left_of(index)`.
    """
    found = [leaf]
    for subtree in left_of(index):
        found.append(node_hash(hash_of(subtree), found[-1]))
    return found


def left_of(index: int) -> list[Subtree]:
    """Return the perfect subtrees that become part of larger ones once the leaf `index` is added, smallest first."""
    found, level = [], 0
    while index >> level & 1:
        found.append((level, (index >> level) - 1))
        level += 1
    return found


def grown(frontier: Sequence[bytes], index: int, leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the hashes of the tree's perfect subtrees once the leaf `index` is added, and those that it completes.

    The first are ordered from the largest subtree to the smallest, the others from the smallest. `frontier` holds the
    first before the leaf is added, and `leaf` is its hash.
    """
    lefts = left_of(index)
    kept = len(frontier) - len(lefts)
    known = dict(zip(lefts, reversed(frontier[kept:]), strict=True))
    made = completed(index, leaf, known.__getitem__)
    return [*frontier[:kept], made[-1]], made


def inclusion(index: int, size: int) -> list[Range]:
    """Return the nodes of the audit path of the leaf `index` in a tree of `size` leaves, the lowest first.

    This is the order of RFC 6962, section 2.1.1.
    """
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency(first: int, second: int) -> list[Range]:
    """Return the nodes that prove that a tree of `second` leaves begins with one of `first` leaves (RFC 6962, 2.1.2).

    Return an empty list unless 0 < first < second.
    """
    if not 0 < first < second:
        return []
    start, end, found = 0, second, []
    while first < end:
        middle = start + _split(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if start:  # otherwise the smaller tree is perfect, and its root is known to whoever checks
        found.append((start, end))
    return found[::-1]


def _split(size: int) -> int:
    """Return the largest power of two below `size`, which is 2 or more."""
    return 1 << ((size - 1).bit_length() - 1)
