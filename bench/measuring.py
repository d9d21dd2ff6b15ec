"""Measure, within one process, the time and number of queries of pages, actions and the integrity check."""

import resource
import time
from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import EDITORS
from articles.models import Publication
from articles.search import correction, find, parse
from audit import integrity
from bench.pages import FINDINGS, MeasuredPage, pages
from bench.verbs import slug_of, verbs

REPEATS = 3


class Measuring:
    """The measurements of one archive. Each public method is a command of `bench.inside` and returns JSON values."""

    def __init__(self) -> None:
        self.pages: dict[str, MeasuredPage] = {page.name: page for page in pages()}
        self.reader, self.editor = Client(), Client()
        editor, is_new = User.objects.get_or_create(
            email="bench@example.org", defaults={"name": "Bench", "is_staff": True}
        )
        if is_new:
            editor.groups.add(Group.objects.get(name=EDITORS))
        self.editor.force_login(editor)
        self.asked: dict[str, int] = {}

    def names(self) -> list[str]:
        """Return the names of the pages and searches."""
        return [*self.pages, *FINDINGS]

    def page(self, name: str) -> dict[str, object]:
        """Request a page three times; return the times in milliseconds and the number of queries of one request.

        `ms` holds the elapsed times, and `cpu_ms` the CPU times. The first call for a page makes two more requests
        beforehand, which are not timed.
        """
        act = partial(_find, FINDINGS[name]) if name in FINDINGS else partial(self._get, self.pages[name])
        if name not in self.asked:
            act()
            with CaptureQueriesContext(connection) as queries:
                act()
            self.asked[name] = len(queries)
        times, cpu = zip(*(_timed(act) for _ in range(REPEATS)), strict=True)
        return {"ms": times, "cpu_ms": cpu, "queries": self.asked[name]}

    def _get(self, page: MeasuredPage) -> None:
        """Request the page. Raise RuntimeError unless the status is 200."""
        answer = (self.editor if page.staff else self.reader).get(page.path)
        if answer.status_code != 200:
            raise RuntimeError(f"{page.path} answered {answer.status_code}.")

    def verbs(self, serial: str) -> dict[str, dict[str, object]]:
        """Perform each action once, on a new article.

        Return, by the name of the action, its times in milliseconds (`ms`, `cpu_ms`) and its number of queries.
        """
        found = {}
        for name, act in verbs(int(serial)):
            with CaptureQueriesContext(connection) as queries:
                taken, cpu = _timed(act)
            found[name] = {"ms": [taken], "cpu_ms": [cpu], "queries": len(queries)}
        return found

    def publish(self, serial: str) -> dict[str, object]:
        """Publish a new article; return its slug and the time right after the commit.

        `committed_at` is in seconds since the epoch.
        """
        for _, act in verbs(int(serial)):
            act()
        return {"slug": slug_of(int(serial)), "committed_at": time.time()}

    def integrity(self) -> dict[str, object]:
        """Run the integrity check; return its times in milliseconds, and the numbers of faults and of publications.

        No faults are expected. The queries are not counted: `queries` is always 0.
        """
        faults: list[str] = []
        taken, cpu = _timed(lambda: faults.extend(map(str, integrity.faults())))
        count = Publication.objects.filter(cancelled_at=None).count()
        return {"ms": [taken], "cpu_ms": [cpu], "queries": 0, "faults": len(faults), "publications": count}

    def memory(self) -> float:
        """Return the peak resident memory of this process in MiB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _find(words: str) -> None:
    """Run a search as the page does, with a spelling suggestion if nothing is found."""
    query, now = parse(words), timezone.now()
    page = find(query, at=now)
    if not list(page.object_list):
        correction(query, at=now)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Call `act`; return the wall-clock time and the CPU time of this process in milliseconds.

    CPU time includes the queries on SQLite, but not those on PostgreSQL.
    """
    start, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
