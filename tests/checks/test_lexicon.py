"""The lexicon finds the longest of its terms, in the spellings that texts use, and keeps positions."""

from checks.preflight.lexicon import Lexicon, TaggedText

LEXICON = Lexicon(
    [("blood pressure", "M"), ("high blood pressure", "D"), ("allergy", "D"), ("IBS", "D"), ("E. coli", "G")]
    + [("St. John’s wort", "S"), ("Alzheimer’s", "D"), ("gout", "D"), ("gout", "")]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(each.tag, text[each.start : each.end]) for each in LEXICON.find(text)]


def test_the_longest_term_is_found():
    assert found("High blood pressure, or blood pressure.") == [("D", "High blood pressure"), ("M", "blood pressure")]


def test_plurals_hyphens_and_straight_apostrophes_are_found():
    assert found("allergies, high-blood-pressure, Alzheimer's") == [
        ("D", "allergies"),
        ("D", "high-blood-pressure"),
        ("D", "Alzheimer's"),
    ]


def test_initials_are_found_with_their_full_stop():
    assert found("St. John’s wort against E. coli") == [("S", "St. John’s wort"), ("G", "E. coli")]


def test_short_capitals_are_found_as_they_are_written():
    assert found("IBS, ibs") == [("D", "IBS")]


def test_a_term_does_not_reach_over_a_comma_or_into_a_word():
    assert found("high, blood pressures and gouty") == [("M", "blood pressures")]


def test_an_empty_tag_takes_a_term_out():
    assert found("gout") == []


def test_positions_in_the_tagged_text_lead_back_to_the_original():
    tagged = TaggedText("My high blood pressure and allergies.", LEXICON)
    assert tagged.text == "My D and D."
    assert [tagged.at(place) for place in (0, 3, 5, 9, 10)] == [0, 3, 23, 27, 36]
