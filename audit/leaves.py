"""The data of an event in the sealed log: digests and times, and no names of people.

They are derived from rows that never change, so `check_integrity` can derive them again and compare. Times are in UTC
(RFC 3339) with microseconds.
"""

from datetime import UTC, datetime

from django.db.models import Model
from django.urls import reverse

from advisors.quorum.given import committed
from articles.models import Approval, Article, ChangeKind, Publication, Transition
from audit.models import PUBLISHING, Event
from audit.verify import sha256

__all__ = ["EVENTS", "data_of", "event_of", "rows_of", "time_text"]

VERSION = 1
# The actions of the workflow that the log has a leaf for, with the event that it says.
EVENTS = {
    "approve": Event.APPROVAL,
    "publish": Event.PUBLICATION,
    "schedule": Event.SCHEDULING,
    "reinstate": Event.REINSTATEMENT,
    "unschedule": Event.CALLING_OFF,
    "withdraw": Event.WITHDRAWAL,
    "correct_notice": Event.NOTICE_CORRECTION,
}
_WORDS = ("before", "words")


def time_text(moment: datetime) -> str:
    """Return an aware time as text in UTC, such as 2026-11-29T19:30:00.000000Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def rows_of(transition: Transition) -> tuple[Approval | None, Publication | None]:
    """Return the approval or the publication that a new entry in an article's log is about, and None for the other."""
    own = {"approval__revision": transition.revision_id}
    publications = transition.article.publications.filter(**own).select_related("approval__revision")
    if transition.verb == "approve":
        return Approval.objects.filter(revision=transition.revision_id).first(), None
    if transition.verb == "unschedule":
        return None, publications.exclude(cancelled_at=None).order_by("-cancelled_at", "-pk").first()
    if transition.verb == "correct_notice":
        return None, publications.filter(notice_corrections__corrected_at=transition.at).first()
    if transition.verb == "withdraw":
        return None, publications.exclude(notice="").order_by("-ends_at", "-pk").first()
    return None, publications.order_by("-pk").first()


def event_of(verb: str, publication: Publication | None) -> Event:
    """Return the event that the log has for an action of the workflow. Publishing a correction has its own event.

    Raise KeyError for an action that is not logged (EVENTS).
    """
    event = EVENTS[verb]
    is_correction = publication is not None and publication.kind == ChangeKind.CORRECTION
    return Event.CORRECTION if is_correction and event in (Event.PUBLICATION, Event.SCHEDULING) else event


def data_of(
    event: str,
    article: Article,
    *,
    at: datetime,
    address: str = "",
    approval: Approval | None = None,
    publication: Publication | None = None,
) -> dict[str, object]:
    """Return the data of the leaf for an event, which `log.append` writes as JSON.

    `at` is the aware time of the event, and `address` the path of the article's page at that time, by default its
    present path. Either `approval` or `publication` has to be given, whichever the event is about.
    """
    settled = publication.approval if publication else approval
    assert settled is not None, "A leaf is about an approval or a publication."
    found: dict[str, object] = {
        "version": VERSION,
        "event": str(event),
        "at": time_text(at),
        "article": article.pk,
        "address": address or reverse("website:article", args=[article.slug]),
        "revision": settled.revision.number,
        "digest": settled.revision.digest,
        "approval": settled.pk,
    }
    if approval is not None:
        return {**found, **_approved(approval)}
    assert publication is not None
    found |= {"publication": publication.pk, "startsAt": time_text(publication.starts_at)}
    if event in PUBLISHING:
        found |= {
            "kind": publication.kind,
            "expiresAt": time_text(publication.expires_at) if publication.expires_at else None,
            "note": sha256(publication.change_note.encode()) if publication.change_note else None,
        }
    if event == Event.NOTICE_CORRECTION:
        correction = publication.notice_corrections.get(corrected_at=at)
        found |= {"about": correction.about, **{name: sha256(getattr(correction, name).encode()) for name in _WORDS}}
    if event == Event.WITHDRAWAL:
        found["notice"] = sha256(publication.notice.encode())
        # Whatever was scheduled is called off with it (workflow.withdraw).
        off = Publication.objects.filter(article=article, cancelled_at=at, starts_at__gt=at)
        found["calledOff"] = list(off.order_by("pk").values_list("pk", flat=True))
    return found


def _approved(approval: Approval) -> dict[str, object]:
    reviews = approval.submission.reviews.all()
    if not _is_read(approval.submission, "reviews"):
        reviews = reviews.select_related("signature")
    signed = {review.signature.account_id: review.signature for review in reviews if hasattr(review, "signature")}
    return {
        "approvedAt": time_text(approval.approved_at),
        "reason": approval.submission.reason,
        "quorum": approval.submission.quorum,
        "signatories": [
            {
                "digest": signatory.digest,
                "signedAt": time_text(signatory.signed_at),
                "given": committed(signed[signatory.user_id]) if signatory.user_id in signed else None,
            }
            for signatory in approval.signatories.all()
        ],
    }


def _is_read(row: Model, relation: str) -> bool:
    """Return whether the rows of this relation were read already (prefetch_related)."""
    return relation in getattr(row, "_prefetched_objects_cache", {})
