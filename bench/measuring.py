"""How long a page, a verb or the proof takes, and how many queries it asks. For the process of `bench.inside`."""

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
from bench.pages import FINDINGS, Page, pages
from bench.verbs import slug_of, verbs

REPEATS = 3


class Measuring:
    """Each method is one thing that can be asked for; what it returns can be written as JSON."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {page.name: page for page in pages()}
        self.reader, self.editor = Client(), Client()
        editor, is_new = User.objects.get_or_create(
            email="bench@example.org", defaults={"name": "Bench", "is_staff": True}
        )
        if is_new:
            editor.groups.add(Group.objects.get(name=EDITORS))
        self.editor.force_login(editor)
        self.asked: dict[str, int] = {}

    def names(self) -> list[str]:
        """The pages there are, and what is looked for without one."""
        return [*self.pages, *FINDINGS]

    def page(self, name: str) -> dict[str, object]:
        """Milliseconds of a few answers, and the queries of one. The first time, two go before that do not count."""
        act = partial(_find, FINDINGS[name]) if name in FINDINGS else partial(self._get, self.pages[name])
        if name not in self.asked:
            act()
            with CaptureQueriesContext(connection) as queries:
                act()
            self.asked[name] = len(queries)
        times, cpu = zip(*(_timed(act) for _ in range(REPEATS)), strict=True)
        return {"ms": times, "cpu_ms": cpu, "queries": self.asked[name]}

    def _get(self, page: Page) -> None:
        answer = (self.editor if page.staff else self.reader).get(page.path)
        if answer.status_code != 200:
            raise RuntimeError(f"{page.path} answered {answer.status_code}.")

    def verbs(self, serial: str) -> dict[str, dict[str, object]]:
        """Each verb once, on an article of its own."""
        found = {}
        for name, act in verbs(int(serial)):
            with CaptureQueriesContext(connection) as queries:
                taken, cpu = _timed(act)
            found[name] = {"ms": [taken], "cpu_ms": [cpu], "queries": len(queries)}
        return found

    def publish(self, serial: str) -> dict[str, object]:
        """An article of its own, published just now; `committed_at` is the time right after the commit."""
        for _, act in verbs(int(serial)):
            act()
        return {"slug": slug_of(int(serial)), "committed_at": time.time()}

    def integrity(self) -> dict[str, object]:
        """The whole proof; `faults` has to be 0."""
        faults: list[str] = []
        taken, cpu = _timed(lambda: faults.extend(map(str, integrity.faults())))
        count = Publication.objects.filter(cancelled_at=None).count()
        return {"ms": [taken], "cpu_ms": [cpu], "queries": 0, "faults": len(faults), "publications": count}

    def memory(self) -> float:
        """The most memory that this process has had, in MB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _find(words: str) -> None:
    """The first page of what these words find; where that is nothing, what they may have meant."""
    query, now = parse(words), timezone.now()
    page = find(query, at=now)
    if not list(page.object_list):
        correction(query, at=now)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process on a processor (of SQLite, all; of PostgreSQL, none)."""
    start, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
