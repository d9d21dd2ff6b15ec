"""Ask Crossref and PubMed for notices about the sources in the library.

Answers are stored batch by batch, and the sources whose last request is oldest come first, so that an interrupted run
continues where it stopped. A failure is recorded and does not change the known notices.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from core.outgoing import client
from core.outgoing.pacing import Pace
from sources import retractions
from sources.lookups import LookupFailed, crossref, pubmed
from sources.lookups.requests import Fetch, RegisterBusy, RegisterNotice
from sources.models import NoticeOrigin, RegisterAnswer, RetractionNotice, Source, SourceLookup

TRIES = 3
LONGEST_WAIT = 120  # in seconds; the batch of a registry that asks for a longer pause fails
FAILED_BATCHES = 3  # after this many failed batches in a row, the registry is not asked again in this run
FIRST_PAUSE = 2.0


class RegisterModule(Protocol):
    """The interface of the modules in sources.lookups that ask a registry about works by DOI or PMID."""

    def batches(self, numbers: Sequence[str], /) -> Iterator[list[str]]: ...

    def notices(self, numbers: Sequence[str], fetch: Fetch, /) -> dict[str, list[RegisterNotice]]: ...


@dataclass(frozen=True)
class Register:
    """A registry of works: Crossref or PubMed.

    `speaker` is its name as the origin of notices, `number` the field of a source with its identifier there, and
    `module` the one that asks it. The record numbers of its notices begin with `prefix`.
    """

    speaker: NoticeOrigin
    number: str
    module: RegisterModule
    prefix: str


REGISTERS = (
    Register(NoticeOrigin.CROSSREF, "doi", crossref, "crossref "),
    Register(NoticeOrigin.PUBMED, "pmid", pubmed, "pubmed "),
)


@dataclass
class SourceCheckTally:
    """The outcome of a run, counted by identifier: a source with both a DOI and a PMID counts twice.

    `answered`, `not_found` and `failed` add up to `asked`. `left` counts identifiers that were not asked about, because
    the registry kept failing. `changes` are the sources with a new state, and `troubles` the messages of failures.
    """

    asked: int = 0
    answered: int = 0
    not_found: int = 0
    failed: int = 0
    left: int = 0
    changes: list[retractions.StateChange] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@dataclass
class SourceChecker:
    """Asks the registries about the sources in the library. `pace` pauses between requests; times are aware."""

    fetch: Fetch = client.fetch
    pace: Pace = field(default_factory=lambda: Pace(0.5))
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = timezone.now

    def run(
        self, *, days: int = 7, limit: int | None = None, progress: Callable[[int], object] = int
    ) -> SourceCheckTally:
        """Ask about every source with a DOI or PMID and no answer from the last `days` days (0: all); return a tally.

        Ask about at most `limit` identifiers. `progress` is called with the number of identifiers in each batch. A
        failing registry raises no exception; the tally counts the failures.
        """
        tally = SourceCheckTally()
        for register in REGISTERS:
            waiting = list(due(register, self.now(), days)[: None if limit is None else max(limit - tally.asked, 0)])
            self._ask_all(register, waiting, tally, progress)
        return tally

    def _ask_all(
        self, register: Register, sources: Sequence[Source], tally: SourceCheckTally, progress: Callable[[int], object]
    ) -> None:
        """Ask one registry about these sources in batches, store the answers, and count them in the tally."""
        by_number = {getattr(source, register.number): source for source in sources}
        in_a_row = 0
        for numbers in register.module.batches(list(by_number)):
            if in_a_row == FAILED_BATCHES:
                tally.left += len(numbers)
                continue
            batch = [by_number[number] for number in numbers]
            tally.asked += len(batch)
            try:
                said = self._ask_with_retries(register, numbers)
            except LookupFailed as error:
                in_a_row += 1
                tally.failed += len(batch)
                tally.troubles.append(str(error))
                self._record(register, batch, RegisterAnswer.FAILED, str(error))
            else:
                in_a_row = 0
                known = [source for source in batch if getattr(source, register.number) in said]
                tally.answered += len(known)
                tally.not_found += len(batch) - len(known)
                tally.changes += self._store(register, batch, known, said)
            progress(len(batch))

    def _ask_with_retries(self, register: Register, numbers: Sequence[str]) -> dict[str, list[RegisterNotice]]:
        """Return the registry's notices. Try up to three times, with growing pauses, and then raise LookupFailed."""
        pause = FIRST_PAUSE
        for attempt in range(1, TRIES + 1):
            try:
                return register.module.notices(numbers, self._paced)
            except LookupFailed as error:
                wait = error.seconds if isinstance(error, RegisterBusy) and error.seconds is not None else pause
                if attempt == TRIES or wait > LONGEST_WAIT:
                    raise
                self.sleep(wait)
                pause *= 2
        raise AssertionError("unreachable")

    def _paced(self, url: str, **how: object) -> client.Answer:
        """Request a URL after the pause that its host requires."""
        self.pace.wait_for(url.split("/")[2])
        return self.fetch(url, **how)

    def _store(
        self,
        register: Register,
        batch: Sequence[Source],
        known: Sequence[Source],
        said: dict[str, list[RegisterNotice]],
    ) -> list[retractions.StateChange]:
        """Replace the registry's earlier notices about these works, update the state of their sources, and return the
        changes.
        """
        with transaction.atomic():
            own = Q(**{f"{register.number}__in": [getattr(source, register.number) for source in known]})
            RetractionNotice.objects.filter(own, record__startswith=register.prefix).delete()
            rows = {}
            for source in known:
                number = getattr(source, register.number)
                for notice in said[number]:
                    rows[notice.said_by, notice.record, number] = self._row(register, number, notice)
            RetractionNotice.objects.bulk_create(rows.values())
            self._record(register, known, RegisterAnswer.ANSWERED, "")
            self._record(register, [source for source in batch if source not in known], RegisterAnswer.NOT_FOUND, "")
            return retractions.refresh(known)

    def _row(self, register: Register, number: str, notice: RegisterNotice) -> RetractionNotice:
        return RetractionNotice(
            said_by=notice.said_by,
            record=notice.record,
            nature=notice.nature,
            noticed_on=notice.on,
            notice_doi=notice.notice_doi,
            reason=notice.reason,
            recorded_at=self.now(),
            **{register.number: number},
        )

    def _record(self, register: Register, sources: Iterable[Source], answer: RegisterAnswer, detail: str) -> None:
        """Record the outcome of a request about these sources."""
        now = self.now()
        rows = [
            SourceLookup(
                source=source,
                asked=register.speaker,
                asked_at=now,
                answer=answer,
                detail=detail[:300],
                answered_at=now if answer != RegisterAnswer.FAILED else None,
            )
            for source in sources
        ]
        told = ["asked_at", "answer", "detail"]
        SourceLookup.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["source", "asked"],
            update_fields=told if answer == RegisterAnswer.FAILED else [*told, "answered_at"],
        )


