"""The store's memory: bounded in bytes whatever is put in, and whoever does so at the same time."""

import gzip
import random
from concurrent.futures import ThreadPoolExecutor

import brotli
from hypothesis import given
from hypothesis import strategies as st

from pagecache.shelf import OVERHEAD, CachedPage, Shelf, compressed

LIMIT = 100_000


def entry(body: bytes = b"x" * 1000, generation: int = 1, until: float | None = None) -> CachedPage:
    return CachedPage("200 OK", (), 'W/"a"', 60, generation, until, {"": body})


def counted(shelf: Shelf) -> int:
    return sum(kept.size for kept in shelf._entries.values())


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "get", "br", "gzip", "clear"]), st.integers(0, 8), st.integers(0, 40_000)),
    max_size=60,
)


@given(STEPS)
def test_the_shelf_never_holds_more_than_its_limit_and_knows_how_much_it_holds(steps):
    shelf = Shelf(LIMIT)
    for what, key, length in steps:
        if what == "put":
            shelf.put(key, entry(random.Random(length).randbytes(length)))
        elif what == "clear":
            if key == 0:
                shelf.keep_only(lambda entry: False)
        elif (found := shelf.get(key)) and what != "get":
            shelf.body(key, found, what)
        assert shelf.size == counted(shelf) <= LIMIT


def test_what_was_used_longest_ago_goes_first():
    shelf = Shelf(5 * (OVERHEAD + 1000))
    for key in range(5):
        shelf.put(key, entry())
    shelf.get(0)
    shelf.put(5, entry())
    assert shelf.get(1) is None and shelf.get(0) is not None and shelf.get(5) is not None


def test_one_large_answer_does_not_empty_the_shelf():
    shelf = Shelf(LIMIT)
    shelf.put("small", entry())
    shelf.put("large", entry(b"x" * (LIMIT // 3)))
    assert shelf.get("large") is None and shelf.get("small") is not None


def test_another_answer_takes_the_place_of_the_one_before():
    shelf = Shelf(LIMIT)
    shelf.put("a", entry(b"old" * 100))
    shelf.put("a", entry(b"new" * 100))
    assert shelf.get("a").bodies[""] == b"new" * 100 and len(shelf) == 1


def test_a_body_is_compressed_once_and_reads_back_as_it_was():
    shelf, words = Shelf(LIMIT), "Wörter für Leser. ".encode() * 200
    shelf.put("a", entry(words))
    kept = shelf.get("a")
    assert brotli.decompress(shelf.body("a", kept, "br")) == words
    assert gzip.decompress(shelf.body("a", kept, "gzip")) == words
    assert shelf.body("a", kept, "br") is shelf.body("a", kept, "br")
    assert shelf.body("a", kept, "") == words


def test_a_short_body_is_sent_as_it_is():
    assert compressed(b"short", "br") == compressed(b"short", "gzip") == b"short"


def test_an_entry_is_true_for_its_generation_until_its_moment():
    kept = entry(generation=3, until=100.0)
    assert kept.is_true(3, 99.9)
    assert not kept.is_true(3, 100.0)
    assert not kept.is_true(4, 1.0) and not kept.is_true(2, 1.0)


def test_many_threads_at_once_leave_the_books_right():
    shelf = Shelf(LIMIT)

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(400):
            key = chance.randrange(30)
            found = shelf.get(key)
            if found is None:
                shelf.put(key, entry(chance.randbytes(chance.randrange(8000))))
            else:
                shelf.body(key, found, chance.choice(["br", "gzip", ""]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert shelf.size == counted(shelf) <= LIMIT
