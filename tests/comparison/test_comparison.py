"""The comparison of two texts: passages are paired, words are marked, nothing is lost, and the time is bounded."""

import random
from html import escape

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from comparison import FieldKind, TextVersion, compare
from comparison.aligning import AWAY, align
from comparison.blocks import blocks_of_html, blocks_of_text, split
from comparison.conflicts import difference
from comparison.marking import Sides
from comparison.matching import matches
from comparison.showing import merged, side_by_side
from comparison.words import DELETE, INSERT, segments
from core.html import sanitise, text_of
from core.text import clean_line
from tests.growth.measuring import grows_too_fast

KINDS = {"body": FieldKind.HTML, "picture": FieldKind.VALUE}
CITE = '<sup data-cite="{}"></sup>'


def version(body: str = "", **fields) -> TextVersion:
    sources, byline = fields.pop("sources", {}), fields.pop("byline", ())
    return TextVersion({"body": body, **fields}, KINDS, sources, byline)


def changes(old: str, new: str) -> list:
    found = compare(version(old), version(new)).fields
    return list(found[0].changes) if found else []


def states(old: str, new: str) -> list[str]:
    return [change.state for change in changes(old, new)]


def told(change) -> list[list[tuple[str, str]]]:
    """Return the segments of each cell as pairs of the first letter of the operation and the text."""
    return [[(segment.op[0], segment.text) for segment in cell.segments] for cell in change.cells]


# Texts for the properties

words = st.sampled_from(
    ["sleep", "was", "longer", "by", "17.5", "minutes", "it’s", "well-known", "&amp;", ".", ",", "ß"]
)
inline = st.lists(
    st.one_of(
        words,
        words.map(lambda word: f"<strong>{word}</strong>"),
        words.map(lambda word: f'<a href="/{escape(word)}">{word} x</a>'),
        st.sampled_from([CITE.format("doe2020"), CITE.format("doe2020 roe2021"), "<br>", "&nbsp;"]),
    ),
    min_size=1,
    max_size=12,
).map(" ".join)
block = st.one_of(
    st.tuples(st.sampled_from(["p", "h2", "h3", "blockquote"]), inline).map(
        lambda pair: "<{0}>{1}</{0}>".format(*pair)
    ),
    inline.map(lambda text: f'<aside class="note"><h3>Note</h3><p>{text}</p></aside>'),
    st.lists(inline, min_size=1, max_size=3).map(lambda rows: f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>"),
    st.lists(st.lists(inline, min_size=1, max_size=3), min_size=1, max_size=3).map(
        lambda rows: (
            "<table><caption>T</caption><tbody>"
            + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
            + "</tbody></table>"
        )
    ),
    inline,
)
html = st.lists(block, max_size=8).map(lambda blocks: sanitise("".join(blocks)))
plain = st.text(alphabet="ab .,\n\t–é", max_size=60)


@given(html)
def test_a_text_does_not_differ_from_itself(text):
    assert not compare(version(text), version(text))
    assert all(change.state == "unchanged" for change in align(blocks_of_html(text), blocks_of_html(text)))


@given(plain, plain)
def test_equal_and_deleted_words_are_the_old_text_equal_and_inserted_ones_the_new(old, new):
    found = segments(tuple(split(old)), tuple(split(new)))
    assert "".join(segment.text for segment in found if segment.op != INSERT) == old
    assert "".join(segment.text for segment in found if segment.op != DELETE) == new


@given(html, html)
def test_both_texts_can_be_read_from_their_comparison(old, new):
    found = align(blocks_of_html(old), blocks_of_html(new))
    for side, blocks in (("old", blocks_of_html(old)), ("new", blocks_of_html(new))):
        other = INSERT if side == "old" else DELETE
        seen = {}
        for change in found:
            if change.state == AWAY or getattr(change, side) is None:
                continue
            cells = [cell for cell in change.cells if getattr(cell, side) is not None]
            seen[getattr(change, f"{side}_place")] = " | ".join(
                "".join(segment.text for segment in cell.segments if segment.op != other) for cell in cells
            )
        assert seen == {place: block.text for place, block in enumerate(blocks)}


@given(html, html)
def test_counts_are_the_difference_in_words_and_the_other_way_round_the_same(old, new):
    def total(text: str) -> int:
        return sum(token.is_word for block in blocks_of_html(text) for cell in block.cells for token in cell.tokens)

    there = compare(version(old), version(new))
    assert there.words_added - there.words_removed == total(new) - total(old)
    assert there.words_added <= total(new) and there.words_removed <= total(old)


@given(html)
def test_passages_hold_every_word_that_a_reader_reads(text):
    read = [
        line
        for found in blocks_of_html(text)
        for cell in found.cells
        for line in "".join(token.text for token in cell.tokens if token.atom != "cite").split("\n")
    ]
    assert [clean_line(line) for line in read if clean_line(line)] == text_of(text).split(
        "\n" if text_of(text) else None
    )


@given(html)
def test_the_markup_of_the_passages_says_what_the_text_says(text):
    for found in blocks_of_html(text):
        wrapped = f"<table><tbody>{found.html}</tbody></table>" if found.within == "table" else found.html
        again = blocks_of_html(f"<{found.within}>{wrapped}</{found.within}>" if found.kind == "li" else wrapped)
        assert [one.key for one in again] == [found.key]


@given(st.lists(st.integers(0, 5), max_size=40), st.lists(st.integers(0, 5), max_size=40))
def test_matches_are_equal_items_in_ascending_order(old, new):
    found = matches(old, new)
    assert all(old[i] == new[j] for i, j in found)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in zip(found, found[1:], strict=False))


