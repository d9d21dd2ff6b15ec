"""Creating the archive: several processes generate the articles, this one writes them to the database."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, time

from django.db import connection, connections, transaction
from django.utils import timezone

from articles.models import Article, SearchGram, SearchWord
from articles.search.index import words_of
from articles.search.queries import grams
from demo.archive.article_history import ArticleHistory
from demo.archive.histories import MODELS, Histories, story
from demo.archive.people import DOMAIN, People, library, people
from demo.archive.texts import BylineAuthor, GeneratedArticle, library_size, text
from demo.archive.writing import BulkTable, after_bulk, more_memory
from sources.models import Source

BATCH = 500  # articles in one transaction
ALONE = 1000  # up to this number of articles, this process generates them as well
AHEAD = 2  # batches that each process may be ahead of the database


def made() -> int:
    """Return the number of articles of the archive."""
    return Article.objects.filter(created_by__email__endswith=f"@{DOMAIN}").count()


def make(*, articles: int, seed: int = 1, progress: Callable[[int], object] = lambda done: None) -> int:
    """Extend the archive to that number of articles; return how many were added.

    Each batch is one transaction, so an interrupted run can be continued. An article depends on the seed and its number
    only, apart from its dates, which count back from today. `progress` is called with the number of articles added
    since the last call.
    """
    start = made()
    everybody = people()
    today = datetime.combine(timezone.localdate(), time(), UTC)
    sources = list(
        Source.objects.filter(doi__startswith=f"10.5555/archive.{seed}.").order_by("pk").values_list("pk", flat=True)
    )
    parts = [range(first, min(first + BATCH, articles)) for first in range(start, articles, BATCH)]
    known = set(SearchWord.objects.values_list("word", flat=True))
    for part, texts in _texts(seed, parts, everybody):
        more_memory()
        with transaction.atomic():
            _write(seed, everybody, sources, today, part, texts, known)
        progress(len(part))
    if parts:
        after_bulk([*MODELS, SearchWord, SearchGram, Source, Source.history.model])
    return max(0, articles - start)


def _write(
    seed: int,
    everybody: People,
    sources: list[int],
    today: datetime,
    part: range,
    texts: Sequence[GeneratedArticle],
    known: set[str],
) -> None:
    """Write the articles `part` with the sources that they need."""
    for table in library(seed, len(sources), library_size(part[-1]), sources, today):
        table.write()
    histories = Histories(seed, everybody, sources, today)
    for one in texts:
        ArticleHistory(histories, one).add_rows()
    histories.write()
    for table in _search_words({word for row in histories.searchable for word in words_of(row)}, known):
        table.write()


def _search_words(words: set[str], known: set[str]) -> list[BulkTable]:
    """Return tables with the words that are not yet known, as `articles.search.index.keep_words` keeps them.

    They are added to `known`.
    """
    kept, shared = BulkTable(SearchWord), BulkTable(SearchGram)
    for word in sorted(words - known):
        kept.add(word=word)
        for gram in sorted(grams(word)):
            shared.add(gram=gram, word=word)
    known |= words
    return [kept, shared]


def _texts(seed: int, parts: Sequence[range], everybody: People) -> Iterator[tuple[range, list[GeneratedArticle]]]:
    """Yield each part with its generated articles, in order, generated ahead by one process per processor."""
    names = everybody.bylines
    if sum(map(len, parts)) <= ALONE:
        yield from ((part, _written(seed, part, names)) for part in parts)
        return
    if not connection.in_atomic_block:
        connections.close_all()  # child processes must not share them
    processes = os.cpu_count() or 1
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
        waiting: deque = deque()
        for part in parts:
            waiting.append((part, pool.submit(_written, seed, part, names)))
            if len(waiting) > processes * AHEAD:
                first, written = waiting.popleft()
                yield first, written.result()
        while waiting:
            first, written = waiting.popleft()
            yield first, written.result()


def _written(seed: int, part: range, names: Sequence[BylineAuthor]) -> list[GeneratedArticle]:
    """Return the generated articles of a part."""
    return [text(seed, serial, story(seed, serial)[1], names) for serial in part]
