"""The vocabulary of the archive: word frequencies as in a language (Zipf), and three words of known frequency. Pure."""

import random
import re
from bisect import bisect
from functools import cache
from itertools import accumulate

# Words that occur in one of 20,000 articles, in one of 33, and in all articles.
RARE, SOME, EVERY = "ytterbium", "polyphenol", "evidence"
RARE_EVERY, SOME_EVERY = 20_000, 33

FUNCTION = re.split(
    " ",
    "the of and to in a that for was is with on as by were at from this it than not or be which are an have had "
    "more who after but no one between about each when been has its over their most only also other two three some "
    "all",
)
SUBJECTS = re.split(
    " ",
    "magnesium sleep iron calcium zinc creatine caffeine fibre protein folate iodine selenium omega vitamin "
    "melatonin theanine collagen probiotic turmeric ginger garlic green tea coffee cocoa salt sugar alcohol fasting "
    "walking strength balance memory attention mood stress skin bone muscle joints gut liver kidney heart blood "
    "pressure glucose cholesterol immunity fatigue pregnancy menopause ageing children athletes vegetarians travel",
)
COMMON = re.split(
    " ",
    "trial people study participants placebo weeks group dose results adults review measured average difference "
    "reported risk effect months sample compared outcome researchers daily small larger found daytime symptoms food "
    "supplement intake level body health data years older younger women men control random follow change score "
    "scale interval estimate certainty bias quality record question answer limit safety reader tablet capsule "
    "milligrams",
)
SYLLABLES = re.split(
    " ",
    "ba be bi bo da de di do fa fe fi fo ga ge go ka ke ki ko la le li lo lu ma me mi mo mu na ne ni no nu pa pe pi "
    "po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo za ze zo bran cor dex flan gril hest jor kel lim "
    "mont nard plin quor rast stel trev ulm vask wern yol",
)
TAIL = 30_000
EXPONENT = 1.05


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Return all words, the most frequent first, and their cumulative weights. Both are the same in every run."""
    dice = random.Random("vocabulary")
    words = dict.fromkeys([*FUNCTION, *COMMON, *SUBJECTS])
    known = len(words)
    while len(words) < known + TAIL:
        words["".join(dice.choices(SYLLABLES, k=dice.choice((2, 3, 3, 4))))] = None
    for word in (RARE, SOME, EVERY):
        words.pop(word, None)
    return list(words), list(accumulate(1 / (rank + 2) ** EXPONENT for rank in range(len(words))))


def some_words(dice: random.Random, many: int) -> list[str]:
    """Return `many` words, drawn at random by their frequency."""
    words, sums = vocabulary()
    total, last, roll = sums[-1], len(words) - 1, dice.random
    return [words[min(bisect(sums, roll() * total), last)] for _ in range(many)]


def some_tail(dice: random.Random, many: int) -> list[str]:
    """Return `many` rare words, drawn at random."""
    words, _ = vocabulary()
    return [words[dice.randrange(len(words) - TAIL, len(words))] for _ in range(many)]


def sentence(dice: random.Random, *wanted: str) -> str:
    """Return a sentence of 6 to 22 words that contains the `wanted` words."""
    words = some_words(dice, dice.randint(6, 22))
    for place, word in zip(dice.sample(range(1, len(words)), len(wanted)), wanted, strict=True):
        words[place] = word
    return f"{' '.join(words).capitalize()}."
