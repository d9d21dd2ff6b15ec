"""What the page cache reads of a request: the query parameters that count, and whether the reader has the page."""

import string
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http import matches_etag as matches
from core.public import declared

NAMES = st.sampled_from(["page", "q", "topic", "utm_source", "fbclid", "", "Page", "päge"])
FIELDS = st.lists(st.tuples(NAMES, st.text(max_size=20)), max_size=12)


@given(FIELDS)
def test_two_queries_that_differ_in_undeclared_fields_alone_are_one(fields):
    plain = [field for field in fields if field[0] in ("page", "q")]
    assert declared(urlencode(fields), ("page", "q")) == declared(urlencode(plain), ("page", "q"))


@given(FIELDS)
def test_what_counts_is_read_back_as_it_was_given_the_last_value_of_each(fields):
    found = declared(urlencode(fields), ("q", "page"))
    last = {name: value for name, value in fields if name in ("page", "q")}
    assert dict(parse_qsl(found, keep_blank_values=True)) == last


@given(FIELDS, FIELDS)
def test_two_queries_are_one_only_where_every_declared_field_is_the_same(one, other):
    names = ("page", "q", "topic")
    same = declared(urlencode(one), names) == declared(urlencode(other), names)
    assert same == (
        {name: value for name, value in one if name in names} == {name: value for name, value in other if name in names}
    )


@given(st.text(alphabet=string.printable + "äß\x80\xff%&=;+", max_size=80))
def test_whatever_is_sent_gives_a_query_that_stays_as_it_is(raw):
    found = declared(raw.encode("utf-8").decode("latin-1"), ("page", "q"))
    assert declared(found, ("page", "q")) == found
    assert found.isascii()


@pytest.mark.parametrize("raw", ["page=2", "page=%32", "%70age=2", "page=9&page=2", "utm_source=x&page=2", "page=2&&"])
def test_the_same_page_written_in_another_way_is_the_same(raw):
    assert declared(raw, ("page",)) == "page=2"


def test_a_semicolon_separates_nothing():
    assert declared("utm=x;page=2", ("page",)) == ""


def test_an_empty_value_is_not_the_same_as_none():
    assert declared("q=", ("q",)) == "q="


@pytest.mark.parametrize("raw", ["q=" + "x" * 9000, "q=" + "%C3%A4" * 800, "&".join(["a=b"] * 100)])
def test_what_is_too_long_or_has_too_many_fields_is_not_kept(raw):
    assert declared(raw, ("q",)) is None


@pytest.mark.parametrize(
    ("sent", "has"),
    [
        ('W/"abc"', True),
        ('"abc"', True),
        ('"x", W/"abc"', True),
        ('"x","abc"', True),
        ("*", True),
        (" * ", True),
        ('"abcd"', False),
        ('"a,b"', False),
        ("abc", False),
        ('w/"abc', False),
        ("", False),
    ],
)
def test_a_reader_has_it_where_any_of_their_tags_is_its_own(sent, has):
    assert matches(sent, 'W/"abc"') is has


@given(st.text(max_size=200))
def test_no_list_of_tags_breaks_the_comparison(sent):
    assert matches(sent, 'W/"abc"') in (True, False)
