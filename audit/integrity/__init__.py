"""The function that runs all integrity checks: do readers see only what the board approved?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from articles.models import Approval
from audit.integrity import (
    corrections,
    guards,
    history,
    names,
    notices,
    pictures,
    profiles,
    publications,
    reviews,
    rounds,
    schema,
    sealed_log,
    terms,
    texts,
)
from audit.integrity.board import Board
from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord, batches


@dataclass
class Progress:
    """How far the check of the articles has come.

    `after` is the primary key of the last checked article. The others count the articles checked so far, their
    publications that were not cancelled, and their faults.
    """

    after: int = 0
    articles: int = 0
    publications: int = 0
    faults: int = 0


def faults(after: int = 0, told: Callable[[Progress], object] = lambda progress: None) -> Iterator[Fault]:
    """Run all checks and yield their faults: first of the database, then of the articles, then of what they share.

    Only articles with a primary key greater than `after` are checked. `told` is called with the progress after each
    batch of articles, once the faults of the batch have been yielded.
    """
    yield from guards.faults()
    yield from schema.faults()
    board, stored, progress = Board(), pictures.StoredPictures(), Progress(after)
    for batch in batches(after):
        elsewhere = _approvals_of_others(batch)
        for record in batch:
            for fault in _faults_of(record, board, stored, elsewhere):
                progress.faults += 1
                yield fault
            progress.publications += len(record.shown)
        progress.after, progress.articles = batch[-1].article.pk, progress.articles + len(batch)
        told(progress)
    yield from terms.terms_of_rounds()
    yield from names.faults()
    yield from notices.faults()
    yield from corrections.faults()
    yield from sealed_log.faults()
    yield from pictures.faults_elsewhere(stored)
    yield from profiles.faults()


def _faults_of(
    record: ArticleRecord, board: Board, stored: pictures.StoredPictures, elsewhere: dict[int, Approval]
) -> Iterator[Fault]:
    yield from texts.faults_of(record, board)
    yield from pictures.faults_of(record, stored)
    yield from rounds.faults_of(record)
    yield from reviews.faults_of(record, board)
    yield from publications.faults_of(record, board, elsewhere)
    yield from history.faults_of(record)


def _approvals_of_others(batch: list[ArticleRecord]) -> dict[int, Approval]:
    """Return by primary key the approvals that publications in this batch name and that belong to other articles.

    Makes a query only if there are such approvals, which only a forgery can create.
    """
    strange = {row.approval_id for record in batch for row in record.shown if row.approval_id not in record.approvals}
    return Approval.objects.in_bulk(strange) if strange else {}
