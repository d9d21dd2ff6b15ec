"""Find and replace passages of an article by their text. Makes no queries.

The text of a block is what readers see, without the numbers of citations and with single spaces. Blocks are the
top-level elements of the body, counted from 0 as in `Comment.block`.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.models import Content
from core.html import text_of

# The parts beside the body on which a reviewer may comment.
PARTS = ("title", "standfirst", "key_messages", "safety_note")

_PIECE = re.compile(r"""<!--.*?-->|</?[a-zA-Z](?:"[^"]*"|'[^']*'|[^>"'])*>|&(?:\#?\w+);|[^<&]|[<&]""", re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_VOID = {"img", "br", "hr"}
_INLINE = {"strong", "em", "sub", "sup", "a", "img"}
_EMPTY = re.compile(r"<(strong|em|sub)></\1>")


class PassageNotFound(ValueError):
    """Raised if a passage is empty, is not in the article, occurs more than once, or spans several paragraphs."""


class _Piece(NamedTuple):
    """A tag, an entity or one character of HTML, with its position and the number of its block.

    `word` is the character that readers see. For a tag it is a space if the tag separates words, else an empty string.
    `tag` is the tag as it is written, or an empty string.
    """

    start: int
    end: int
    word: str
    tag: str
    block: int


def words_of_parts(content: Content) -> dict[str, str]:
    """Return the text of the parts beside the body on which a reviewer may comment, by field, without empty parts.

    Raise ValidationError (html_attributes) for a safety note with too many attributes.
    """
    found = {name: getattr(content, name) for name in PARTS} | {"safety_note": text_of(content.safety_note)}
    return {name: " ".join(words.split()) for name, words in found.items() if words.strip()}


def words_of_blocks(html: str) -> list[str]:
    """Return the text of each block of a body, in order."""
    return [" ".join("".join(piece.word for piece in block).split()) for block in _blocks(html)]


def locate(
    html: str, passage: str, block: int | None = None, start: int | None = None
) -> tuple[int | None, int | None]:
    """Return the index of the block with a passage, from 0, and the offset of the passage in its text, in characters.

    With a block number, return the occurrence in that block that is nearest to `start`. If there is no such block, or
    no occurrence in it, or without a block number, return the only occurrence in the whole body, or (None, None) if
    there is none or more than one. For an empty passage, return the block number and None.
    """
    words, wanted = words_of_blocks(html), " ".join(passage.split())
    if block is not None and not 0 <= block < len(words):
        block = start = None
    if not wanted:
        return block, None
    looked_in = range(len(words)) if block is None else [block]
    places = [(number, found) for number in looked_in for found in _starts(words[number], wanted)]
    if block is not None and not places:
        return locate(html, passage)
    if block is not None:
        return min(places, key=lambda place: abs(place[1] - (start or 0)))
    return places[0] if len(places) == 1 else (None, None)


def _starts(words: str, wanted: str) -> Iterator[int]:
    start = words.find(wanted)
    while start >= 0:
        yield start
        start = words.find(wanted, start + 1)


def replace_passage(html: str, passage: str, wording: str, block: int | None = None) -> str:
    """Return the body with new wording in place of a passage, followed by the citations inside the passage.

    `block` is the block of the passage at the time of the comment, to tell several occurrences apart. Raise
    PassageNotFound if the passage is empty, is not found exactly once, or spans several paragraphs, list items or
    cells.
    """
    wanted = " ".join(passage.split())
    if not wanted:
        raise PassageNotFound(_("The comment names no passage."))
    blocks = _blocks(html)
    places = [(number, place) for number, pieces in enumerate(blocks) for place in _places(pieces, wanted)]
    if len(places) > 1:
        there = [place for place in places if place[0] == block]
        places = there if len(there) == 1 else places
    if not places:
        raise PassageNotFound(_("The passage is no longer in the text as it was. Change it by hand."))
    if len(places) > 1:
        raise PassageNotFound(_("The text has these words in several places. Change the right one by hand."))
    number, (first, last) = places[0]
    inside = blocks[number][first : last + 1]
    if any(piece.tag and _name(piece.tag) not in _INLINE for piece in inside):
        raise PassageNotFound(_("The passage runs over several paragraphs, list items or cells. Change it by hand."))
    new = escape(" ".join(wording.split()), quote=False)
    kept = new + "".join(piece.tag for piece in inside)
    return _EMPTY.sub("", html[: inside[0].start] + kept + html[inside[-1].end :])


def _places(pieces: list[_Piece], wanted: str) -> list[tuple[int, int]]:
    """Return the indexes of the first and the last piece of each occurrence of these words."""
    words, at = "", []
    for place, piece in enumerate(pieces):
        word = " " if piece.word.isspace() else piece.word
        if not word or (word == " " and (not words or words[-1] == " ")):
            continue
        words += word
        at += [place] * len(word)
    return [(at[start], at[start + len(wanted) - 1]) for start in _starts(words, wanted)]


def _blocks(html: str) -> list[list[_Piece]]:
    """Return the pieces of each block of a body."""
    blocks: dict[int, list[_Piece]] = {}
    for piece in _pieces(html):
        if piece.block >= 0:
            blocks.setdefault(piece.block, []).append(piece)
    return list(blocks.values())


def _pieces(html: str) -> Iterator[_Piece]:
    """Yield the pieces of a body, each with the number of its block, or -1 outside blocks. Comments are left out."""
    depth, block = 0, -1
    for match in _PIECE.finditer(html):
        written = match[0]
        tag = _TAG.match(written)
        if tag is None and not written.startswith("<!--"):
            yield _Piece(*match.span(), unescape(written), "", block if depth else -1)
            continue
        if tag is None:
            continue
        is_end = written.startswith("</")
        if not is_end and not depth:
            block += 1
        yield _Piece(*match.span(), " " if _breaks(written) else "", written, block if depth or not is_end else -1)
        if tag[1].lower() not in _VOID:
            depth = max(0, depth - 1) if is_end else depth + 1


def _breaks(tag: str) -> bool:
    return _name(tag) not in _INLINE


def _name(tag: str) -> str:
    found = _TAG.match(tag)
    return found[1].lower() if found else ""
