"""LNG and TIM: what each check finds, and a similar sentence that it accepts."""

import pytest

from checks.preflight.wording import grade, syllables
from tests.checks.desk import SOURCES, found, ids, words

EASY = "The cat sat on the mat and the dog lay by the fire. "
HARD = "Physiological characteristics considerably complicate pharmacological interpretation of gastrointestinal data. "


def advice(body: str) -> list[str]:
    return [each.message for each in found(body) if each.level.value == "advice"]


def test_a_hard_text_is_told_its_grade():
    assert "reads at grade" in advice(f"<p>{HARD * 20}</p>")[0]
    assert advice(f"<p>{EASY * 20}</p>") == []


def test_a_few_words_have_no_grade():
    assert advice(f"<p>{HARD}</p>") == []


def test_long_sentences_are_counted_and_the_longest_is_shown():
    long, longer = ("She slept " + "and slept " * many + "well." for many in (15, 20))
    (finding,) = [each for each in found(f"<p>{long} {longer} Short.</p>") if each.level.value == "advice"]
    assert finding.passage == longer and "2 sentences have more than 30 words; the longest has 43" in finding.message
    assert advice("<p>" + "word " * 29 + "end.</p>") == []


@pytest.mark.parametrize(
    ("word", "count"), [("sleep", 1), ("tired", 1), ("table", 2), ("magnesium", 4), ("evidence", 3), ("the", 1)]
)
def test_syllables_are_about_right(word, count):
    assert abs(syllables(word) - count) <= (0 if count < 3 else 1)


def test_the_grade_is_that_of_kincaid():
    assert round(grade(sentences=5, words=100, parts=150), 2) == 9.91


@pytest.mark.parametrize(
    "sentence",
    [
        "Ask about side-affects.",
        "People who suffer from migraine sleep badly.",
        "Legumes, or leguns, have fibre.",
        "Insomniacs know it.",
        "The elderly sleep less.",
    ],
)
def test_a_slip_and_a_term_that_is_not_ours_warn(sentence):
    assert ids(words(sentence)) == ["LNG02"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ask about side effects.",
        "People with migraine sleep badly.",
        "She called herself “an addict” in her memoir.",
        "They came all together in one room.",
        "The alcohol-free drink is sweet.",
        "Leave alcoholic drinks for the weekend.",
        "The trials suffer from small numbers.",
    ],
)
def test_our_own_words_and_those_of_others_are_left_alone(sentence):
    assert ids(words(sentence)) == []


def test_a_term_is_said_once_in_a_field_and_shows_what_to_write():
    (finding,) = found(words("Utilize it. Then utilize it again."))
    assert (finding.passage, "Write “use”." in finding.hint) == ("Utilize", True)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is currently under study.",
        "A recent survey asked about naps.",
        "This year, many have turned to tea.",
        "In 2025, sales of tea doubled.",
        "By 2030 every bedroom will be cooler.",
    ],
)
def test_what_will_not_be_true_for_long_warns(sentence):
    assert ids(words(sentence)) == ["TIM01"]


@pytest.mark.parametrize(
    "sentence",
    [
        "If you are currently taking a medicine, ask first.",
        "Anyone currently pregnant should ask.",
        "Tell your doctor about recent surgery.",
        "A recent surgery changes sleep.",
        "You have recently had a baby.",
        "The book Recent Advances in Sleep is long.",
        "In 1997, the limit was set.",
        "A 2025 review pooled the trials.[randomised_trial]",
        "A 2025 review pooled the trials.",
        "The Act of 2025 is in force.",
        "In 2025, sleep was longer.[randomised_trial]",
        "The room has 2025 chairs, or 2,025 to be exact.",
        "Was this year harder?",
    ],
)
def test_the_readers_own_present_and_dated_things_are_left_alone(sentence):
    assert "TIM01" not in ids(words(sentence), sources=SOURCES)
