"""Parse the text typed into a search box into terms. Pure, and the same for both databases.

Words in quotation marks form one term; a minus sign excludes a term; everything else is a word, even if it is an
operator in a database's query language.
"""

import re
from dataclasses import dataclass

from core.text import clean_line

LONGEST = 200
MOST_TERMS = 12
SHORTEST_PREFIX = 3  # letters from which the newsroom's search takes a word as the beginning of longer ones
TYPED = re.compile(r'(-)?(?:"([^"]*)"?|([^\s"]+))')
WORD = re.compile(r"[^\W_]+")
# Words that say nothing about a subject. They are left out if others remain.
COMMON = frozenset(
    re.split(
        " ",
        "a an and are as at be been but by can could did do does for from had has have how i if in into is it its me "
        "my no not of on or our should so than that the their them there these they this to was we were what when "
        "where which who why will with would you your",
    )
)


@dataclass(frozen=True)
class Query:
    """A query with its wanted and unwanted terms. Each term is one word, or several words that belong together."""

    text: str
    wanted: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)


def parse(typed: str) -> Query:
    """Return the query that was typed, limited to 200 characters and twelve terms. Never raise an exception."""
    text = clean_line(typed[: LONGEST * 2])[:LONGEST].strip()
    wanted: list[tuple[str, ...]] = []
    unwanted: list[tuple[str, ...]] = []
    for minus, phrase, plain in TYPED.findall(text):
        words = tuple(word.lower() for word in WORD.findall(phrase or plain))
        if words and len(wanted) + len(unwanted) < MOST_TERMS:
            (unwanted if minus else wanted).append(words)
    telling = [words for words in wanted if len(words) > 1 or words[0] not in COMMON]
    return Query(text, tuple(dict.fromkeys(telling or wanted)), tuple(dict.fromkeys(unwanted)))


def grams(word: str) -> set[str]:
    """Return the trigrams of a word with a space added at each end. For example, "ten" has " te", "ten", "en "."""
    ended = f" {word} "
    return {ended[place : place + 3] for place in range(len(ended) - 2)}
