"""How a text is split into sentences: where they end, what they cite, and their heading."""

import pytest

from checks.preflight.reading import read, read_plain
from tests.checks.desk import words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Smith et al. found 2.5 mg vs. 5 mg, e.g. in tea. Then they stopped.", 2),
        ("It is vitamin C. It is sour.", 2),
        ("J. B. Doe wrote it. A. Roe read it.", 2),
        ("“Is it so?” she asked. “Yes.” He left.", 3),
        ("See Fig. 3 and no. 4 of vol. 12.", 1),
        ("The answer is no. The rest is silence.", 2),
        ("At 8 a.m. it rains. At 9 p.m. Most sleep.", 3),
        ("In the U.S. Department they agreed. In the U.S. The rest did not.", 3),
        ("Wait… what? No!", 2),
        ("It cost 3.50 and weighed 1\u2009000 g.", 1),
        ("", 0),
    ],
)
def test_a_sentence_ends_where_it_ends(text, count):
    assert len(read(words(text))) == count
    assert len(read_plain(text)) == count


def test_marks_belong_to_the_sentence_that_they_stand_in_or_follow():
    sentences = read(words("One[a] more. Two.[b c] Three."))
    assert [each.keys for each in sentences] == [("a",), ("b", "c"), ()]
    assert [each.text for each in sentences] == ["One more.", "Two.", "Three."]


def test_a_mark_parts_two_sentences_that_lack_a_blank():
    assert [each.text for each in read(words("One.[a]Two."))] == ["One.", "Two."]


def test_the_last_mark_closes_the_paragraph_and_a_line_break_does_not_end_it():
    first, second = read('<p>One.<br>Two.<sup data-cite="a"></sup></p>')
    assert first.closing == second.closing == ("a",)


def test_what_stands_under_a_heading_knows_it():
    kinds = [(each.kind, each.heading) for each in read("<p>a</p><h2>H</h2><p>b</p><h3>I</h3><ul><li>c</li></ul>")]
    assert kinds == [("p", ""), ("h2", ""), ("p", "H"), ("h3", "H"), ("li", "I")]


def test_quotations_are_blanked_place_for_place():
    (sentence,) = read("<p>They say “it is proven” often.</p>")
    assert len(sentence.said) == len(sentence.text) and "proven" not in sentence.said
    (quoted,) = read("<blockquote><p>It is proven.</p></blockquote>")
    assert set(quoted.said) == {"·"}
