"""Suggest a spelling for mistyped queries, from the words of titles, standfirsts and key messages.

A word is suggested only if a search for it finds something that readers see now, so no hidden text is revealed.
"""

import difflib
from datetime import datetime

from django.db.models import Count

from articles.models import SearchGram
from articles.search.finding import Matches
from articles.search.queries import Query, grams, parse

SHORTEST = 4
NEAR = 0.72  # difflib's ratio: one typing error in a word of four letters, two in one of eight
MOST_WORDS, MOST_CANDIDATES, MOST_READ = 4, 3, 60
MANY = 20  # articles with a word; further ones do not make the word more likely


def correction(query: Query, *, at: datetime) -> str:
    """Return the query with the suggested spelling of its words, or "" if no suggestion finds anything.

    Only words that find nothing at the aware time `at` are replaced. The number of queries is bounded.
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
    if typed == before or not Matches(parse(typed), at, any_term=True).several(1):
        return ""
    return typed


def _finds(word: str, at: datetime) -> int:
    return Matches(parse(word), at).several(MANY)


def _near(word: str) -> list[tuple[float, str]]:
    """Return the indexed words most like this one, each with its likeness (0 to 1), from those that share trigrams."""
    shared = SearchGram.objects.filter(gram__in=grams(word)).values("word").annotate(shared=Count("pk"))
    kept = list(shared.order_by("-shared", "word").values_list("word", flat=True)[:MOST_READ])
    near = difflib.get_close_matches(word, kept, n=MOST_CANDIDATES, cutoff=NEAR)
    return [(round(difflib.SequenceMatcher(None, word, other).ratio(), 1), other) for other in near]
