"""Citation keys that are made for new sources."""

import pytest
from django.db import IntegrityError

from sources import new_keys
from sources.models import Source
from tests import newsroom


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"authors": "Abbasi, Behnood\nKimiagar, Masud", "year": 2012}, "abbasi2012"),
        ({"authors": "de Baaij, Jeroen", "year": 2015}, "debaaij2015"),
        ({"authors": "{World Health Organization}", "year": 2020}, "world2020"),
        ({"authors": "Ørsted, Łukasz"}, "orsted"),
        ({"editors": "Roe, Ann", "title": "A book", "year": 1999}, "roe1999"),
        ({"title": "Insomnia", "year": 2024}, "insomnia2024"),
        ({"authors": "李, 明", "year": 2024}, "source2024"),
        ({}, "source"),
    ],
)
def test_a_key_is_the_first_author_and_the_year(db, fields, key):
    assert new_keys.free_key(fields) == key


def test_a_letter_follows_if_the_key_is_taken(db):
    newsroom.source("roe2021")
    newsroom.source("roe2021a")
    assert new_keys.free_key({"authors": "Roe, Ann", "year": 2021}) == "roe2021b"


def made(**fields) -> Source:
    return Source(title="A trial", authors="Roe, Ann", year=2021, evidence="cohort", **fields)


def test_a_key_that_was_chosen_stays(db):
    assert new_keys.save_with_key(made(key="own2021")).key == "own2021"


def test_a_key_that_somebody_takes_in_the_meantime_is_made_again(db):
    taken = iter(["roe2021", "roe2021", "roe2021a"])
    newsroom.source("roe2021")

    def late(source: Source) -> str:
        """Stand for two requests that looked at the library before either had saved."""
        return next(taken)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(new_keys, "free_key", late)
        assert new_keys.save_with_key(made()).key == "roe2021a"


def test_what_is_refused_for_another_reason_is_not_tried_again(db):
    newsroom.source("other2021", doi="10.1000/roe")
    with pytest.raises(IntegrityError):
        new_keys.save_with_key(made(doi="10.1000/roe"))