@given(html, html)
def test_the_only_tags_are_ours_whatever_is_compared(old, new):
    for change in compare(version(old, title="<b onclick=x>"), version(new, title='"><script>')).fields:
        for shown in (merged(change), side_by_side(change)):
            assert "<script" not in shown and "<b " not in shown and "<a" not in shown


# The wording


def test_an_edited_paragraph_is_paired_with_its_former_self():
    old = "<p>One trial lasted eight weeks.</p><p>Sleep was longer by 17 minutes.</p>"
    new = "<p>Something new stands here.</p><p>One trial lasted eight weeks.</p><p>Sleep was longer by 19 minutes.</p>"
    assert states(old, new) == ["added", "unchanged", "changed"]
    assert told(changes(old, new)[2]) == [[("e", "Sleep was longer by "), ("d", "17"), ("i", "19"), ("e", " minutes.")]]


def test_a_moved_paragraph_is_followed_to_its_new_place_and_counts_for_nothing():
    first, second = "<p>Sleep was longer by 17 minutes.</p>", "<p>Nobody knows why this would be so.</p>"
    found = changes(first + second + "<h2>End</h2>", second + "<h2>End</h2>" + first)
    assert [(change.state, change.moved) for change in found] == [
        ("away", False),
        ("unchanged", False),
        ("unchanged", False),
        ("unchanged", True),
    ]
    comparison = compare(version(first + second), version(second + first))
    assert (comparison.words_added, comparison.words_removed) == (0, 0)
    assert comparison


def test_a_citation_is_one_atom_shown_as_its_keys():
    old, new = "<p>So{}.</p>".format(CITE.format("doe2020")), "<p>So{}.</p>".format(CITE.format("doe2020 roe2021"))
    assert told(changes(old, new)[0]) == [[("e", "So"), ("d", "[doe2020]"), ("i", "[doe2020, roe2021]"), ("e", ".")]]


def test_a_table_is_compared_by_row_and_cell():
    row = "<tr><td>{}</td><td>{}</td></tr>".format
    table = "<table><tbody>{}</tbody></table>".format
    found = changes(table(row("Adults", 300) + row("Children", 100)), table(row("Adults", 310) + row("Children", 100)))
    assert [change.state for change in found] == ["changed", "unchanged"]
    assert told(found[0]) == [[("e", "Adults")], [("d", "300"), ("i", "310")]]


