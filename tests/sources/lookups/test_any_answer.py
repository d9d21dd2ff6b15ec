"""For any answer of a register or a page, a look-up raises nothing but LookupFailed, and its result can be stored."""

import json
import random
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.outgoing.client import Answer
from sources.importers.canonical import canonical
from sources.importers.mapping import fields_of
from sources.lookups import LookupFailed, crossref, pages, pubmed
from tests.sources.importers.test_any_input import places, replaced

ANSWERS = Path(__file__).parent / "answers"
RETRACTED, PMID = "10.1016/s0140-6736(97)11096-0", "9500320"
WRONG = (None, 7, 10**400, "x", [], {}, [{}], {"date-parts": [[10**30, 2, 3]]})
TEXTS = (None, "", "\u00b2", "\u0663", "0", "9" * 5_000)


def kept(
    ask: Callable[[Callable], dict], body: bytes, kind: str = "text/html", url: str = "https://x.example/"
) -> None:
    """Look up with this answer to every request, and assert that the result makes valid fields of a source."""
    try:
        item = canonical(ask(lambda address, **how: Answer(200, {"Content-Type": kind}, body, url)))
    except LookupFailed:
        return
    assert isinstance(fields_of(item)["title"], str)


def noticed(ask: Callable[[Callable], object], body: bytes) -> None:
    """Ask for notices with this answer to every request, and assert that a refusal has a message for the writer."""
    try:
        ask(lambda address, **how: Answer(200, {}, body, address))
    except LookupFailed as error:
        assert "by hand" in str(error)


def page(fetch: Callable) -> dict:
    return pages.item("https://x.example/", fetch, date(2026, 3, 1))


@pytest.mark.parametrize("name", ["crossref_list.json", "crossref_plain.json", "crossref_withdrawn.json"])
def test_crossref_may_answer_anything_at_any_place(name):
    answer = json.loads((ANSWERS / name).read_bytes())
    for path in places(answer):
        for new in WRONG:
            body = json.dumps(replaced(answer, path, new)).encode()
            kept(lambda fetch: crossref.item(RETRACTED, fetch), body)
            noticed(lambda fetch: crossref.notices([RETRACTED], fetch), body)


def test_pubmed_central_may_answer_anything_at_any_place():
    answer = json.loads((ANSWERS / "idconv.json").read_bytes())
    for path in places(answer):
        for new in WRONG:
            noticed(lambda fetch: pubmed.numbers_of("PMC1", fetch), json.dumps(replaced(answer, path, new)).encode())


def test_pubmed_may_answer_anything_in_any_element():
    root = ElementTree.fromstring((ANSWERS / "pubmed_list.xml").read_bytes())
    for place in range(len(list(root.iter()))):
        for change in (*TEXTS, "clear", "rename", "attributes"):
            other = deepcopy(root)
            element = list(other.iter())[place]
            if change == "clear":
                element.clear()
            elif change == "rename":
                element.tag = "Other"
            elif change == "attributes":
                element.attrib = dict.fromkeys(element.attrib, "")
            else:
                element.text = change
            body = ElementTree.tostring(other)
            kept(lambda fetch: pubmed.item(PMID, fetch), body)
            noticed(lambda fetch: pubmed.notices([PMID], fetch), body)


@pytest.mark.parametrize("name", ["pubmed_list.xml", "page.html", "crossref_retracted.json"])
def test_an_answer_may_be_cut_or_damaged_anywhere(name):
    data, chance = (ANSWERS / name).read_bytes(), random.Random(4)
    asks = {
        "pubmed_list.xml": lambda fetch: pubmed.item(PMID, fetch),
        "page.html": page,
        "crossref_retracted.json": lambda fetch: crossref.item(RETRACTED, fetch),
    }
    for end in range(0, len(data), 3):
        kept(asks[name], data[:end])
        damaged = bytearray(data)
        for _ in range(3):
            damaged[chance.randrange(len(data))] = chance.randrange(256)
        kept(asks[name], bytes(damaged))


@pytest.mark.parametrize("charset", ["ucs-4", "idna", "undefined", "rot13", "hex", "utf-7", "x"])
def test_xml_in_an_encoding_that_nobody_reads_is_unreachable(charset):
    kept(lambda fetch: pubmed.item(PMID, fetch), f'<?xml version="1.0" encoding="{charset}"?><a/>'.encode())


@pytest.mark.parametrize(
    "begins", ["<![x[", "<![", "<![CDATA[", "<!", "<!-", "<!DOCTYPE [", "<?", "</", "&#", "<![if "]
)
def test_a_page_may_hold_declarations_that_are_none(begins):
    data = (ANSWERS / "page.html").read_bytes()
    for place in range(0, len(data), 5):
        kept(page, data[:place] + begins.encode() + data[place:])


def test_a_title_behind_a_declaration_that_is_none_is_read():
    body = b"<![if !IE]><title>Magnesium<![x[ y]></title>"
    found = page(lambda address, **how: Answer(200, {"Content-Type": "text/html"}, body, address))
    assert found["title"].startswith("Magnesium")


@pytest.mark.parametrize(
    ("charset", "body", "title"),
    [
        ("iso-8859-1", "Schlaf für alle".encode("latin-1"), "Schlaf für alle"),
        ("shift_jis", "睡眠".encode("shift_jis"), "睡眠"),
        ("punycode", b"Sleep\xff", "Sleep\ufffd"),
        ("idna", b"Sleep\xff", "Sleep\ufffd"),
        ("unicode_escape", b"Sleep \\x41 \\q", "Sleep \\x41 \\q"),
        ("hex", b"Sleep", "Sleep"),
        ("nonsense", b"Sleep", "Sleep"),
    ],
)
def test_a_page_is_decoded_by_what_browsers_know_and_else_as_utf_8(charset, body, title):
    said = {"Content-Type": f"text/html; charset={charset}"}
    found = page(lambda address, **how: Answer(200, said, b"<title>" + body + b"</title>", address))
    assert found["title"] == title


@pytest.mark.parametrize(
    "url", ["https://a.\u2100b.example/", "http://[", "?>", "", "https://x.example/" + "y" * 9_000]
)
def test_a_page_may_say_that_it_stands_anywhere(url):
    kept(page, (ANSWERS / "page.html").read_bytes(), url=url)
