"""Signed records: a Verifiable Credential (VC Data Model 2.0) for each version that readers saw, sealed in the log.

The record has digests, times, and a salted hash for the name of each signatory. It contains neither a text nor a name,
so it stays valid and public when a text is withdrawn or a name is erased. Text and names are in separate files.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from articles import drafting
from articles.digests import canonical
from articles.models import Publication, Rendering, Revision, Signatory
from articles.rendering import RENDERER
from audit import keys, log, seals
from audit.keys import Signer, to_base58
from audit.leaves import time_text
from audit.models import PUBLISHING, Event, Leaf, Seal, SignedRecord
from audit.verify import SUITE, canonical_json, proof_input, sha256

# Terms that the first context lacks are of this project alone; no meaning beyond docs/explanation/signed-records.md.
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"]


def issuer() -> str:
    """Return the absolute URL of the site's key document, which is the issuer of its records."""
    return f"{settings.SITE_URL}{reverse('audit:keys')}"


def content_of(revision: Revision) -> bytes:
    """Return the exact bytes whose SHA-256 is the digest of a revision."""
    return canonical(revision.content(), revision.citations.all(), revision.bylines.all())


def body_of(rendering: Rendering) -> bytes:
    """Return the rendered body of a revision, and its safety note if there is one, as HTML in UTF-8."""
    return "\n".join(filter(None, (rendering.body, rendering.safety_note))).encode()


def valid() -> QuerySet[SignedRecord]:
    """Return the records that were signed with a key that is not revoked."""
    return SignedRecord.objects.filter(seal__signing_key__revoked_at=None)


def missing(now: datetime) -> QuerySet[Publication]:
    """Return the publications that began by the aware time `now` and have no valid record of this renderer.

    They are sorted by start.
    """
    there = valid().filter(publication=OuterRef("pk"), renderer=RENDERER)
    rows = Publication.objects.begun(now).filter(~Exists(there)).order_by("starts_at", "pk")
    return rows.select_related("article", "approval__submission", "approval__revision__rendering")


def sign_missing(now: datetime | None = None) -> int:
    """Seal the log, sign the missing records as of the aware time `now`, and return how many were signed.

    Raise NoKey if there is no key to sign with, and OSError if the file of the seal cannot be written.
    """
    at = now or timezone.now()
    by, newest = keys.signer(), seals.seal(at)
    if newest is None:
        return 0
    count = 0
    for publication in missing(at).iterator(chunk_size=200):
        count += sign(publication, by, newest, at) is not None
    return count


def sign(publication: Publication, by: Signer, newest: Seal, at: datetime) -> SignedRecord | None:
    """Sign and store the record of a publication as of the aware time `at`, and return it.

    `newest` is the newest seal of the log. Return None, without signing, if the seal does not cover the events of the
    publication. Events that the log lacks are reported by check_integrity.
    """
    revision = publication.approval.revision
    approval = Leaf.objects.filter(event=Event.APPROVAL, approval=publication.approval_id)
    started = Leaf.objects.filter(event__in=PUBLISHING, publication=publication)
    entries = [found.first() for found in (approval, started)]
    rendering = getattr(revision, "rendering", None)
    if rendering is None or rendering.renderer != RENDERER:
        drafting.keep_rendering(revision)
        rendering = Rendering.objects.get(pk=revision.pk)
    if not all(entry and entry.position < newest.size for entry in entries):
        return None
    signatories = list(publication.approval.signatories.all())
    number = _number(publication, at)
    document: dict[str, object] = {
        "@context": CONTEXT,
        "type": ["VerifiableCredential", "PublishedVersion"],
        "id": _address("audit:record", publication, number),
        "issuer": issuer(),
        "validFrom": time_text(publication.starts_at),
        "credentialSubject": {
            "id": _address("website:version", publication, number),
            "article": publication.article_id,
            "version": number,
            "revision": revision.number,
            "contentDigest": revision.digest,
            "bodyDigest": sha256(body_of(rendering)),
            "approvedAt": time_text(publication.approval.approved_at),
            "publishedFrom": time_text(publication.starts_at),
            "quorum": publication.approval.submission.quorum,
            "signatories": [_signed(signatory) for signatory in signatories],
        },
        "evidence": [{"type": "SealedLog", "checkpoint": newest.note, "entries": _entries(entries, newest)}],
    }
    data = canonical_json(secured(document, by, at)).decode()
    return SignedRecord.objects.create(
        publication=publication, number=number, renderer=RENDERER, seal=newest, data=data, made_at=at
    )


def secured(document: dict[str, object], by: Signer, at: datetime) -> dict[str, object]:
    """Return the document with an eddsa-jcs-2022 proof, signed by `by` at the aware time `at`.

    See Data Integrity EdDSA Cryptosuites v1.0, section 3.3.
    """
    proof = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": time_text(at),
        "verificationMethod": f"{document['issuer']}#{by.row.public_key}",
        "proofPurpose": "assertionMethod",
    }
    return {**document, "proof": {**proof, "proofValue": to_base58(by.sign(proof_input(document, proof)))}}


def names_of(record: SignedRecord) -> list[dict[str, str]]:
    """Return the `name` and `salt` of each signatory in the order of the record, to compare with the hashes in it.

    Both are empty for a name that has since been changed or erased, because it is private now.
    """
    names = [row.signed_name for row in record.publication.approval.signatories.all()]
    return [{"name": "", "salt": ""} if name.shown_as_id else {"name": name.name, "salt": name.salt} for name in names]


def _signed(signatory: Signatory) -> dict[str, str]:
    return {"nameCommitment": signatory.signed_name.commitment, "signedAt": time_text(signatory.signed_at)}


def _entries(entries: Sequence[Leaf | None], newest: Seal) -> list[dict[str, object]]:
    return [
        {
            "index": entry.position,
            "data": entry.data,
            "path": [hash_.hex() for hash_ in log.inclusion(entry.position, newest.size)],
        }
        for entry in entries
        if entry is not None
    ]


def _number(publication: Publication, at: datetime) -> int:
    """Return the number of the version on the public record of its article (website.record)."""
    own = Publication.objects.begun(at).filter(article=publication.article_id)
    earlier = Q(starts_at__lt=publication.starts_at) | Q(starts_at=publication.starts_at, pk__lte=publication.pk)
    return own.filter(earlier).count()


def _address(name: str, publication: Publication, number: int) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[publication.article.slug, number])}"