def test_a_new_column_is_new_in_every_row_and_moves_no_other():
    old = "<table><tbody><tr><th>Age</th><th>mg</th></tr><tr><td>Adults</td><td>300</td></tr></tbody></table>"
    new = (
        "<table><tbody><tr><th>Age</th><th>Sex</th><th>mg</th></tr>"
        "<tr><td>Adults</td><td>F</td><td>310</td></tr></tbody></table>"
    )
    assert told(changes(old, new)[1]) == [[("e", "Adults")], [("i", "F")], [("d", "300"), ("i", "310")]]


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ("<p>so <strong>it is</strong></p>", "<p>so it is</p>", "no longer bold"),
        ("<p>so it is</p>", '<p>so <a href="/a">it</a> is</p>', "now linked to /a"),
        ('<p><a href="/a">it</a> is</p>', '<p><a href="/b">it</a> is</p>', "now linked to /b; no longer linked to /a"),
        ("<p>The same</p>", "<h2>The same</h2>", "was a paragraph, now a heading"),
        ("<ul><li>x</li></ul>", "<ol><li>x</li></ol>", "was in a bulleted list, now in a numbered list"),
    ],
)
def test_what_is_no_word_is_said_in_words_and_counts_for_none(old, new, remark):
    comparison = compare(version(old), version(new))
    assert (comparison.words_added, comparison.words_removed) == (0, 0)
    assert remark in merged(comparison.fields[0]) and remark in side_by_side(comparison.fields[0])


def test_another_alternative_text_or_picture_is_a_change():
    image = '<figure><img src="/media/pictures/{}.webp" alt="{}"><figcaption>C</figcaption></figure>'.format
    for other in (image("a", "A dog"), image("b", "A cat")):
        comparison = compare(version(image("a", "A cat")), version(other))
        shown = merged(comparison.fields[0])
        assert states(image("a", "A cat"), other) == ["changed"]
        assert shown.count("<img ") == 2 and 'src="/media/pictures/a.webp"' in shown


def test_a_picture_of_somebody_else_is_never_loaded():
    for address in ("https://tracker.example/x.gif", "/media/../x", '/media/"onerror=', "javascript:1"):
        change = compare(version(), version(f'<p><img src="{escape(address)}" alt="x"></p>')).fields[0]
        assert "<img" not in merged(change)


def test_lists_of_lists_and_note_boxes_are_one_passage_each():
    text = '<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul><aside class="note"><h3>N</h3><p>x</p></aside>'
    assert [(found.kind, found.text) for found in blocks_of_html(text)] == [
        ("li", "a\nb\nc"),
        ("li", "d"),
        ("note", "N\nx"),
    ]


def test_lines_of_plain_text_are_passages():
    found = compare(version(key="One.\nTwo."), version(key="One.\nTwo and more.\nThree."))
    assert [change.state for change in found.fields[0].changes] == ["unchanged", "changed", "added"]
    assert [block.text for block in blocks_of_text("a\n\nb")] == ["a", "", "b"]


def test_only_markup_that_differs_is_said_to_be_only_markup():
    comparison = compare(version("<p>x</p>\n<p>y</p>"), version("<p>x</p><p>y</p>"))
    assert comparison and comparison.fields[0].is_only_markup


def test_sources_and_byline_are_compared_too():
    comparison = compare(
        version(sources={"doe2020": "Doe J. 2020.", "roe2021": "Roe."}, byline=["Wanda, MSc", "Ada"]),
        version(sources={"doe2020": "Doe J. 2021.", "abc2022": "Abc."}, byline=["Ada", "Ben"]),
    )
    assert (comparison.sources_added, comparison.sources_removed) == (("abc2022",), ("roe2021",))
    assert [row.key for row in comparison.sources_changed] == ["doe2020"]
    assert (comparison.authors_added, comparison.authors_removed) == (("Ben",), ("Wanda, MSc",))
    assert compare(version(byline=["a", "b"]), version(byline=["b", "a"])).is_byline_reordered


def test_common_words_between_large_changes_do_not_tear_a_sentence_apart():
    old, new = "Nobody really understood the reason of sleep", "Everyone has now measured the length of naps"
    found = segments(tuple(split(old)), tuple(split(new)))
    assert [segment.op for segment in found] == [DELETE, INSERT]


