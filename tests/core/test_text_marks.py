"""Runs of combining marks are limited before anything is normalised, and left alone in every real script."""

import random
import sys
import unicodedata
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.text import _MANY_MARKS, LONGEST, MAX_MARKS, clean_line, clean_prose, has_words, normalised
from tests.test_architecture import MAY_IMPORT, files

ROOT = Path(__file__).parent.parent.parent
ACUTE, GRAVE_BELOW = "\u0301", "\u0316"
# Each of them behaves differently: composed, reordered, two in one, on a wide letter, and marks that are in no category
# of marks.
MARKS = [ACUTE, GRAVE_BELOW, "\u0344", "\u0f73", "\u3099", "\uff9e", "\u05b0", "\U0001d165", "\u1ed7", "\u1f87", "か"]
marked_text = st.lists(st.tuples(st.sampled_from([*MARKS, "a", "한", " "]), st.integers(1, 40))).map(
    lambda runs: "".join(sign * times for sign, times in runs)
)


def runs(text: str) -> list[int]:
    """Return the length of each run of marks, as UAX15-D3 counts them: in compatibility decomposition."""
    found = [0]
    for character in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(character):
            found[-1] += 1
        else:
            found.append(0)
    return found


@given(marked_text)
def test_no_run_is_longer_than_thirty(text):
    assert max(runs(normalised(text))) <= MAX_MARKS


@given(marked_text)
def test_normalising_twice_is_normalising_once(text):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        once = normalised(text, form)
        assert normalised(once, form) == once


@given(marked_text)
def test_a_text_without_such_a_run_is_what_unicode_makes_of_it(text):
    for form in ("NFC", "NFKD"):
        if max(runs(text)) <= MAX_MARKS:
            assert normalised(text, form) == unicodedata.normalize(form, text)


@pytest.mark.parametrize(
    "text",
    [
        "Việt Nam: tiếng Việt, ngữ ố ậ",
        "בְּרֵאשִׁית בָּרָא אֱלֹהִים",
        "ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ",
        "النَّصُّ الْمُشَكَّلُ",
        "ກູ້ ก็ น้ำ",
        "한국어 텍스트",
        "Z̸̧͎̃a̶̟͝l̵͓͌g̵̟͗o̸̱̊",
        "a" + ACUTE * 30,
    ],
)
def test_what_is_written_anywhere_is_kept_byte_for_byte(text):
    composed = unicodedata.normalize("NFC", text)
    assert clean_line(composed) == clean_prose(composed) == composed


def test_what_lies_behind_a_long_run_is_kept():
    assert normalised("x" + GRAVE_BELOW * 500 + "y" + GRAVE_BELOW) == "x" + GRAVE_BELOW * 30 + "y" + GRAVE_BELOW


def test_the_first_thirty_marks_of_a_letter_are_those_that_stay():
    assert normalised("x" + GRAVE_BELOW * 29 + ACUTE * 20) == "x" + GRAVE_BELOW * 29 + ACUTE


def test_every_mark_of_this_python_belongs_to_a_stretch_that_is_looked_at():
    marks = [sign for sign in map(chr, range(sys.maxunicode + 1)) if sign < "\ud800" or sign > "\udfff"]
    marks = [sign for sign in marks if unicodedata.combining(unicodedata.normalize("NFKD", sign)[0])]
    assert len(marks) > 900
    assert [sign for sign in marks if not _MANY_MARKS.fullmatch(sign * 14)] == []


def test_no_letter_ends_in_more_marks_than_the_stretch_allows_for():
    letters = filter(str.isalpha, map(chr, range(sys.maxunicode + 1)))
    assert max(runs(letter)[-1] for letter in letters if not unicodedata.combining(letter)) <= 3


def test_what_is_too_long_is_refused_before_anything_is_done_with_it():
    for clean in (normalised, clean_line, clean_prose):
        with pytest.raises(ValidationError, match="1000001 characters; at most 1000000 are possible"):
            clean(" " * (LONGEST + 1))


@given(st.text(alphabet=st.sampled_from(" \n\t\0\ufeff\x85aé" + ACUTE)))
def test_whether_words_are_left_is_told_without_cleaning(text):
    assert has_words(text) == bool(clean_prose(text)) == bool(clean_line(text))


def test_a_random_text_of_all_of_unicode_is_what_unicode_makes_of_it():
    luck = random.Random(15)
    for _ in range(300):
        text = "".join(map(chr, (luck.choice(range(0xD800)) for _ in range(500))))
        assert normalised(text) == unicodedata.normalize("NFC", text)


def test_nothing_else_of_ours_normalises():
    normalising = {
        str(path.relative_to(ROOT))
        for path in map(ROOT.joinpath, files(*MAY_IMPORT, "betterment", "demo"))
        if "unicodedata.normalize" in path.read_text() or "is_normalized" in path.read_text()
    }
    assert normalising == {"core/text.py"}
