"""Checks of what people read: revisions with their citations and bylines, stored renderings, and preview links."""

from collections.abc import Iterator
from datetime import timedelta

from articles.digests import digest
from articles.models import Revision
from articles.preview_links import MOST_DAYS
from articles.rendering import RENDERER, numbers_and_tips, render
from audit.integrity.board import Board
from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord, rows_of


def faults_of(record: ArticleRecord, board: Board) -> Iterator[Fault]:
    """Yield a fault for each revision of an article that is missing, out of order or different from its digest.

    Also yield one for each citation, byline, portrait or rendering that does not belong to its revision, for each
    preview link that lasts too long, and for each entry of the log whose revision is gone.
    """
    before: Revision | None = None
    for place, revision in enumerate(record.revisions, 1):
        if revision.number != place and (before is None or revision.number != before.number + 1):
            missing = before.number + 1 if before else 1
            yield Fault(record.place, f"has no revision {missing}")
        if before is not None and revision.created_at < before.created_at:
            yield Fault(record.place, f"revision {revision.number} was saved before revision {before.number}")
        yield from _faults_of_text(record.place, revision, board)
        yield from _faults_of_rendering(record.place, revision)
        for link in rows_of(revision, "preview_links"):
            if link.expires_at > link.created_at + timedelta(days=MOST_DAYS):
                yield Fault(record.place, f"the preview of revision {revision.number} lasts longer than 90 days")
        before = revision
    if record.revisions and record.revisions[0].created_by_id != record.article.created_by_id:
        yield Fault(record.place, "revision 1 was not saved by who began the article")
    for transition in record.log:
        if transition.revision_id and transition.revision_id not in record.revisions_by_key:
            yield Fault(record.place, f"the log has an entry “{transition.verb}” for a revision that is gone")


def _faults_of_text(place: str, revision: Revision, board: Board) -> Iterator[Fault]:
    citations, bylines = rows_of(revision, "citations"), rows_of(revision, "bylines")
    if digest(revision.content(), citations, bylines) != revision.digest:
        yield Fault(place, f"revision {revision.number} does not match its digest")
    for citation in citations:
        source = getattr(citation, "source_key")  # noqa: B009 (annotated by audit.records)
        if citation.key != source:
            yield Fault(place, f"revision {revision.number} cites {citation.key} and leads to the source {source}")
    for byline in bylines:
        if byline.account_id not in board.accounts[byline.author_id]:
            yield Fault(place, f"the byline of {byline} names another account than its author's")
        known = board.portraits[byline.author_id]
        if byline.photo and byline.photo.name not in known and byline.author_id not in board.erased_authors:
            yield Fault(place, f"the portrait of {byline} on the byline was never theirs")


def _faults_of_rendering(place: str, revision: Revision) -> Iterator[Fault]:
    """Yield a fault if the stored rendering differs from a new rendering of the revision.

    A rendering that is missing or was made by another version of the renderer is not checked: readers get a new one.
    """
    kept = getattr(revision, "rendering", None)
    if kept is None or kept.renderer != RENDERER:
        return
    anew = render(revision.body, revision.safety_note, *numbers_and_tips(rows_of(revision, "citations")))
    if any(getattr(kept, name) != value for name, value in vars(anew).items()):
        yield Fault(place, f"the stored rendering of revision {revision.number} does not match its content")
