"""The list of public pages has exactly the addresses of the site."""

from django.urls import resolve

from tests import public_pages
from tests.public_pages import FILES, NOT_FOR_READERS, NOT_LISTED, PAGES, REFUSALS


def test_every_address_of_the_site_has_a_row_and_every_row_an_address():
    assert public_pages.names() == {*PAGES, *FILES, *NOT_FOR_READERS}


def test_no_address_has_two_rows():
    assert len({*PAGES, *FILES, *NOT_FOR_READERS}) == len(PAGES) + len(FILES) + len(NOT_FOR_READERS)


def test_each_address_belongs_to_its_row():
    for name, addresses in (PAGES | FILES).items():
        assert addresses
        assert {resolve(address.split("?")[0]).view_name for address in addresses} == {name}


def test_what_is_not_to_be_listed_is_a_page():
    assert set(public_pages.addresses()) >= NOT_LISTED
    assert not set(public_pages.addresses()) & set(REFUSALS)
