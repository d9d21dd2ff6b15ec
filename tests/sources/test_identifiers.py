"""Identifiers and addresses of works: their bare forms and check digits. Without a database."""

import pytest
from django.core.exceptions import ValidationError

from sources import identifiers


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("HTTP://DX.DOI.ORG/10.1000/abc", "10.1000/abc"),
        ("doi: 10.1000/abc", "10.1000/abc"),
        ("  10.1000/a b\n", "10.1000/a b"),
        ("", ""),
    ],
)
def test_a_doi_is_bare_and_in_small_letters(typed, bare):
    assert identifiers.bare_doi(typed) == bare


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("23853635", "23853635"),
        ("PMID: 23853635", "23853635"),
        ("https://pubmed.ncbi.nlm.nih.gov/23853635/", "23853635"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/23853635", "23853635"),
        ("", ""),
    ],
)
def test_a_pmid_is_bare(typed, bare):
    assert identifiers.bare_pmid(typed) == bare


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("pmc3703169", "PMC3703169"),
        ("PMCID: PMC3703169", "PMC3703169"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3703169/", "PMC3703169"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3703169", "PMC3703169"),
        ("", ""),
    ],
)
def test_a_pmcid_has_its_letters_as_capitals(typed, bare):
    assert identifiers.bare_pmcid(typed) == bare


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("978-0-19-024655-6", "9780190246556"),
        ("ISBN 978 0 19 024655 6", "9780190246556"),
        ("ISBN-13: 9780190246556", "9780190246556"),
        ("ISBN-10: 0-8044-2957-x", "080442957X"),
        ("978–0–19–024655–6", "9780190246556"),
        ("", ""),
    ],
)
def test_an_isbn_is_bare(typed, bare):
    assert identifiers.bare_isbn(typed) == bare


@pytest.mark.parametrize("isbn", ["9780190246556", "080442957X", "0306406152", "9780306406157", "9791090636071"])
def test_an_isbn_whose_last_figure_fits_is_taken(isbn):
    identifiers.check_isbn(isbn)


@pytest.mark.parametrize(
    "isbn",
    [
        *("9780190246557", "0804429570", "0306406153", "9780306406175"),  # a wrong digit, two swapped digits
        *("", "12", "97801902465", "9770190246556", "X804429570", "978０190246556", "9780190246556 "),
    ],
)
def test_an_isbn_that_is_none_is_refused(isbn):
    with pytest.raises(ValidationError):
        identifiers.check_isbn(isbn)
