"""Files, folders and addresses give each text that is new or has changed, once."""

import os
from pathlib import Path

import pytest

from core.outgoing.client import AddressRefused, fetch
from sources.importers import CannotRead
from sources.watched_places import Files, PublicAddress, ZoteroGroup, place_of
from tests.servers import running

ONE, TWO = b'[{"type": "book", "title": "One"}]', b'[{"type": "book", "title": "Two"}]'


def looked(place) -> list[bytes]:
    return [data for _name, data in place.look()]


def write(path: Path, data: bytes, at: int) -> None:
    """Write a file as of this second."""
    path.write_bytes(data)
    os.utime(path, (at, at))


def test_a_file_is_given_once_it_has_come_to_rest_and_again_when_it_changed(tmp_path):
    path = tmp_path / "library.json"
    place = Files(str(path))
    write(path, ONE, 1)
    assert [looked(place) for _ in range(3)] == [[], [ONE], []]
    write(path, TWO, 2)
    assert [looked(place) for _ in range(3)] == [[], [TWO], []]


def test_a_file_that_still_grows_is_left_alone(tmp_path):
    path = tmp_path / "library.bib"
    place = Files(str(path))
    for second, length in enumerate((5, 10, 15), 1):
        write(path, b"@book{a, title = {One}}"[:length], second)
        assert looked(place) == []


def test_json_that_ends_in_the_middle_is_not_given_until_it_is_whole(tmp_path):
    path = tmp_path / "library.json"
    place = Files(str(path))
    write(path, ONE[:-5], 1)
    assert looked(place) == []
    with pytest.raises(CannotRead, match="Not complete, and read when it has changed: library.json"):
        looked(place)
    assert looked(place) == []
    write(path, ONE, 2)
    assert [looked(place) for _ in range(2)] == [[], [ONE]]


def test_an_empty_file_is_not_given(tmp_path):
    write(tmp_path / "a.bib", b" \n", 1)
    place = Files(str(tmp_path))
    looked(place)
    with pytest.raises(CannotRead, match="Not complete"):
        looked(place)


def test_of_a_folder_only_bibliographies_are_given(tmp_path):
    for name in ("b.json", "a.bib", ".hidden.json", "c.json.part", "notes.docx", "~lock"):
        write(tmp_path / name, ONE, 1)
    (tmp_path / "d.json").mkdir()
    place = Files(str(tmp_path))
    looked(place)
    assert [Path(name).name for name, _data in place.look()] == ["a.bib", "b.json"]


def test_a_file_that_appears_later_and_one_that_goes_are_no_trouble(tmp_path):
    place = Files(str(tmp_path))
    assert looked(place) == []
    write(tmp_path / "a.json", ONE, 1)
    looked(place)
    (tmp_path / "a.json").unlink()
    write(tmp_path / "b.json", TWO, 1)
    assert [looked(place) for _ in range(2)] == [[], [TWO]]


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        looked(Files(str(tmp_path / "none.json")))


def test_what_could_not_be_stored_is_given_again(tmp_path):
    path = tmp_path / "library.json"
    write(path, ONE, 1)
    place = Files(str(path))
    looked(place)
    (name, _data), *_ = place.look()
    place.forget(name)
    assert looked(place) == [ONE]


def test_an_address_is_asked_whether_it_changed():
    with running() as server:
        server.paths["/a.json"] = (200, {"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT"}, ONE)
        place = PublicAddress(server.url("/a.json"), server.client().fetch)
        assert looked(place) == [ONE]
        server.paths["/a.json"] = (304, {}, b"")
        assert looked(place) == []
        headers = server.asked[-1][3]
        assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', "Mon, 02 Mar 2026 10:00:00 GMT")
        place.forget(place.name)
        server.paths["/a.json"] = (404, {}, b"")
        with pytest.raises(CannotRead, match="status 404"):
            looked(place)
        assert "If-None-Match" not in server.asked[-1][3]


def test_an_address_of_a_private_network_is_refused():
    with pytest.raises(AddressRefused):
        looked(PublicAddress("http://127.0.0.1:23119/better-bibtex/export?library.json", fetch))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://www.zotero.org/groups/12/name", ZoteroGroup),
        ("https://example.org/library.json", PublicAddress),
        ("folder/library.json", Files),
    ],
)
def test_an_address_says_what_kind_of_place_it_is(address, kind):
    assert isinstance(place_of(address, fetch), kind)
