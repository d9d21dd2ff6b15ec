"""`import_sources --watch` takes new and changed entries into the library, each once."""

import io
import json
import os
import signal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.cited_sources.file_imports import FileImport
from articles.cited_sources.watching import Watch
from sources.models import Source
from sources.watched_places import Files, PublicAddress
from tests.servers import running

MAGNESIUM = {
    "id": "abbasi2012",
    "type": "article-journal",
    "title": "The effect of magnesium on sleep in older people",
    "author": [{"family": "Abbasi", "given": "Behnood"}],
    "issued": {"date-parts": [[2012]]},
}
ZINC = {**MAGNESIUM, "id": "roe2015", "title": "The effect of zinc on colds in children", "DOI": "10.1000/zinc"}


class Library:
    """A file of CSL-JSON in a folder, written by another program, and the watch of that folder."""

    def __init__(self, folder: Path, actor) -> None:
        self.path, self.said, self.second = folder / "library.json", [], 0
        importer = FileImport(actor, self.said.append, evidence="cohort")
        self.watch = Watch([Files(str(folder))], importer, self.said.append)

    def holds(self, *items: dict) -> None:
        self.second += 1
        self.path.write_text(json.dumps(items), encoding="utf-8")
        os.utime(self.path, (self.second, self.second))

    def look(self) -> list[str]:
        """Look twice, because a file is read once it is at rest, and return what was said."""
        self.said.clear()
        self.watch.look()
        self.watch.look()
        return [line.removeprefix(f"{self.path}") for line in self.said]


@pytest.fixture
def library(tmp_path, cast):
    return Library(tmp_path, cast.editor)


def keys() -> set[str]:
    return set(Source.objects.values_list("key", flat=True)) - {"doe2020"}


def test_new_entries_are_added_and_each_is_taken_once(library):
    library.holds(MAGNESIUM)
    assert library.look() == [": 1 sources added, 0 completed, 0 entries left out"]
    assert library.look() == []
    library.holds(MAGNESIUM, ZINC)
    assert library.look() == [": 1 sources added, 0 completed, 0 entries left out"]
    assert keys() == {"abbasi2012", "roe2015"}
    assert (library.watch.total.added, library.watch.total.there) == (2, 0)


def test_a_changed_entry_fills_what_was_empty(library):
    library.holds(MAGNESIUM, ZINC)
    library.look()
    library.holds({**MAGNESIUM, "DOI": "10.1000/magnesium", "volume": "17"}, ZINC)
    assert library.look() == [": 0 sources added, 1 completed, 0 entries left out"]
    source = Source.objects.get(key="abbasi2012")
    assert source.volume == "17" and Source.objects.count() == 3


def test_an_entry_that_was_rewritten_is_not_added_a_second_time(library):
    library.holds(MAGNESIUM)
    library.look()
    library.holds({**MAGNESIUM, "title": "The effect of magnesium on sleep in the elderly"})
    (said,) = library.look()
    assert said.startswith(":1: abbasi2012 has changed so much that it matches no source. Correct its source")
    assert keys() == {"abbasi2012"} and library.look() == []


def test_after_a_restart_nothing_is_added_again_and_nothing_is_said(library, tmp_path, cast):
    library.holds(MAGNESIUM, ZINC)
    library.look()
    again = Library(tmp_path, cast.editor)
    assert again.look() == [] and again.watch.total.there == 2 and Source.objects.count() == 3


def test_what_is_left_out_is_said_once_with_its_line(library, cast):
    library.watch.importer = FileImport(cast.editor, library.said.append)
    library.holds(MAGNESIUM)
    first, second = library.look()
    assert first.startswith(":1: Kind of evidence") and second.endswith("1 entries left out")
    assert library.look() == []


def test_a_half_written_file_is_waited_for(library):
    library.holds(MAGNESIUM, ZINC)
    whole = library.path.read_bytes()
    library.path.write_bytes(whole[:-40])
    (said,) = library.look()
    assert "Not complete, and read when it has changed: library.json" in said and keys() == set()
    assert library.look() == []
    library.path.write_bytes(whole)
    library.look()
    assert keys() == {"abbasi2012", "roe2015"}


def test_a_failure_is_said_once_until_it_is_another_and_ends_nothing(library):
    library.path.parent.joinpath("a.txt").write_text("This is prose.", encoding="utf-8")
    library.holds(MAGNESIUM)
    library.watch.places = [Files("/no/such/folder"), *library.watch.places]
    said = library.look()
    assert said[0] == "/no/such/folder: No such file or directory"
    assert sum("No such file" in line for line in said) == 1 and any("not in a format" in line for line in said)
    assert library.look() == []


def test_a_public_address_is_watched_too(cast):
    said = []
    with running() as server:
        server.paths["/a.json"] = (200, {"ETag": '"1"'}, json.dumps([MAGNESIUM]).encode())
        place = PublicAddress(server.url("/a.json"), server.client().fetch)
        watch = Watch([place], FileImport(cast.editor, said.append, evidence="cohort"), said.append)
        watch.look()
        server.paths["/a.json"] = (304, {}, b"")
        watch.look()
        server.paths["/a.json"] = (200, {"ETag": '"2"'}, json.dumps([MAGNESIUM, ZINC]).encode())
        watch.look()
    assert said == [f"{place.name}: 1 sources added, 0 completed, 0 entries left out"] * 2


class Interrupting(io.StringIO):
    """What a person sees who presses Ctrl-C when something was added."""

    def write(self, text: str) -> int:
        if ": 1 sources added" in text and not text.startswith("Stopped"):
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_the_command_watches_until_ctrl_c(cast, tmp_path):
    (tmp_path / "library.json").write_text(json.dumps([MAGNESIUM]), encoding="utf-8")
    out, before = Interrupting(), signal.getsignal(signal.SIGINT)
    how = ("--as", "editor@example.org", "--evidence", "cohort", "--watch", "--every", "0.01")
    call_command("import_sources", str(tmp_path), *how, stdout=out)
    first, *_, last = out.getvalue().splitlines()
    assert first == f"Watching {tmp_path}. Ctrl-C stops it."
    assert last == "Stopped: 1 sources added, 0 completed, 0 entries left out."
    assert keys() == {"abbasi2012"} and signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("wrong", [("--dry-run",), ("--every", "0")])
def test_a_watch_refuses_what_does_not_go_with_it(cast, tmp_path, wrong):
    with pytest.raises(CommandError, match="--watch goes with"):
        call_command("import_sources", str(tmp_path), "--as", "editor@example.org", "--watch", *wrong)
