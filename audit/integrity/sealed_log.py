"""Checks of the sealed log: every event has its leaf, every leaf its event, and every seal the root of its leaves.

Somebody who rewrites texts, digests, leaves and stored seals alike cannot make a valid seal without the signing key. If
they have the key or remove the newest seals, a seal that was kept elsewhere reveals it (`faults_against`).
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, Max, Prefetch, Q

from advisors.models import Review
from articles.models import Publication, Signatory, Transition
from audit import leaves, log, merkle
from audit.integrity.faults import Fault
from audit.models import PUBLISHING, Event, Leaf, Seal
from audit.seals import head_of, origin
from audit.verify import Refused, canonical_json, leaf_hash, read_checkpoint

_PLACE = "sealed log"
_ROWS = ("transition", "publication__article", "publication__approval__revision")
_APPROVED = ("approval__submission", "approval__revision__article")
# What a leaf is derived from (audit.leaves), without the texts, which are long.
_READ = (
    *("position", "event", "data", "hashes", "transition", "transition__verb", "transition__at", "transition__article"),
    *(f"publication__{name.attname}" for name in Publication._meta.concrete_fields),
    *(
        "publication__article__slug",
        "publication__approval__revision__number",
        "publication__approval__revision__digest",
    ),
    *("approval__approved_at", "approval__submission__reason", "approval__submission__quorum"),
    *("approval__revision__number", "approval__revision__digest", "approval__revision__article__slug"),
)
_SIGNED = ("submission", "signature__account", "signature__salt", "signature__given_digest")


def faults() -> Iterator[Fault]:
    """Yield a fault for each leaf that is missing, has wrong hashes or differs from the rows that it is about.

    Also yield one for each seal with a wrong root or signature, and for each event without a leaf.
    """
    yield from _faults_of_leaves()
    yield from _missing_leaves()


def faults_against(note: str, public_keys: Iterable[str] = ()) -> Iterator[Fault]:
    """Yield a fault if the log does not begin with the entries that `note`, an earlier signed checkpoint, sealed.

    The checkpoint is verified with the site's own keys or, better, with `public_keys` (Multikeys) that were kept
    elsewhere, because whoever can write to the database can also put another key there. Yield a fault if it is invalid.
    """
    try:
        head = read_checkpoint(note, public_keys) if public_keys else head_of(note)
    except Refused as refusal:
        yield Fault(_PLACE, f"the given head cannot be relied on: {refusal}")
        return
    have = log.size()
    if head.origin != origin():
        yield Fault(_PLACE, f"the given head is of the log {head.origin}, and this is {origin()}")
    elif head.size > have:
        yield Fault(_PLACE, f"has {have} entries, and had {head.size} on {head.time}")
    elif _root_anew(head.size) != head.root:
        yield Fault(_PLACE, f"its first {head.size} entries are not those that were sealed on {head.time}")


def _root_anew(size: int) -> bytes:
    """Return the root of the first `size` leaves, computed from their data and not from their stored hashes."""
    frontier: list[bytes] = []
    rows = Leaf.objects.filter(position__lt=size).order_by("position").values_list("data", flat=True)
    for position, data in enumerate(rows.iterator(chunk_size=2000)):
        frontier, _made = merkle.grown(frontier, position, leaf_hash(data.encode()))
    return merkle.folded(frontier)


def _faults_of_leaves() -> Iterator[Fault]:
    """Yield the faults of each leaf and of each seal, in the order of the log, with only a few rows in memory."""
    seals = Seal.objects.select_related("signing_key").order_by("size", "pk").iterator(chunk_size=200)
    due = groupby(seals, key=lambda seal: seal.size)
    size, sealed = next(due, (0, iter(())))
    frontier: list[bytes] = []
    expected = 0
    signatories = Prefetch("approval__signatories", Signatory.objects.select_related(None))
    reviews = Prefetch("approval__submission__reviews", Review.objects.select_related("signature").only(*_SIGNED))
    rows = Leaf.objects.select_related(*_ROWS, *_APPROVED).prefetch_related(signatories, reviews).only(*_READ)
    for leaf in rows.order_by("position").iterator(chunk_size=500):
        if leaf.position != expected:
            yield Fault(_PLACE, f"entry {expected} is missing")
            return
        frontier, made = merkle.grown(frontier, expected, leaf_hash(leaf.data.encode()))
        if leaf.hashes != "".join(hash_.hex() for hash_ in made):
            yield Fault(_PLACE, f"the stored hashes of entry {leaf.position} are not those of what it says")
        yield from _faults_of(leaf)
        expected += 1
        if size == expected:
            root = merkle.folded(frontier)
            for seal in sealed:
                yield from _faults_of_seal(seal, root)
            size, sealed = next(due, (0, iter(())))
    if size > expected:
        yield Fault(_PLACE, f"has {expected} entries, and a seal of {size}")


def _faults_of_seal(seal: Seal, root: bytes) -> Iterator[Fault]:
    if seal.root != root.hex():
        yield Fault(_PLACE, f"its first {seal.size} entries are not those that were sealed on {seal.sealed_at}")
    try:
        head = read_checkpoint(seal.note, [seal.signing_key.public_key])
    except Refused as refusal:
        yield Fault(_PLACE, f"the seal of {seal.size} entries does not hold: {refusal}")
        return
    if (head.size, head.root.hex(), head.time) != (seal.size, seal.root, leaves.time_text(seal.sealed_at)):
        yield Fault(_PLACE, f"the seal of {seal.size} entries says something else than its row")


def _faults_of(leaf: Leaf) -> Iterator[Fault]:
    """Yield a fault if the leaf differs from the rows that it is about."""
    place = f"{_PLACE}, entry {leaf.position}"
    publication, approval, transition = leaf.publication, leaf.approval, leaf.transition
    article = publication.article if publication else approval.revision.article if approval else None
    try:
        told = json.loads(leaf.data)
        if canonical_json(told).decode() != leaf.data or article is None:
            raise ValueError("not canonical")
        address = str(told["address"])
    except (ValueError, KeyError, TypeError):
        yield Fault(place, "cannot be read")
        return
    at: datetime | None
    if transition is not None:
        at, event = transition.at, leaves.EVENTS.get(transition.verb) and leaves.event_of(transition.verb, publication)
    else:
        at, event = publication.ends_at if publication else None, Event.END
    if leaf.event != event or at is None or (transition and transition.article_id != article.pk):
        yield Fault(place, "is about another event than the history of the article has")
        return
    try:
        anew = leaves.data_of(leaf.event, article, at=at, address=address, approval=approval, publication=publication)
    except ObjectDoesNotExist:
        yield Fault(place, "is about a row that is gone")
        return
    wrong = sorted(name for name in {*anew, *told} if anew.get(name) != told.get(name))
    if wrong:
        yield Fault(f"{place} ({article.slug})", f"says otherwise than the rows: {', '.join(wrong)}")


def _missing_leaves() -> Iterator[Fault]:
    """Yield a fault for each event without a leaf: of an article's history, of the board, and of publications."""
    acts = Transition.objects.filter(verb__in=leaves.EVENTS, leaf=None).select_related("article").order_by("pk")
    for act in acts.iterator(chunk_size=500):
        yield Fault(act.article.slug, f"the sealed log lacks the entry “{act}” of its history")
    shown = Publication.objects.filter(~Q(leaves__event__in=PUBLISHING)).select_related("article").order_by("pk")
    for publication in shown.iterator(chunk_size=500):
        yield Fault(publication.article.slug, f"the sealed log lacks the start of publication {publication.pk}")
    until = Seal.objects.aggregate(last=Max("sealed_at"))["last"]
    if until is None:
        return
    ended = Publication.objects.filter(~Q(leaves__event=Event.END), cancelled_at=None, notice="", ends_at__lte=until)
    for publication in ended.filter(ends_at=F("expires_at")).select_related("article").order_by("pk").iterator():
        yield Fault(publication.article.slug, f"the sealed log lacks the end of publication {publication.pk}")
