"""STR: what each check finds, and a similar text that it accepts."""

import pytest

from checks import preflight
from checks.preflight import Draft, Level
from checks.preflight.draft import DraftSource

WHOLE = {"title": "T", "standfirst": "S", "body": "<h2>H</h2><p>Text.</p>", "authors": ("A",)}


def ids(**fields):
    return [(finding.id, finding.level.value) for finding in preflight.run(Draft(**{**WHOLE, **fields}))]


def test_a_whole_draft_has_no_finding():
    assert ids() == []


@pytest.mark.parametrize("empty", [{"title": " "}, {"standfirst": ""}, {"body": "<p></p>"}, {"authors": ()}])
def test_what_is_missing_blocks(empty):
    assert ids(**empty) == [("STR04", "blocker")]


@pytest.mark.parametrize(
    "body",
    [
        "<h2>One</h2><h4>Three</h4><p>Text</p>",
        "<h3>Begins at three</h3><p>Text</p>",
        "<h2>Same</h2><p>a</p><h2>same</h2><p>b</p>",
        "<h2></h2><p>Text</p>",
        "<p>" + "Ten words stand here in a line, and they end. " * 61 + "</p>",
    ],
)
def test_headings_out_of_order_warn(body):
    assert ids(body=body) == [("STR01", "warning")]


@pytest.mark.parametrize(
    "body",
    [
        "<h2>One</h2><h3>Two</h3><h4>Three</h4><h2>Four</h2><p>Text</p>",
        "<p>" + "Ten words stand here in a line, and they end. " * 59 + "</p>",
        "<h2>" + "<em>Both</em> marked</h2><p>Text</p>",
    ],
)
def test_headings_in_order_are_left_alone(body):
    assert ids(body=body) == []


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://example.org/">click here</a>',
        '<a href="https://example.org/">Here</a>',
        '<a href="https://example.org/"></a>',
        '<a href="http://example.org/">the guideline</a>',
    ],
)
def test_a_link_that_does_not_say_where_it_leads_warns(link):
    assert ids(body=f"<p>Read {link}.</p>") == [("STR03", "warning")]


def test_a_link_with_words_of_its_own_is_left_alone():
    assert ids(body='<p>See <a href="https://example.org/">the guideline on here-and-now sleep</a>.</p>') == []


@pytest.mark.parametrize("fields", [{"body": '<p>x<img src="/media/pictures/a.jpg" alt=""></p>'}, {"hero": True}])
def test_a_picture_without_alternative_text_blocks(fields):
    assert ids(**fields) == [("STR02", "blocker")]


def test_a_described_picture_is_left_alone():
    assert ids(body='<p>x<img src="/media/pictures/a.jpg" alt="A cup"></p>', hero=True, hero_alt="A bowl") == []


def source(**fields):
    return DraftSource(**{"key": "doe2020", "title": "A trial", "doi": "10.1000/x", **fields})


CITING = '<p>Slept longer.<sup data-cite="doe2020"></sup></p>'


def test_a_mark_without_its_source_blocks():
    assert ids(body=CITING) == [("CIT04", "blocker")]


def test_a_source_that_nothing_cites_warns():
    assert ids(sources=(source(),)) == [("CIT04", "warning")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"retraction": "retracted"}, [("CIT05", "blocker")]),
        ({"retraction": "concern"}, [("CIT05", "warning")]),
        ({"title": " "}, [("CIT06", "blocker")]),
        ({"doi": ""}, [("CIT06", "blocker")]),
        ({"doi": "", "url": "https://example.org/"}, [("CIT06", "blocker")]),
        ({"doi": "", "url": "https://example.org/", "dated": True}, []),
        ({"doi": "", "pmid": "1"}, []),
    ],
)
def test_a_cited_source_can_be_found_and_stands(fields, expected):
    assert ids(body=CITING, sources=(source(**fields),)) == expected


def test_the_gravest_come_first():
    found = preflight.run(
        Draft(title="", standfirst="S", body='<h4>x</h4><a href="http://e.org/">e</a>', authors=("A",))
    )
    levels = [finding.level for finding in found]
    assert levels == sorted(levels, key=lambda level: level.gravity)
    assert levels[0] is Level.BLOCKER