def test_long_unchanged_runs_are_folded_and_neighbours_of_a_change_are_not():
    paragraphs = [f"<p>Paragraph number {place} is as it was.</p>" for place in range(9)]
    old, new = "".join(paragraphs), "".join(paragraphs[:4] + ["<p>New.</p>"] + paragraphs[4:])
    shown = merged(compare(version(old), version(new)).fields[0])
    assert shown.count("<details") == 2 and "3 unchanged paragraphs" in shown and "4 unchanged paragraphs" in shown


def test_changes_are_said_in_words_and_not_by_colour_alone():
    shown = merged(compare(version("<p>one two three four</p>"), version("<p>one two three five</p>")).fields[0])
    assert "Changed paragraph" in shown and "[removed: " in shown and "[added: " in shown


def test_html_that_cannot_be_read_is_compared_as_text():
    endless = "<p a b c>" * 5_000
    with pytest.raises(ValidationError):
        blocks_of_html(endless)
    assert compare(version(endless), version("<p>x</p>"))


# Time


def paragraphs(texts: list[str], size: int) -> str:
    return "".join(f"<p>{' '.join(texts[start : start + size])}.</p>" for start in range(0, len(texts), size))


COMMON = ["the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "are"]


@pytest.mark.parametrize("size", [50, 20_000], ids=["in paragraphs", "in one paragraph"])
@pytest.mark.parametrize("share", [0, 0.5, 1], ids=["no word in common", "every other word common", "few words only"])
def test_a_comparison_of_twice_as_many_words_takes_no_more_than_twice_as_much_work(size, share):
    def prepare(words: int):
        luck = random.Random(20)

        def text(letter: str) -> str:
            common = [luck.choice(COMMON) if luck.random() < share else "" for _ in range(words)]
            return paragraphs([word or f"{letter}{luck.random():.9f}" for word in common], size)

        old, new = text("x"), text("y")
        return lambda: compare(version(old), version(new))

    assert grows_too_fast(prepare, 20_000) == ""


# Two people at once

NAMES = Sides("Saved by Ed", "Yours", "only saved", "only yours")


def test_each_piece_of_a_conflict_says_who_changed_it_where_that_is_known():
    lines = [f"This is the line with the number {word} in it." for word in ("one", "two", "three", "four")]
    theirs, mine = lines.copy(), lines.copy()
    theirs[0] = lines[0].replace("number", "figure")
    mine[1] = lines[1].replace("number", "digit")
    theirs[2], mine[2] = lines[2].replace("number", "figure"), lines[2].replace("number", "digit")
    theirs.append("They have added these few words.")
    found = difference("body", "Body", FieldKind.TEXT, "\n".join(theirs), "\n".join(mine), NAMES, "\n".join(lines))
    assert [piece.who for fold in found.folds for piece in fold.pieces] == ["them", "you", "both", "", "them"]
    assert found.theirs_alone == 2


def test_without_a_common_beginning_nobody_is_named():
    found = difference("body", "Body", FieldKind.TEXT, "a", "b", NAMES)
    assert [piece.who for fold in found.folds for piece in fold.pieces] == [""]


def test_a_piece_taken_out_by_one_side_is_told_from_one_put_in_by_the_other():
    gone = difference("body", "Body", FieldKind.HTML, "<p>x</p>", "<p>x</p><p>y z</p>", NAMES, "<p>x</p><p>y z</p>")
    put_in = difference("body", "Body", FieldKind.HTML, "<p>x</p>", "<p>x</p><p>y z</p>", NAMES, "<p>x</p>")
    assert [piece.who for fold in gone.folds for piece in fold.pieces] == ["", "them"]
    assert [piece.who for fold in put_in.folds for piece in fold.pieces] == ["", "you"]


def test_the_pieces_of_each_side_are_its_passages_in_order():
    theirs, mine = "<p>a b c</p><ul><li>d e</li></ul>", "<ul><li>d f</li></ul><p>new one</p>"
    script = difference("body", "Body", FieldKind.HTML, theirs, mine, NAMES).script
    assert [piece["theirs"] for piece in script["pieces"] if piece["theirs"]] == ["<p>a b c</p>", "<li>d e</li>"]
    assert [piece["mine"] for piece in script["pieces"] if piece["mine"]] == ["<li>d f</li>", "<p>new one</p>"]
    assert script["whole"] == theirs
