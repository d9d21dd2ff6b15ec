"""Start and end publications. The functions that write are called by articles.workflow, which holds the article's lock.

This module checks neither the actor nor the stage: the workflow has done so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.digests import digest
from articles.exceptions import InvalidTransition
from articles.models import Approval, Article, ChangeKind, Publication, Revision
from articles.models.publications import PublicationQuerySet
from core.text import has_words


def live(article: Article) -> PublicationQuerySet:
    """Return a queryset with the publication that readers see at this moment, if there is one."""
    return article.publications.visible()


def shows(article: Article, revision: Revision) -> bool:
    """Return whether readers see this revision at this moment."""
    return live(article).filter(approval__revision=revision, notice="").exists()


def newest(article: Article, seen: int | None) -> Revision:
    """Return the newest revision. Raise InvalidTransition if there is none, or if `seen` is another number."""
    revision = article.revisions.order_by("-number").first()
    if revision is None:
        raise InvalidTransition(_("Save the article once before you go on."))
    if seen is not None and seen != revision.number:
        params = {"name": revision.created_by_shown, "number": revision.number, "seen": seen}
        message = _("%(name)s saved revision %(number)s after you looked at %(seen)s. Read it first.")
        raise InvalidTransition(message % params)
    return revision


def stands_as_approved(revision: Revision, approved_digest: str) -> None:
    """Compute the revision's digest again from the rows. Raise InvalidTransition if it is not the approved one."""
    anew = digest(revision.content(), revision.citations.all(), revision.bylines.all())
    if not anew == revision.digest == approved_digest:
        message = _("%(revision)s does not match its digest. Stop here and run manage.py check_integrity.")
        raise InvalidTransition(message % {"revision": revision})


def was_withdrawn(revision: Revision) -> bool:
    """Return whether this revision was once withdrawn with a notice. Such a revision can only be reinstated."""
    return Publication.objects.withdrawn().filter(approval__revision=revision).exists()


@dataclass(frozen=True)
class Standing:
    """The publication that readers see now, the next one, and the last one if nothing is shown or scheduled."""

    live: Publication | None = None
    upcoming: Publication | None = None
    ended: Publication | None = None


def standing(article: Article) -> Standing:
    """Return the article's live, scheduled and last publication at this moment (see Standing). Makes one query."""
    now = timezone.now()
    # At most one is scheduled (put_in_force), so the one that started last is among the first two.
    rows = list(article.publications.filter(cancelled_at=None).select_related("approval__revision")[:2])
    upcoming = rows.pop(0) if rows and rows[0].is_ahead(now) else None
    last = rows[0] if rows else None
    if last and not last.is_over(now):
        return Standing(live=last, upcoming=upcoming)
    return Standing(upcoming=upcoming, ended=None if upcoming else last)


def last_ended(article: Article) -> Publication | None:
    """Return the publication that readers saw last, if it was withdrawn or has expired and none is scheduled."""
    return standing(article).ended


def stands_withdrawn(article: Article, revision: Revision | None) -> bool:
    """Return whether this revision is the one that readers saw last, and a withdrawal notice has replaced it."""
    last = last_ended(article)
    return bool(last and last.notice and last.approval.revision == revision)


def put_in_force(
    article: Article,
    actor: User,
    now: datetime,
    at: datetime,
    until: datetime | None,
    seen: int | None,
    change_note: str,
    kind: ChangeKind | None,
) -> Publication:
    """Create and return a publication of the newest revision, and end the live publication at its start.

    `now` (`moment_of`), the start `at` and the end `until` are aware times; `seen` is the number of the revision
    that the actor looked at. Raise InvalidTransition if the newest revision is not `seen`, not approved or was
    withdrawn, if another one is scheduled, if `until` is not after `at`, or if an article that was withdrawn or has
    expired comes back without a `change_note` for readers.
    """
    revision = newest(article, seen)
    approval = article.approval_of_working_copy()
    if approval is None:
        raise InvalidTransition(_("The newest revision has not been approved."))
    stands_as_approved(revision, approval.digest)
    if was_withdrawn(revision):
        raise InvalidTransition(_("This revision was withdrawn. Reinstate it, and say why."))
    if article.publications.upcoming().exists():
        raise InvalidTransition(_("Another version is scheduled already. Call that off first."))
    if not has_words(change_note) and last_ended(article):
        message = _("This article was taken off the page. Tell readers why it is back and what changed.")
        raise InvalidTransition(message)
    if until is not None and until <= at:
        raise InvalidTransition(_("“Take off the page at” has to be later than the start of the publication."))
    first = not article.publications.filter(cancelled_at=None).exists()
    before = live(article).first()
    if before and (before.ends_at is None or before.ends_at > at):
        at = end(before, at)
    kind = kind or (ChangeKind.FIRST if first else ChangeKind.UPDATE)
    return open_publication(article, approval, actor, now, at, until, kind, change_note)


def open_publication(
    article: Article,
    approval: Approval,
    actor: User,
    now: datetime,
    at: datetime,
    until: datetime | None,
    kind: ChangeKind,
    change_note: str,
) -> Publication:
    """Store and return a publication that starts at `at` and, if given, ends at `until`.

    `now` is the time of the action. All three are aware. The database refuses an approval of another article or without
    a quorum.
    """
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
        created_at=now,
        published_as=article.slug,
    )


def end(publication: Publication, at: datetime, notice: str = "") -> datetime:
    """End a publication at `at`, or 1 µs after its start if that is later, and return the time of the end.

    With a `notice`, the end is a withdrawal, which counts as past even if the clock is set back. Raise
    InvalidTransition if somebody else has ended it in the meantime.
    """
    at = max(at, publication.starts_at + timedelta(microseconds=1))
    past = {"has_started": True, "has_ended": True} if notice else {}
    if not Publication.objects.filter(pk=publication.pk, ends_at=publication.ends_at, notice="").update(
        ends_at=at, notice=notice, **past
    ):
        message = _(
            "Somebody else has just ended or withdrawn the live version. Reload the page, and look at it again."
        )
        raise InvalidTransition(message)
    publication.ends_at, publication.notice = at, notice
    return at


def cancel(upcoming: Publication, at: datetime) -> None:
    """Cancel a publication at the time `at`, before its start, and restore the planned end of the live publication."""
    upcoming.cancelled_at = min(at, upcoming.starts_at)
    upcoming.save(update_fields=["cancelled_at"])
    for before in live(upcoming.article).filter(ends_at=upcoming.starts_at):
        before.ends_at = before.expires_at
        before.save(update_fields=["ends_at"])
