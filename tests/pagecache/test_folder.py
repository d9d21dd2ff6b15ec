"""The folder of kept pages: what is read there is what was written, for the same state, by the same code."""

import json
import logging
import os
import resource
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagecache.folder import BUCKET, DIGEST, GRACE, LONGEST, NO_GENERATION, PAUSE, Folder
from pagecache.shelf import CachedPage

WORDS = "Wörter, die alle lesen dürfen. ".encode() * 100
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("X-Frame-Options", "DENY"))


def entry(body: bytes = WORDS, until: float | None = None) -> CachedPage:
    return CachedPage("200 OK", HEADERS, 'W/"a"', 60, 7, until, {"": body})


@pytest.fixture
def make(tmp_path):
    def folder(limit: int = 64 * 1024 * 1024, build: str = "b", secret: str = "s", **more) -> Folder:
        return Folder(tmp_path / "pages", limit, build=build, secret=secret, **more)

    return folder


def files(folder: Folder) -> list:
    return [path for path in folder.path.rglob("*") if path.is_file()]


@given(
    st.binary(max_size=2000),
    st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9))),
    st.none() | st.lists(st.text(max_size=5)),
    st.none() | st.floats(0, 1e12),
)
def test_another_worker_reads_what_one_has_written(tmp_path_factory, body, headers, parameters, until):
    path = tmp_path_factory.mktemp("pages")
    one, other = (Folder(path, BUCKET, build="b", secret="s") for _ in range(2))
    kept = CachedPage("410 Gone", tuple(headers), 'W/"a"', 60, 7, until, {"": body})
    one.put("key", "mark", kept, parameters)
    found = other.get("key", "mark", generation=3)
    assert (found.entry.status, found.entry.headers, found.entry.until) == (kept.status, kept.headers, kept.until)
    assert (found.entry.etag, found.entry.max_age, found.entry.generation) == ('W/"a"', 60, 3)
    assert found.parameters == (None if parameters is None else tuple(parameters))
    for encoding in ("", "gzip", "br"):
        assert found.entry.body(encoding) == kept.body(encoding)


def test_nothing_is_found_under_another_key_or_for_another_state_or_by_other_code(make):
    make().put("key", "mark", entry(), ())
    assert make().get("key", "mark", 1)
    assert make().get("key2", "mark", 1) is None
    assert make().get("key", "mark2", 1) is None
    assert make(build="b2").get("key", "mark", 1) is None
    assert len(files(make())) == 1


def test_what_rests_on_parts_of_the_site_is_found_in_any_state_and_belongs_to_that_in_which_it_was_made(make):
    make().put("key", "mark", replace(entry(), parts=("a", "b"), parts_mark="name"), ())
    own, other = make().get("key", "mark", 7).entry, make().get("key", "mark2", 8).entry
    assert (own.generation, other.generation) == (7, NO_GENERATION)
    assert (other.parts, other.parts_mark) == (("a", "b"), "name")
    assert not other.is_true(8, 0.0)
    assert make(build="b2").get("key", "mark2", 8) is None
    make().put("key", "mark3", replace(entry(b"later"), parts=("a",), parts_mark="name"), ())
    assert make().get("key", "mark", 7).entry.body("") == b"later" and len(files(make())) == 1


def test_a_state_without_a_name_keeps_nothing(make):
    make().put("key", "", entry(), ())
    assert make().get("key", "", 1) is None and not make().path.exists()


def test_a_file_that_was_damaged_or_cut_off_anywhere_is_removed_and_made_anew(make):
    folder = make()
    folder.put("key", "mark", entry(b"short"), ())
    (path,) = files(folder)
    whole = path.read_bytes()
    damaged = [whole[:length] for length in range(len(whole))]
    damaged += [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in range(len(whole))]
    for content in (*damaged, whole + b"x"):
        path.write_bytes(content)
        assert folder.get("key", "mark", 1) is None
        assert not path.exists()
    folder.put("key", "mark", entry(b"short"), ())
    assert folder.get("key", "mark", 1).entry.body("") == b"short"


def test_who_lacks_the_sites_secret_can_lay_no_page_there(make):
    folder = make()
    make(secret="guessed").put("key", "mark", entry(b"forged"), ())
    assert len(files(folder)) == 1
    assert folder.get("key", "mark", 1) is None and not files(folder)


def test_a_file_under_the_name_of_another_page_or_of_a_later_state_is_not_that_page(make):
    folder = make(BUCKET)
    folder.put("key", "old", entry(b"withdrawn"), ())
    (old,) = files(folder)
    for key, mark in (("key", "new"), ("other", "old")):
        folder.put(key, mark, entry(b"right"), ())
        (path,) = [path for path in files(folder) if path != old]
        path.write_bytes(old.read_bytes())
        assert folder.get(key, mark, 1) is None and files(folder) == [old]


