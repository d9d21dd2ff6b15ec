"""Addresses made of names: every Latin letter stays, as another letter where it has to."""

import unicodedata

import pytest

from core.slugs import slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łukasz Żółw", "lukasz-zolw"),
        ("Prof. Bjørn Þórsson", "prof-bjorn-thorsson"),
        ("Đặng Ðorđe", "dang-dorde"),
        ("Maß Œuvre-Næss", "mass-oeuvre-naess"),
        ("Işıl Əliyev", "isil-eliyev"),
        ("Ǿrsted", "orsted"),
        ("ẞ", "ss"),
        ("Ana María O’Neill", "ana-maria-oneill"),
        ("_Doe_", "doe"),
        ("李", ""),
        ("", ""),
    ],
)
def test_a_name_keeps_its_letters(name, slug):
    assert slug_of(name) == slug


def test_no_letter_of_a_european_language_is_lost():
    letters = [chr(code) for code in range(0xC0, 0x180) if unicodedata.category(chr(code)).startswith("L")]
    assert [letter for letter in letters if not slug_of(letter)] == []


def test_an_address_is_cut_without_a_hyphen_at_its_end():
    assert slug_of("ab cd ef", longest=6) == "ab-cd"
