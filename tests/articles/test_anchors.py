"""The anchors of headings never change for the same text, because other sites link to them."""

from django.utils.text import slugify
from hypothesis import given
from hypothesis import strategies as st

from articles.rendering import PAGE_ANCHORS, render

WORDS = [
    "Sleep",
    "sleep",
    "Sleep 2",
    "Sleep-2",
    "Sleep 2-2",
    "",
    "2",
    "Sources",
    "source 1",
    "Łukasz",
    "é\u0301",
    "x" * 70,
]


def searched(titles: list[str]) -> list[str]:
    """Return the anchors by the simple rule: each repeated heading gets the first free number from 2 on."""
    taken, anchors = set(PAGE_ANCHORS), []
    for title in titles:
        base = slugify(title)[:60].strip("-") or "section"
        base = f"section-{base}" if base.startswith(("source-", "mark-")) else base
        anchor, count = base, 1
        while anchor in taken:
            count += 1
            anchor = f"{base}-{count}"
        taken.add(anchor)
        anchors.append(anchor)
    return anchors


def anchors_of(titles: list[str]) -> list[str]:
    html = "".join(f"<h2>{title}</h2>" for title in titles)
    return [heading["anchor"] for heading in render(html, "", {}).headings]


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_each_heading_has_the_anchor_that_it_always_had(titles):
    assert anchors_of(titles) == searched(titles)


def test_anchors_go_on_in_the_safety_note():
    note = render("<h2>Sleep</h2><h2>Sleep</h2>", "<h2>Sleep</h2>", {})
    assert [heading["anchor"] for heading in note.headings] == ["sleep", "sleep-2", "sleep-3"]


def test_marks_beyond_those_that_are_kept_are_no_part_of_an_anchor():
    below, above = "\u0316" * 15, "\u0301\u0316" * 15
    letters = "".join(f"<em>{letter}{above}</em>{below}" for letter in "sleep")
    assert anchors_of([letters]) == ["sleep"]