def test_others_of_the_machine_cannot_look_into_it(make):
    folder = make()
    folder.put("key", "mark", entry(), ())
    (path,) = files(folder)
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("limit", [100_000, 9 * 1024 * 1024])
def test_it_stays_within_its_bytes_and_the_oldest_go_first(make, limit):
    now = [1000.0]
    folder = make(limit, now=lambda: now[0])
    for number in range(400):
        folder.put(f"key {number}", "mark", entry(os.urandom(min(limit // 20, 40_000))), ())
    assert limit / 2 < sum(path.stat().st_size for path in files(folder)) <= limit
    assert folder.get("key 399", "mark", 1) and folder.get("key 0", "mark", 1) is None


def test_one_large_answer_does_not_empty_it(make):
    folder = make(BUCKET)
    folder.put("small", "mark", entry(), ())
    folder.put("large", "mark", entry(os.urandom(BUCKET // 3)), ())
    assert folder.get("large", "mark", 1) is None and folder.get("small", "mark", 1)


def test_what_is_of_an_earlier_state_goes_after_a_minute_and_so_does_what_was_never_finished(make):
    folder = make(BUCKET)
    folder.put("key", "old", entry(), ())
    (old,) = files(folder)
    unfinished = old.with_name(".0123456789abcdef")
    unfinished.write_bytes(b"half")
    folder.put("key", "new", entry(), ())
    assert len(files(folder)) == 3, "another worker may not know of the change yet"
    for path in (old, unfinished):
        os.utime(path, (0, folder.now() - GRACE - 1))
    folder.put("other", "new", entry(), ())
    assert len(files(folder)) == 2 and not old.exists() and not unfinished.exists()


def test_what_may_be_true_in_any_state_stands_for_a_week(make):
    """What was withdrawn and is never asked for again leaves the disk."""
    folder = make(BUCKET)
    folder.put("key", "mark", replace(entry(b"withdrawn"), parts=("a",), parts_mark="name"), ())
    (path,) = files(folder)
    os.utime(path, (0, folder.now() - LONGEST + 60))
    folder.put("other", "mark2", entry(), ())
    assert path.exists()
    os.utime(path, (0, folder.now() - LONGEST - 1))
    folder.put("other", "mark2", entry(), ())
    assert not path.exists() and folder.get("other", "mark2", 1)


def test_what_is_of_an_earlier_state_goes_from_every_part_of_the_folder_also_where_it_was_larger(make):
    large, small = make(1024 * 1024 * 1024), make(3 * BUCKET)
    for number in range(20):
        large.put(f"key {number}", "old", entry(b"withdrawn"), ())
    for path in files(large):
        os.utime(path, (0, large.now() - GRACE - 1))
    for number in range(60):
        small.put(f"key {number}", "new", entry(), ())
    assert len(files(small)) == 60
    assert not any(b"withdrawn" in path.read_bytes() for path in files(small))


def test_files_that_it_did_not_write_are_left_alone_whatever_folder_it_was_given(make):
    folder = make(BUCKET)
    (folder.path / "00").mkdir(parents=True)
    foreign = [folder.path / "00" / "0123456789abcdef", folder.path / "00" / "x.html", folder.path / "ff"]
    for path in foreign:
        path.write_text("somebody's")
        os.utime(path, (0, 0))
    for number in range(3):
        folder.put(f"key {number}", "mark", entry(), ())
    assert all(path.read_text() == "somebody's" for path in foreign)
    assert folder.get("key 2", "mark", 1)


def test_where_nothing_can_be_written_the_log_has_one_line_and_later_it_is_tried_again(make, caplog):
    now = [1000.0]
    folder = make(now=lambda: now[0])
    folder.path.write_text("a file stands where the folder should be")
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            folder.put(f"key {number}", "mark", entry(), ())
            assert folder.get(f"key {number}", "mark", 1) is None
    assert len(caplog.records) == 1 and "served without" in caplog.text
    folder.path.unlink()
    folder.put("key", "mark", entry(), ())
    assert not folder.path.exists(), "it is left alone for a while"
    now[0] += PAUSE
    folder.put("key", "mark", entry(), ())
    assert folder.get("key", "mark", 1)


def test_a_write_that_ends_half_way_leaves_nothing_behind(make, caplog):
    """As on a full disk: the system takes some bytes and no more."""
    folder = make()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        folder.put("key", "mark", entry(os.urandom(5000)), ())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert folder.get("key", "mark", 1) is None and files(folder) == []
    assert len(caplog.records) == 1


def test_a_folder_that_is_taken_away_is_made_anew(make):
    folder = make()
    folder.put("key", "mark", entry(), ())
    for path in sorted(folder.path.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.path.rmdir()
    assert folder.get("key", "mark", 1) is None
    folder.put("key", "mark", entry(), ())
    assert folder.get("key", "mark", 1)


def test_who_reads_while_others_write_the_same_page_never_reads_a_part_of_it(make):
    bodies = [bytes([letter]) * 30_000 for letter in b"abcd"]

    def work(serial: int) -> set:
        folder = make(BUCKET)
        seen = set()
        for _ in range(50):
            folder.put("key", "mark", entry(bodies[serial % 4]), ())
            found = folder.get("key", "mark", 1)
            assert found is not None
            seen.add(found.entry.body(""))
        return seen

    with ThreadPoolExecutor(4) as pool:
        assert set().union(*pool.map(work, range(4))) <= set(bodies)
    assert len(files(make())) == 1


def test_a_file_holds_data_alone(make):
    folder = make()
    folder.put("key", "mark", entry(b"short"), ("page",))
    (path,) = files(folder)
    first, _, rest = path.read_bytes()[DIGEST:].partition(b"\n")
    assert json.loads(first)["parameters"] == ["page"] and rest == b"short"
