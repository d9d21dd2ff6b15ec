"""For any text, the checks end, find the same twice, and show passages that occur in the text."""

from hypothesis import given
from hypothesis import strategies as st

from checks import preflight
from checks.preflight import reading
from core.html import sanitise, text_of
from core.text import clean_line, strip_controls
from tests.checks.desk import GEL, GUMMY, SOURCES, draft

WORDS = st.sampled_from(
    [
        *("studies show", "linked to", "magnesium", "500 mg", "1,000", "40 IU", "vitamin D", "12%", "treats insomnia"),
        *("proven", "no side effects", "Evening Gummies", "supports sleep", "currently", "in 2025", "leguns", "e.g."),
        *(
            "Dr.",
            "“quoted",
            "words”",
            '"',
            "?",
            ".",
            "…",
            "\u2009",
            "\u00a0",
            "\u0301",
            "ẞ",
            "İ",
            "µg",
            "é",
            "one in five",
        ),
        *(
            "<p>",
            "</p>",
            "<h2>",
            "</h2>",
            "<ul><li>",
            "</li></ul>",
            "<br>",
            "<blockquote>",
            "<table><tr><td>",
            "</table>",
        ),
        *('<sup data-cite="cohort"></sup>', '<sup data-cite="nobody">1</sup>', "<sup>2</sup>", "&amp;", "&lt;b&gt;"),
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=8), max_size=40).map(" ".join)


def standing(text: str) -> str:
    return " ".join(clean_line(line) for line in strip_controls(text).split("\n"))


@given(body=TEXTS, note=TEXTS, line=st.text(max_size=40) | TEXTS, products=st.sampled_from([(), (GUMMY,), (GEL,)]))
def test_every_passage_stands_in_its_field(body, note, line, products):
    text = draft(
        sanitise(body),
        safety_note=sanitise(note),
        title=clean_line(line),
        key_messages=(clean_line(line), "A message."),
        disclosure="",
        sources=SOURCES,
        products=products,
    )
    found = preflight.run(text)
    assert found == preflight.run(text)
    reading.read.cache_clear()
    assert found == preflight.run(text)
    keys = {source.key for source in SOURCES} | {"nobody"}
    for each in found:
        assert len(each.passage) <= 300 or each.id.startswith("STR")
        if each.field in ("body", "safety_note") and not each.id.startswith("STR"):
            assert each.passage in keys or each.passage in text_of(getattr(text, each.field))
        elif each.field in ("title", "standfirst"):
            assert each.passage in standing(getattr(text, each.field))
        elif each.field == "key_messages":
            assert any(each.passage in standing(message) for message in text.key_messages)


@given(TEXTS)
def test_sentences_hold_all_words_of_a_text_and_no_other(html):
    html = sanitise(html)
    sentences = reading.read(html)
    assert "".join("".join(each.text.split()) for each in sentences) == "".join(text_of(html).split())
    assert all(len(each.said) == len(each.text) for each in sentences)
