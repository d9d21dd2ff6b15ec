"""Replace the stored Retraction Watch notices with those in its newest CSV file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import cast

from django.db import reset_queries, transaction
from django.db.models import Field, QuerySet
from django.utils import timezone

from sources import retractions
from sources.models import NoticeOrigin, RetractionNotice, Source
from sources.retraction_watch import RetractionWatchRow

BATCH = 1000
# The prefix of the record numbers of notices of Retraction Watch that Crossref passes on (sources.register_checks).
# These notices do not come from the file.
HANDED_ON = "crossref "
_FIELDS = ["nature", "noticed_on", "notice_doi", "reason"]

Key = tuple[str, str, str]


class TooMuchGone(Exception):
    """Raised when so many of the known rows are missing from a file that it is probably incomplete."""


@dataclass
class ImportResult:
    """The outcome of an import: numbers of rows, and the sources whose state has changed (`changes`).

    `rows` counts the rows of the file, and `unusable` those that were repeated or could not be used. `added`, `changed`
    and `removed` count the stored notices.
    """

    rows: int = 0
    unusable: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    changes: tuple[retractions.StateChange, ...] = ()


def store(
    entries: Iterable[RetractionWatchRow | None], *, dry_run: bool = False, allow_fewer: bool = False
) -> ImportResult:
    """Store new and changed rows, delete missing ones, update their sources, and return the result.

    Everything is one transaction. A row is identified by its record number and its work; of several rows with the same
    ones, the first is used. `dry_run` rolls everything back. Raise TooMuchGone if more than 20 rows and more than a
    tenth of the known rows are missing, unless `allow_fewer`. Exceptions from iterating over `entries` propagate. After
    any exception nothing is stored.
    """
    with transaction.atomic():
        outcome = _store(entries, allow_fewer)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _store(entries: Iterable[RetractionWatchRow | None], allow_fewer: bool) -> ImportResult:
    outcome, affected, now = ImportResult(), _AffectedWorks(), timezone.now()
    known = _known()
    before, seen = len(known), set()
    new: list[RetractionNotice] = []
    changed: list[RetractionNotice] = []
    for entry in entries:
        outcome.rows += 1
        if entry is None:
            outcome.unusable += 1
            continue
        key, values = (entry.record, entry.doi, entry.pmid), _fingerprint(entry, now)
        if key in seen:
            outcome.unusable += 1
            continue
        seen.add(key)
        pk, stored = known.pop(key, (None, b""))
        if stored == values:
            continue
        affected.add(entry.doi, entry.pmid)
        row = _row(entry, now)
        if pk is None:
            new.append(row)
            outcome.added += 1
        else:
            row.pk = pk
            changed.append(row)
            outcome.changed += 1
        if len(new) + len(changed) >= BATCH:
            _write(new, changed)
    _write(new, changed)
    outcome.removed = len(known)
    if outcome.removed > max(20, before // 10) and not allow_fewer:
        raise TooMuchGone(f"{outcome.removed} of {before} known rows are missing from this file. It may be incomplete.")
    for _, doi, pmid in known:
        affected.add(doi, pmid)
    gone = [pk for pk, _ in known.values()]
    for start in range(0, len(gone), BATCH):
        RetractionNotice.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    outcome.changes = tuple(retractions.refresh(affected.sources()))
    return outcome


class _AffectedWorks:
    """The works with a new, changed or deleted notice."""

    def __init__(self) -> None:
        self.dois: set[str] = set()
        self.pmids: set[str] = set()

    def add(self, doi: str, pmid: str) -> None:
        self.dois.add(doi)
        self.pmids.add(pmid)

    def sources(self) -> list[Source]:
        """Return the sources in the library that are these works.

        Makes one query for all, because the library is small compared with the file.
        """
        self.dois.discard("")
        self.pmids.discard("")
        if not self.dois and not self.pmids:
            return []
        rows = Source.objects.only("pk", "doi", "pmid").iterator()
        return [source for source in rows if source.doi in self.dois or source.pmid in self.pmids]


def _own() -> QuerySet[RetractionNotice]:
    """Return the notices that come from the file."""
    return RetractionNotice.objects.filter(said_by=NoticeOrigin.RETRACTION_WATCH).exclude(record__startswith=HANDED_ON)


def _known() -> dict[Key, tuple[int, bytes]]:
    """Return the stored rows by key, each with its primary key and a fingerprint of its values."""
    rows = _own().order_by().values_list("pk", "record", "doi", "pmid", *_FIELDS)
    return {(record, doi, pmid): (pk, _hashed(rest)) for pk, record, doi, pmid, *rest in rows.iterator(2000)}


def _fingerprint(entry: RetractionWatchRow, now: datetime) -> bytes:
    row = _row(entry, now)
    for name in ("notice_doi", "reason"):  # these fields clean their values on saving
        cast(Field, RetractionNotice._meta.get_field(name)).pre_save(row, True)
    return _hashed([getattr(row, name) for name in _FIELDS])


def _hashed(values: Iterable[object]) -> bytes:
    return blake2b("\x1f".join(map(str, values)).encode(), digest_size=16).digest()


def _row(entry: RetractionWatchRow, now: datetime) -> RetractionNotice:
    return RetractionNotice(
        said_by=NoticeOrigin.RETRACTION_WATCH,
        record=entry.record,
        nature=entry.nature,
        noticed_on=entry.noticed_on,
        doi=entry.doi,
        pmid=entry.pmid,
        notice_doi=entry.notice_doi,
        reason=entry.reason,
        recorded_at=now,
    )


def _write(new: list[RetractionNotice], changed: list[RetractionNotice]) -> None:
    """Store the rows of both lists in the database, then empty the lists."""
    if new:
        RetractionNotice.objects.bulk_create(new)
    if changed:
        RetractionNotice.objects.bulk_update(changed, _FIELDS, batch_size=200)
    new.clear()
    changed.clear()
    reset_queries()  # with DEBUG, Django would collect the SQL of every query
