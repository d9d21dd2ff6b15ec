"""Create the archive: several processes generate the articles, and this one writes them to the database."""

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
from demo.archive.sealed_log import append_missing
from demo.archive.texts import BylineAuthor, GeneratedArticle, library_size, text
from demo.archive.writing import BulkTable, after_bulk, more_memory
from sources.models import Source

BATCH = 500  # articles in one transaction
ALONE = 1000  # up to this number of new articles, no other process is started to generate them
AHEAD = 2  # the number of batches that each process may be ahead of the database


def made() -> int:
    """Return the number of articles in the archive."""
    return Article.objects.filter(created_by__email__endswith=f"@{DOMAIN}").count()


def make(*, articles: int, seed: int = 1, progress: Callable[[int], object] = lambda done: None) -> int:
    """Extend the archive to a total of `articles` articles; return how many were added.

    Each batch is one transaction, so an interrupted run can be continued. An article depends only on the seed and its
    number, except for its dates, which count back from today. `progress` is called after each batch with the number of
    articles added.
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
    append_missing()  # also the entries of a run that was interrupted
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
    """Write the articles with the numbers in `part`, and the sources that they need."""
    for table in library(seed, len(sources), library_size(part[-1]), sources, today):
        table.write()
    histories = Histories(seed, everybody, sources, today)
    for one in texts:
        ArticleHistory(histories, one).add_rows()
    histories.write()
    for table in _search_words({word for row in histories.searchable for word in words_of(row)}, known):
        table.write()


def _search_words(words: set[str], known: set[str]) -> list[BulkTable]:
    """Add the words that are not in `known` to it, and return tables of new rows for them.

    The rows are those that `articles.search.index.keep_words` would store.
    """
    kept, shared = BulkTable(SearchWord), BulkTable(SearchGram)
    for word in sorted(words - known):
        kept.add(word=word)
        for gram in sorted(grams(word)):
            shared.add(gram=gram, word=word)
    known |= words
    return [kept, shared]


def _texts(seed: int, parts: Sequence[range], everybody: People) -> Iterator[tuple[range, list[GeneratedArticle]]]:
    """Yield each part with its generated articles, in order.

    For more than ALONE articles, one process per processor generates them ahead of the writing.
    """
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
    """Return the generated articles with the numbers in `part`."""
    return [text(seed, serial, story(seed, serial)[1], names) for serial in part]
