"""Putting approved revisions in force and ending that: the rows of Publication, under the workflow's lock.

Nothing here looks at who acts or at the stage: articles.workflow has done so, and is the only caller.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from articles.digests import digest
from articles.exceptions import InvalidTransition
from articles.models import Approval, Article, ChangeKind, Publication, Revision
from articles.models.publications import PublicationQuerySet
from core.text import has_words


def live(article: Article) -> PublicationQuerySet:
    """The publication that readers see at this moment, as a queryset of at most one."""
    return article.publications.visible()


def shows(article: Article, revision: Revision) -> bool:
    """Whether readers see this very revision at this moment."""
    return live(article).filter(approval__revision=revision, notice="").exists()


def newest(article: Article, seen: int | None) -> Revision:
    """The newest revision; raises InvalidTransition where there is none, or where it is not the one `seen`."""
    revision = article.revisions.order_by("-number").first()
    if revision is None:
        raise InvalidTransition("Save the article once before you go on.")
    if seen is not None and seen != revision.number:
        raise InvalidTransition(
            f"{revision.created_by_name} saved revision {revision.number} after you looked at {seen}. Read it first."
        )
    return revision


def stands_as_approved(revision: Revision, approved_digest: str) -> None:
    """Compute the digest anew from the rows; raises InvalidTransition where it is not the approved one."""
    anew = digest(revision.content(), revision.citations.all(), revision.bylines.all())
    if not anew == revision.digest == approved_digest:
        raise InvalidTransition(f"{revision} is not what its digest says. Stop here and run manage.py check_integrity.")


def was_withdrawn(revision: Revision) -> bool:
    """Whether this revision was once taken off the page with a notice: then only reinstating brings it back."""
    return Publication.objects.withdrawn().filter(approval__revision=revision).exists()


@dataclass(frozen=True)
class Standing:
    """What readers see of an article now, what follows, and what they saw last where nothing is shown or follows."""

    live: Publication | None = None
    upcoming: Publication | None = None
    ended: Publication | None = None


def standing(article: Article) -> Standing:
    """How the article stands with readers at this moment, for the newsroom. One query."""
    now = timezone.now()
    # At most one is scheduled (put_in_force), and before it lies the one that started last.
    rows = list(article.publications.filter(cancelled_at=None).select_related("approval__revision")[:2])
    upcoming = rows.pop(0) if rows and rows[0].starts_at > now else None
    last = rows[0] if rows else None
    if last and (last.ends_at is None or last.ends_at > now):
        return Standing(live=last, upcoming=upcoming)
    return Standing(upcoming=upcoming, ended=None if upcoming else last)


def last_ended(article: Article) -> Publication | None:
    """Return the publication that readers saw last, where it was withdrawn or has expired and nothing follows it."""
    return standing(article).ended


def stands_withdrawn(article: Article, revision: Revision | None) -> bool:
    """Return whether readers saw this revision last and now find a notice in its place."""
    last = last_ended(article)
    return bool(last and last.notice and last.approval.revision == revision)


def put_in_force(
    article: Article,
    actor: User,
    at: datetime,
    until: datetime | None,
    seen: int | None,
    change_note: str,
    kind: ChangeKind | None,
) -> Publication:
    """Open a publication of the approval of the newest revision, and end the one before at its start.

    Raises InvalidTransition where that may not be, or where readers are not told why an article comes back.
    """
    revision = newest(article, seen)
    approval = article.approval_of_working_copy()
    if approval is None:
        raise InvalidTransition("The newest revision has not been approved.")
    stands_as_approved(revision, approval.digest)
    if was_withdrawn(revision):
        raise InvalidTransition("This revision was withdrawn. Reinstate it, and say why.")
    if article.publications.upcoming().exists():
        raise InvalidTransition("Another version is scheduled already. Call that off first.")
    if not has_words(change_note) and last_ended(article):
        raise InvalidTransition("This article was taken off the page. Say to readers why it is back and what changed.")
    if until is not None and until <= at:
        raise InvalidTransition("It would end before it starts.")
    first = not article.publications.filter(cancelled_at=None).exists()
    before = live(article).first()
    if before and (before.ends_at is None or before.ends_at > at):
        at = end(before, at)
    kind = kind or (ChangeKind.FIRST if first else ChangeKind.UPDATE)
    return open_publication(article, approval, actor, at, until, kind, change_note)


def open_publication(
    article: Article,
    approval: Approval,
    actor: User,
    at: datetime,
    until: datetime | None,
    kind: ChangeKind,
    change_note: str,
) -> Publication:
    """The row; the database refuses it where the approval is not of this article or lacks its quorum."""
    return Publication.objects.create(
        article=article,
        approval=approval,
        starts_at=at,
        ends_at=until,
        expires_at=until,
        kind=kind,
        change_note=change_note,
        published_by=actor,
        published_by_name=str(actor),
        created_at=timezone.now(),
    )


def end(publication: Publication, at: datetime, notice: str = "") -> datetime:
    """End it, at the earliest one microsecond after its start; returns when it ended."""
    at = max(at, publication.starts_at + timedelta(microseconds=1))
    if not Publication.objects.filter(pk=publication.pk, ends_at=publication.ends_at, notice="").update(
        ends_at=at, notice=notice
    ):
        raise InvalidTransition("Somebody else was faster: what was live has just been ended.")
    publication.ends_at, publication.notice = at, notice
    return at


def cancel(upcoming: Publication) -> None:
    """Call off a publication before its start, and give the one before it its own end back."""
    upcoming.cancelled_at = min(timezone.now(), upcoming.starts_at)
    upcoming.save(update_fields=["cancelled_at"])
    for before in live(upcoming.article).filter(ends_at=upcoming.starts_at):
        before.ends_at = before.expires_at
        before.save(update_fields=["ends_at"])
