"""What a mistyped query may have meant: the nearest words of titles, standfirsts and key messages.

A word is offered only where a search for it finds something that readers see now: no hidden text gives itself away.
"""

import difflib
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Length

from articles.models import SearchWord
from articles.search.finding import Matches
from articles.search.queries import Query, parse

SHORTEST = 4
NEAR = 0.72  # of difflib: one slip in a word of four letters, two in one of eight
MOST_WORDS, MOST_CANDIDATES, MOST_READ = 4, 3, 2000


def correction(query: Query, *, at: datetime) -> str:
    """The query with the words that nothing holds put right; empty where that leads nowhere.

    Asks the database a bounded number of times, whatever was typed and however much there is.
    """
    typed = query.text.lower()
    before = typed
    for words in [term for term in query.wanted if len(term) == 1 and len(term[0]) >= SHORTEST][:MOST_WORDS]:
        if _finds(words[0], at):
            continue
        nearest = [(likeness, _finds(word, at), word) for likeness, word in _near(words[0])]
        found = max((one for one in nearest if one[1]), default=None)
        if found:
            typed = typed.replace(words[0], found[2])
    if typed == before or not Matches(parse(typed), at, "", "", True).count():
        return ""
    return typed


def _finds(word: str, at: datetime) -> int:
    return Matches(parse(word), at, "", "", False).count()


def _near(word: str) -> list[tuple[float, str]]:
    """Kept words like this one, with how like they are: they share its first letter, its last two or its middle."""
    middle = word[len(word) // 2 - 1 :][:3]
    alike = Q(word__startswith=word[0]) | Q(word__endswith=word[-2:]) | Q(word__contains=middle)
    kept = SearchWord.objects.alias(size=Length("word")).filter(alike, size__range=(len(word) - 2, len(word) + 2))
    kept = list(kept.order_by("word").values_list("word", flat=True)[:MOST_READ])
    near = difflib.get_close_matches(word, kept, n=MOST_CANDIDATES, cutoff=NEAR)
    return [(round(difflib.SequenceMatcher(None, word, other).ratio(), 1), other) for other in near]
