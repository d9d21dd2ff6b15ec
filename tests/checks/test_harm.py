"""SAF: what each check finds, and a similar sentence that it accepts."""

import pytest

from checks.preflight import DraftIngredient
from tests.checks.desk import LISTS, NOTE, SOURCES, found, ids, words


def saf(sentence: str, **fields) -> list[str]:
    return [name for name in ids(words(sentence), sources=SOURCES, **fields) if name.startswith("SAF")]


@pytest.mark.parametrize(
    "sentence",
    [
        "It has no side effects.",
        "It works without any side effects.",
        "The herb is completely safe.",
        "Tea is safe for everyone.",
        "An overdose is not a threat.",
        "Overdosing is impossible.",
        "You cannot overdose on it.",
        "There is no risk of an overdose.",
        "It calms like a sleeping pill, but without the side effects.",
        "No harmful side effects, and so fit for toddlers and grandparents alike.",
        "Calm without any adverse effects or risk of dependency.",
        "Non-habit-forming and gentle enough for every night, for life.",
        "Non-toxic and natural, hence safe for the whole family.",
        "Take as much as you like.",
    ],
)
def test_saying_that_nothing_can_go_wrong_blocks(sentence):
    assert saf(sentence) == ["SAF01"]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not completely safe.",
        "Nothing is completely safe.",
        "It is not without side effects.",
        "No side effects were reported in the trial.",
        "Is it safe for everyone?",
        "Sellers claim that it has no side effects.",
        "Side effects are few.",
        "An overdose is dangerous.",
        "It is a myth that you cannot overdose.",
        "Two trials reported no side effects.",
        "Many people think that what is called natural is always safe.",
        "Surgery for a non-toxic goitre is rare.",
        "Eat as much fruit as you like.",
    ],
)
def test_denials_and_what_a_trial_saw_are_left_alone(sentence):
    assert saf(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Take 500 mg of magnesium before bed.[randomised_trial]",
        "A dose of 0.5 g of magnesium is common.[randomised_trial]",
        "Magnesium is sold at 300 to 400 mg a night.[randomised_trial]",
        "Start with 6,000 IU of vitamin D.[randomised_trial]",
        "Vitamin D works best at 150 µg.[randomised_trial]",
        "Choose 500 mg of caffeine with 200 mg of L-theanine.[randomised_trial]",
        "Many take zinc (50 mg) in winter.[randomised_trial]",
    ],
)
def test_a_dose_above_the_limit_on_record_blocks(sentence):
    assert saf(sentence) == ["SAF02"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Take 250 mg of magnesium before bed.[randomised_trial]",
        "Men need 400 to 420 mg of magnesium from food and supplements together.[randomised_trial]",
        "The recommended dietary allowance of magnesium is 420 mg.[randomised_trial]",
        "The upper limit for magnesium is 350 mg, and 500 mg is too much.[randomised_trial]",
        "Above 500 mg, magnesium can cause diarrhoea.[randomised_trial]",
        "Do not take 500 mg of magnesium.[randomised_trial]",
        "In one trial, volunteers took 500 mg of magnesium for eight weeks.[randomised_trial]",
        "A tablet of 1000 mg magnesium oxide is large.[randomised_trial]",
        "Take 200 mg of caffeine with 500 mg of L-theanine.[randomised_trial]",
        "Melatonin comes in many strengths, up to 500 mg.[randomised_trial]",
        "Blood held magnesium at 90 mg/dl.[randomised_trial]",
        "Take 4,000 IU of vitamin D.[randomised_trial]",
        "Add 400 mg of glycine to the magnesium.[randomised_trial]",
        "A cup of spinach gives 400 mg of magnesium.[randomised_trial]",
        "Is 500 mg of magnesium wise?",
    ],
)
def test_need_food_warnings_trials_and_other_substances_are_left_alone(sentence):
    assert saf(sentence) == []


def test_a_trial_above_the_limit_is_told_only_beside_a_note_that_names_the_limit():
    sentence = "In one trial, volunteers took 500 mg of magnesium.[randomised_trial]"
    assert "SAF02" in saf(sentence, safety_note="")


def test_a_dose_without_a_name_is_of_what_the_heading_or_the_title_names():
    paragraph = words("Take 500 mg before bed.[randomised_trial]")
    under = f"<h2>Magnesium at night</h2>{paragraph}"
    assert "SAF02" in ids(under, sources=SOURCES)
    assert "SAF02" in ids(paragraph, sources=SOURCES, title="Magnesium and sleep")
    assert "SAF02" not in ids(paragraph, sources=SOURCES, title="Magnesium or zinc")


def test_the_safety_note_names_the_limit_and_more():
    note = NOTE + "<p>Magnesium: 500 mg have been taken. Zinc 80 mg.</p>"
    assert ids(safety_note=note) == []


def test_the_message_names_the_limit_and_the_hint_who_set_it():
    (finding,) = found(words("Take 45 mg of zinc.[randomised_trial]"), sources=SOURCES)
    assert finding.message == "45 mg of Zinc is above the upper limit on record, 40 mg a day."
    assert "Institute of Medicine" in finding.hint


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("", "there is no safety note"),
        ("<p>The limit is 350 mg.</p>", "who should not take it, interactions"),
        ("<p>Not in pregnancy. Medicines can interact.</p>", "the upper limit"),
    ],
)
def test_a_dose_wants_a_whole_safety_note(note, says):
    body = words("Volunteers took 200 mg of magnesium.[randomised_trial]")
    (finding,) = found(body, sources=SOURCES, safety_note=note)
    assert finding.id == "SAF03" and says in finding.message


def test_without_a_dose_of_an_ingredient_no_note_is_wanted():
    assert saf("Chew slowly for 20 minutes.", safety_note="") == []
    assert saf("Bake with 300 g of flour.[randomised_trial]", safety_note="") == []


def test_names_of_two_letters_are_found_as_they_are_written():
    assert "SAF02" in saf("Take 500 mg of Mg at night.[randomised_trial]")
    only = LISTS.__class__(ingredients=(DraftIngredient(("Mg",), "mg", 1, "x"),))
    assert saf("Take 500 mg at night.[randomised_trial]", lists=only, safety_note="") == []
