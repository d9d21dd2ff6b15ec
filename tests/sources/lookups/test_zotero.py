"""A public group of Zotero is read page by page. The answers are written from Zotero's documentation, and have
the shape that the tests of its server expect.
"""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.importers.mapping import fields_of
from sources.lookups.requests import LookupFailed, LookupUnavailable, NotFound, RegisterBusy
from sources.lookups.zotero import group_in, read_group
from tests.servers import Server, running, say


@pytest.fixture
def server():
    with running() as running_server:
        yield running_server


def works(*numbers: int) -> list[dict]:
    return [{"id": f"12/{number}", "type": "book", "title": f"Book {number}"} for number in numbers]


class Group:
    """A group with works, which answers like the API: `limit` and `start` in the query, counts in the headers."""

    def __init__(self, server: Server, total: int) -> None:
        self.works, self.version, self.headers, self.server = works(*range(total)), "7", {}, server
        self.asked: list[dict] = []
        server.paths = self

    def get(self, path: str, otherwise: object) -> object:
        address = urlsplit(path)
        if address.path != "/groups/12/items/top":
            return otherwise
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.asked.append(query)
        start = int(query["start"])
        body = json.dumps({"items": self.works[start : start + int(query["limit"])]}).encode()
        counts = {"Total-Results": str(len(self.works)), "Last-Modified-Version": self.version}
        return 200, counts | self.headers, body

    def read(self, **how: str):
        return read_group(self.server.client().fetch, "12", base=self.server.url(""), **how)


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("https://www.zotero.org/groups/2484699/covid-19-econ/library", "2484699"),
        ("https://www.zotero.org/groups/12", "12"),
        ("https://api.zotero.org/groups/12/items?format=csljson", "12"),
        ("https://www.zotero.org/groups/name", ""),
        ("https://zotero.org.example.org/groups/12", ""),
        ("https://example.org/zotero.org/groups/12", ""),
        ("library.json", ""),
    ],
)
def test_a_group_is_known_by_its_address(address, group):
    assert group_in(address) == group


def test_all_pages_of_a_group_are_read(server):
    group = Group(server, 230)
    found = group.read()
    assert (found.items, found.version, found.pause) == (group.works, "7", 0)
    assert [query["start"] for query in group.asked] == ["0", "100", "200"]
    assert {(query["v"], query["format"], query["itemType"], query["since"]) for query in group.asked} == {
        ("3", "csljson", "-attachment", "0")
    }


def test_a_year_written_as_text_is_a_year(server):
    group = Group(server, 1)
    group.works[0] |= {"issued": {"date-parts": [["2014", 6, 24]]}, "accessed": {"date-parts": [[2019, 5, 23]]}}
    work = fields_of(group.read().items[0])
    assert (work["published_on"], work["accessed_on"]) == (date(2014, 6, 24), date(2019, 5, 23))


def test_only_what_changed_since_a_version_is_asked_for(server):
    group = Group(server, 0)
    found = group.read(since="6")
    assert (found.items, found.version) == ([], "7") and group.asked[0]["since"] == "6"


def test_no_key_is_sent_and_nothing_but_get(server):
    Group(server, 1).read()
    ((method, _host, _path, headers),) = server.asked
    assert method == "GET" and not {"Authorization", "Zotero-API-Key", "Cookie"} & set(headers)


def test_a_pause_that_zotero_asks_for_is_told(server):
    group = Group(server, 1)
    group.headers = {"Backoff": "40"}
    assert group.read().pause == 40


def test_a_group_that_changes_meanwhile_is_read_again_from_the_beginning(server):
    group = Group(server, 150)

    class Changing(Group):
        def get(self, path: str, otherwise: object) -> object:
            answer = super().get(path, otherwise)
            self.version = "8"
            return answer

    changing = Changing(server, 150)
    found = changing.read()
    assert (found.items, found.version) == (group.works, "8")
    assert [query["start"] for query in changing.asked] == ["0", "100", "0", "100"]


def test_a_group_that_never_rests_is_left_for_later(server):
    class Restless(Group):
        def get(self, path: str, otherwise: object) -> object:
            self.version = str(int(self.version) + 1)
            return super().get(path, otherwise)

    with pytest.raises(LookupUnavailable, match="changing the group"):
        Restless(server, 150).read()


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((404, {}, b"Not found"), NotFound, "no public group"),
        ((403, {}, b"Forbidden"), NotFound, "no public group"),
        ((429, {"Retry-After": "30"}, b""), RegisterBusy, "busy"),
        ((200, {"Total-Results": "1", "Last-Modified-Version": "1"}, b"<html>"), LookupUnavailable, "cannot be read"),
        ((200, {"Total-Results": "1", "Last-Modified-Version": "1"}, b"{}"), LookupUnavailable, "cannot be read"),
        ((200, {}, b'{"items": []}'), LookupUnavailable, "cannot be read"),
        ((200, {"Total-Results": "x", "Last-Modified-Version": "1"}, b'{"items": []}'), LookupUnavailable, "be read"),
        ((200, {"Total-Results": "9", "Last-Modified-Version": "1"}, b'{"items": []}'), LookupUnavailable, "be read"),
        ((200, {"Total-Results": "5001", "Last-Modified-Version": "1"}, b'{"items": []}'), LookupFailed, "5,000 works"),
    ],
)
def test_what_cannot_be_read_is_said(server, answer, error, words):
    class Every(dict):
        def get(self, path: str, otherwise: object) -> object:
            return lambda handler: say(handler, *answer)

    server.paths = Every()
    with pytest.raises(error, match=words):
        read_group(server.client().fetch, "12", base=server.url(""))