def due(register: Register, now: datetime, days: int) -> QuerySet[Source]:
    """Return the sources with an identifier in this registry that it should be asked about at the aware time `now`.

    These are sources with no answer from the last `days` days, or none since an imported file reported a retraction; if
    `days` is 0, all. Those with such a report come first, then those whose last request is oldest.
    """
    own = SourceLookup.objects.filter(source=OuterRef("pk"), asked=register.speaker)
    sources = Source.objects.exclude(**{register.number: ""}).annotate(
        asked_at=Subquery(own.values("asked_at")[:1]), answered_at=Subquery(own.values("answered_at")[:1])
    )
    told = RetractionNotice.objects.filter(source=OuterRef("pk"), said_by=NoticeOrigin.FILE)
    since = told.filter(recorded_at__gt=OuterRef("answered_at"))
    if days:
        is_old = Q(answered_at=None) | Q(answered_at__lte=now - timedelta(days=days))
        sources = sources.filter(is_old | (~Q(reported_retraction="") & Exists(since)))
    is_reported = Case(When(reported_retraction="", then=1), default=0)
    return sources.order_by(is_reported, F("asked_at").asc(nulls_first=True), "pk")


def unknown() -> Iterator[tuple[str, int]]:
    """Yield (description, count) for each group of sources about which no registry has told us anything recently.

    The last group is that of sources with neither a DOI nor a PMID, about which no registry can be asked.
    """
    asked = Source.objects.exclude(doi="", pmid="")
    spoken = SourceLookup.objects.exclude(answered_at=None)
    yield "without any answer yet", asked.exclude(pk__in=spoken.values("source")).count()
    known = spoken.exclude(answer=RegisterAnswer.NOT_FOUND).values("source")
    yield "that no register knows", asked.filter(pk__in=spoken.values("source")).exclude(pk__in=known).count()
    failed = SourceLookup.objects.filter(answer=RegisterAnswer.FAILED).values("source")
    yield "with an older answer only", asked.filter(pk__in=known).filter(pk__in=failed).count()
    yield "with neither DOI nor PMID to ask by", Source.objects.filter(doi="", pmid="").count()
