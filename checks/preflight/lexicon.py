"""Find the terms of long lists in a text, all in one pass over its words. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_JOINT = re.compile(r"[ -]|(?<=\b\w)\. ?|(?<=\bSt)\. ")
_END = ""  # the key under which a node of the tree keeps the term that ends there


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term found in a text: its tag, and the offsets of its start and end in the text."""

    tag: str
    start: int
    end: int


class Lexicon:
    """Terms of one or more words, each with a tag, in a tree of words.

    Finding them takes one step for each word of the text, however many terms there are. Case does not matter, except
    for a term of up to four characters that is not all lower case, such as “IBS”. A hyphen counts as a space. A word of
    the text also matches if it is a plural of the word in the term.
    """

    def __init__(self, terms: Iterable[tuple[str, str]], *, plurals: bool = True) -> None:
        """Build the tree from pairs of term and tag. The last pair of a term counts; an empty tag removes the term.

        Without `plurals`, only the terms themselves are found.
        """
        self._forms = _forms if plurals else _itself
        self._tree: dict = {}
        for term, tag in terms:
            words = [found[0].replace("’", "'") for found in _WORD.finditer(term)]
            if not words:
                continue
            node = self._tree
            for word in words:
                node = node.setdefault(word.casefold(), {})
            spelt = (
                set()
                if len(term) > 4 or term.islower() or not term.isalpha()
                else {" ".join(words), *node.get(_END, ("", ()))[1]}
            )
            node[_END] = (tag, frozenset(spelt))

    def tag_of(self, word: str) -> str:
        """Return the tag of this single word, or an empty string if it is not a term."""
        for form in self._forms(word.casefold()):
            tag: str = self._tree.get(form, {}).get(_END, ("", frozenset()))[0]
            if tag:
                return tag
        return ""

    def find(self, text: str) -> Iterator[TermMatch]:
        """Yield the terms in the text from left to right, the longest at each place, without overlaps."""
        words = list(_WORD.finditer(text))
        place = 0
        first = self._tree
        while place < len(words):
            word = words[place][0].casefold()
            if word not in first and not (word[-1] in "s’'" or "’" in word):
                place += 1
                continue
            found = self._longest(text, words, place)
            if found is None:
                place += 1
                continue
            last, tag = found
            yield TermMatch(tag, words[place].start(), words[last].end())
            place = last + 1

    def _longest(self, text: str, words: list[re.Match[str]], place: int) -> tuple[int, str] | None:
        """Return (index of the last word, tag) for the longest term that begins at this word, or None."""
        best = None
        nodes = [self._tree]
        for index in range(place, len(words)):
            if index > place and not _JOINT.fullmatch(text, words[index - 1].end(), words[index].start()):
                break
            word = words[index][0].replace("’", "'")
            forms = self._forms(word.casefold())
            nodes = [node[form] for node in nodes for form in forms if form in node]
            if not nodes:
                break
            written = text[words[place].start() : words[index].end()]
            for node in nodes:
                tag, spelt = node.get(_END, ("", frozenset()))
                if tag and (not spelt or written in spelt or written.removesuffix("s") in spelt):
                    best = index, tag
                    break
        return best


def _itself(word: str) -> tuple[str, ...]:
    """Return a tuple of the word alone."""
    return (word,)


def _forms(word: str) -> tuple[str, ...]:
    """Return the word and the singulars that it may be a plural of."""
    if not word.endswith("s") or word.endswith("ss") or len(word) < 4:
        return (word,)
    if word.endswith("ies"):
        return word, word[:-1], f"{word[:-3]}y"
    if word.endswith("es"):
        return word, word[:-1], word[:-2]
    return word, word[:-1].removesuffix("'")


class TaggedText:
    """A text in which each term is replaced by its tag, a single letter that no text uses, so that patterns are short.

    `text` is the result. `at` returns offsets in the original text.
    """

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.original = text
        pieces: list[str] = []
        self._new: list[int] = [0]
        self._old: list[int] = [0]
        end = length = 0
        for found in lexicon.find(text):
            pieces += [text[end : found.start], found.tag]
            length += found.start - end + len(found.tag)
            end = found.end
            self._new.append(length)
            self._old.append(end)
        pieces.append(text[end:])
        self.text = "".join(pieces)

    def at(self, place: int) -> int:
        """Return the offset in the original text of the character at `place` in `text`.

        For a tag, this is where its term begins.
        """
        index = bisect_right(self._new, place) - 1
        return min(self._old[index] + place - self._new[index], len(self.original))
