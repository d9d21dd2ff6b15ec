"""The sealed log: append an event, and read roots and proofs (audit.merkle).

The number of rows that are read grows with the logarithm of the size of the log.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Max

from articles.models import Approval, Publication, Transition
from audit import merkle
from audit.merkle import Range, Subtree
from audit.models import Leaf
from audit.verify import canonical_json, leaf_hash

_LOCK = 6962_9162  # of PostgreSQL's advisory locks; any number that nothing else uses
_HEX = 64


def append(
    event: str,
    data: dict[str, object],
    *,
    transition: Transition | None = None,
    approval: Approval | None = None,
    publication: Publication | None = None,
) -> Leaf:
    """Append an event to the log in the caller's transaction, and return its leaf.

    `data` (audit.leaves.data_of) is written as canonical JSON. `transition`, `approval` and `publication` are the rows
    that the event is about. Raise ValueError for data that canonical JSON cannot represent.

    The log stays locked until the transaction ends, because the next leaf has the next position. A transaction that
    changes several articles therefore has to lock all of them before its first event; otherwise two could deadlock.
    """
    text = canonical_json(data)
    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite lets one writer in at a time
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        position = size()
        known = _hashes(merkle.left_of(position))
        made = merkle.completed(position, leaf_hash(text), known.__getitem__)
        return Leaf.objects.create(
            position=position,
            event=event,
            data=text.decode(),
            hashes="".join(hash_.hex() for hash_ in made),
            transition=transition,
            approval=approval,
            publication=publication,
        )


def size() -> int:
    """Return the number of leaves in the log."""
    last = Leaf.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def root(of: int) -> bytes:
    """Return the root hash (32 bytes) of the tree of the first `of` leaves."""
    return _nodes([(0, of)])[0]


def inclusion(position: int, of: int) -> list[bytes]:
    """Return the audit path of a leaf in the tree of the first `of` leaves: hashes, the lowest first (RFC 6962)."""
    return _nodes(merkle.inclusion(position, of))


def consistency(first: int, second: int) -> list[bytes]:
    """Return the hashes that prove that the tree of `second` leaves begins with that of `first` (RFC 6962)."""
    return _nodes(merkle.consistency(first, second))


def frontier() -> list[bytes]:
    """Return the hashes of the perfect subtrees that make up the whole log, the largest first. Make two queries."""
    parts = merkle.subtrees((0, size()))
    known = _hashes(parts)
    return [known[subtree] for subtree in parts]


def _nodes(ranges: Sequence[Range]) -> list[bytes]:
    """Return the hashes of these nodes of the tree. Make one query."""
    parts = [merkle.subtrees(one) for one in ranges]
    known = _hashes([subtree for part in parts for subtree in part])
    return [merkle.folded([known[subtree] for subtree in part]) for part in parts]


def _hashes(subtrees: Iterable[Subtree]) -> dict[Subtree, bytes]:
    """Return the stored hashes of these perfect subtrees. Make one query, or none for no subtree."""
    rows = {subtree: merkle.row_of(subtree) for subtree in subtrees}
    stored = (
        dict(Leaf.objects.filter(position__in=set(rows.values())).values_list("position", "hashes")) if rows else {}
    )
    return {
        (level, place): bytes.fromhex(stored[row][level * _HEX : (level + 1) * _HEX])
        for (level, place), row in rows.items()
    }
