"""Citation marks and their numbers, by key and in the order of first use."""

from hypothesis import given
from hypothesis import strategies as st

from articles.citations import marks_from_typing, marks_in, number
from core.html import sanitise

KEYS = ("abbasi2012", "boyle2017", "mah2021", "zhang2022")
marks = st.lists(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3), max_size=8)


def mark(*keys: str) -> str:
    return f'<sup data-cite="{" ".join(keys)}"></sup>'


def test_numbers_follow_the_first_use():
    text = f"<p>B{mark('boyle2017')} A{mark('abbasi2012')} B again{mark('boyle2017')}</p>"

    assert number([text], KEYS) == {"boyle2017": 1, "abbasi2012": 2}


def test_keys_in_one_mark_are_numbered_in_the_order_they_stand_there():
    assert number([mark("mah2021", "abbasi2012")], KEYS) == {"mah2021": 1, "abbasi2012": 2}


def test_a_second_text_goes_on_where_the_first_ended():
    texts = [mark("mah2021"), mark("abbasi2012", "mah2021")]

    assert number(texts, KEYS) == {"mah2021": 1, "abbasi2012": 2}


def test_an_unknown_key_takes_no_number_away():
    assert number([mark("nobody1999"), mark("mah2021")], KEYS) == {"mah2021": 1}


def test_a_mark_is_found_whatever_stands_in_it():
    html = f'<p><sup data-cite="mah2021">[17]</sup> 10 m<sup>2</sup> {mark("zhang2022")}</p>'

    assert marks_in(html) == [["mah2021"], ["zhang2022"]]


def test_only_a_sup_with_keys_is_a_mark():
    assert marks_in('<span data-cite="mah2021">x</span><sup data-cite="">x</sup><sup>2</sup>') == []


@given(marks)
def test_numbers_are_whole_from_one_and_each_key_has_one(uses):
    numbers = number(["".join(mark(*keys) for keys in uses)], KEYS)

    assert list(numbers.values()) == list(range(1, len(numbers) + 1))
    assert set(numbers) == {key for keys in uses for key in keys}


@given(marks)
def test_repeating_the_text_changes_no_number(uses):
    text = "".join(mark(*keys) for keys in uses)

    assert number([text, text], KEYS) == number([text], KEYS)


def test_a_typed_mark_becomes_the_mark_it_stands_for():
    assert marks_from_typing("Longer.[@mah2021]") == f"Longer.{mark('mah2021')}"


def test_several_typed_keys_are_one_mark_without_repetition():
    typed = "[@mah2021; @boyle2017, mah2021]"

    assert marks_from_typing(typed) == mark("mah2021", "boyle2017")


def test_brackets_that_are_no_mark_stay():
    for text in ("[mah2021]", "[@]", "[@Mah2021]", "a@b.example [sic]", "[@mah2021"):
        assert marks_from_typing(text) == text


@given(st.text())
def test_typing_never_makes_more_than_marks(text):
    """No typed text turns into an attribute or a tag other than a citation mark."""
    made = marks_from_typing(f"[@{text}]")

    assert made == f"[@{text}]" or made == sanitise(made)
