"""Text that people type is normalised as soon as it arrives."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean_line, clean_prose, has_unseen, strip_controls, whole_number

CONTROLS = [chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029)]
BIDI = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]

PARTING = ["\t", "\n", "\v", "\f", "\r", "\r\n", "\x1f", "\x85", "\u2028", "\u2029"]
INVISIBLE = ["\0", "\x08", "\x1b", "\x7f", "\x9f", "\ufeff", "\uffff", *BIDI]

# Hypothesis leaves lone surrogates out of text(), but people's browsers send them.
ODD = st.sampled_from([*CONTROLS, *BIDI, "\ud800", "\u0301", " "])
any_text = st.text(alphabet=st.one_of(st.characters(), ODD))


def test_no_control_character_stays_in_a_line():
    assert [ascii(one) for one in CONTROLS if one != " " and one in clean_line(f"Sleep{one}well")] == []


def test_a_control_character_that_parts_words_becomes_a_space():
    assert {ascii(one): clean_line(f"Sleep{one}well") for one in PARTING} == {
        ascii(one): "Sleep well" for one in PARTING
    }


@pytest.mark.parametrize("control", INVISIBLE, ids=ascii)
def test_a_character_without_any_width_vanishes(control):
    assert clean_line(f"Sle{control}ep") == "Sleep"
    assert clean_prose(f"Sle{control}ep") == "Sleep"


def test_a_lone_surrogate_is_removed_so_that_the_text_can_be_encoded():
    assert clean_line("a\ud83d b\udc00").encode() == b"a b"
    assert clean_prose("a\ud83d\nb\udc00").encode() == b"a\nb"


def test_white_space_in_a_line_is_collapsed_and_its_ends_stripped():
    assert clean_line("  Magnesium \u00a0\u2003 and\n\n sleep\u00a0") == "Magnesium and sleep"


def test_a_decomposed_umlaut_is_composed():
    assert clean_line("Mu\u0308ller") == clean_prose("Mu\u0308ller") == "Müller"


def test_an_accent_joins_its_letter_once_the_control_between_them_is_gone():
    assert clean_line("e\0\u0301") == "é"


@pytest.mark.parametrize("text", ["Zoë Müller-Łukasz", "睡眠", "نمی‌خواهم", "👩‍🔬", "5 µg ± 2 %", "a – “b”"])
def test_ordinary_text_is_left_alone(text):
    assert clean_line(text) == clean_prose(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_every_kind_of_line_end_becomes_a_line_feed(end):
    assert clean_prose(f"one{end}two") == "one\ntwo"


def test_prose_keeps_tabs_inner_spaces_and_blank_lines_between_paragraphs():
    assert clean_prose("a\tb  c\n\nd") == "a\tb  c\n\nd"


def test_prose_loses_trailing_blanks_and_outer_blank_lines_but_not_an_indent():
    assert clean_prose(" \n\n  one \t\ntwo\u00a0\n \n") == "  one\ntwo"


@pytest.mark.parametrize("clean", [clean_line, clean_prose])
def test_nothing_stays_nothing(clean):
    assert clean("") == clean(" \n\t\0 ") == ""


@pytest.mark.parametrize("clean", [clean_line, clean_prose, strip_controls])
@given(text=any_text)
def test_cleaning_twice_is_cleaning_once(clean, text):
    once = clean(text)
    assert clean(once) == once


@given(text=any_text)
def test_a_cleaned_line_is_one_printable_line(text):
    line = clean_line(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in line)
    assert line.splitlines() in ([], [line])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)),
        *((text, None) for text in (None, "", "-1", "+1", " 1", "1\n", "1.0", "1e3", "²", "٣", "9" * 19, "9" * 5_000)),
    ],
)
def test_a_number_names_a_row_where_a_column_can_hold_it(text, number):
    assert whole_number(text) == number


def test_characters_that_cannot_be_seen_are_found():
    for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xAD, 0x3164, 0x07):
        assert has_unseen(f"Ada{chr(code)}"), hex(code)


@pytest.mark.parametrize("name", ["Ada  Wren\n", "Zoë Ångström", "José", "محمد علي", "葛󠄀城", "O’Neil-Søndergård"])
def test_names_in_other_scripts_have_nothing_that_cannot_be_seen(name):
    assert not has_unseen(name)
