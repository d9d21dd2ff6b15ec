"""What somebody typed into the search box, as terms. Pure, and the same for both databases.

Words in quotation marks belong together; a minus excludes; everything else is a word, whatever it means to a database.
"""

import re
from dataclasses import dataclass

from core.text import clean_line

LONGEST = 200
MOST_TERMS = 12
TYPED = re.compile(r'(-)?(?:"([^"]*)"?|([^\s"]+))')
WORD = re.compile(r"[^\W_]+")
# Words that say nothing of a subject: left out where others remain.
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
    """Terms that are wanted and terms that are not, each one word or several that belong together."""

    text: str
    wanted: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)


def parse(typed: str) -> Query:
    """The query in what was typed: at most 200 characters and twelve terms of it. Raises nothing."""
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
    """Every three letters that follow each other in a word, its ends as blanks: "ten" has " te", "ten", "en "."""
    ended = f" {word} "
    return {ended[place : place + 3] for place in range(len(ended) - 2)}
