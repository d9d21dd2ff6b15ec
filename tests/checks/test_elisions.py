"""What a quotation leaves out or inserts does not hide a claim, and positions lead back to the original."""

import pytest

from checks.preflight.elisions import Unbroken
from tests.checks.desk import GUMMY, SOURCES, found, words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Elecampane . . . heals coughs … and colds", "Elecampane heals coughs and colds"),
        ("[Y]acon[,] a root [sic], is sweet", "Yacon, a root, is sweet"),
        ("…lowers it. . . .", "lowers it."),
        ("12. Eases gout", "Eases gout"),
        ("gas · reflux • colic", "gas, reflux, colic"),
        ("A plain sentence.", "A plain sentence."),
    ],
)
def test_marks_are_read_over(text, read):
    assert Unbroken(text).text == read


def test_positions_lead_back_to_the_original():
    text = "[Y]acon . . . eases gout."
    unbroken = Unbroken(text)
    place = unbroken.text.index("eases")
    assert text[unbroken.at(place) :].startswith("eases")
    assert unbroken.at(0) == 0


def test_a_claim_with_something_left_out_is_found():
    sentence = "Elecampane . . . has long been used . . . to treat pneumonia . . ."
    findings = found(words(sentence), products=(GUMMY,), sources=SOURCES, disclosure="We sell it.")
    assert [each.level.value for each in findings if each.id == "CLM01"] == ["blocker"]
