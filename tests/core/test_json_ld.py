"""JSON-LD: no text can end the script element that holds the graph, and every text stays the same."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.seo.json_ld import dumps, graph, script

NASTY = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->",
    "]]>",
    "&lt;/script&gt;",
    "\u2028\u2029",
    "</SCRIPT >",
]


class Scripts(HTMLParser):
    """Collects the text of each script element, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_ends_the_script(text):
    html = script({"name": text, text: "as a key"})
    found = Scripts(html)

    assert found.tags == [("script", {"type": "application/ld+json"})]
    assert json.loads("".join(found.texts)) == {"name": text, text: "as a key"}


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=4))
def test_every_text_is_read_back_as_it_was(data):
    written = dumps(data)

    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == data


def test_a_number_that_json_cannot_write_is_refused():
    with pytest.raises(ValueError):
        dumps({"price": float("nan")})


def test_what_says_nothing_is_left_out():
    node = {"name": "A", "image": None, "url": "", "author": [], "publisher": {"name": ""}, "position": 0, "is": False}

    assert graph([node])["@graph"] == [{"name": "A", "position": 0, "is": False}]
