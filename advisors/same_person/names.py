"""Compare two names, to find out whether they may be those of one person. Pure; precision comes before completeness.

A wrong flag costs editors time and trust. An initial with a surname that is common all over the world is therefore not
enough, and different middle initials tell two people apart.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from core.text import normalised

_TITLES = "dr prof professor mr mrs ms miss mx sir dame phd md msc bsc ba ma mph rd rdn dds jr sr ii iii"
TITLES = frozenset(_TITLES.split())
# Surnames that each at least some millions of people bear, in the spelling of `fold`. An initial does not tell them
# apart.
_COMMON_SURNAMES = (
    "smith jones brown johnson williams davis miller wilson taylor thomas moore martin jackson white harris lee "
    "anderson clark lewis walker wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin kim park "
    "choi nguyen tran le pham garcia rodriguez martinez hernandez lopez gonzalez perez sanchez ramirez torres silva "
    "santos oliveira souza pereira costa ferreira muller schmidt schneider fischer weber meyer singh kumar sharma "
    "patel khan gupta das ahmed ali hassan mohamed ibrahim ivanov smirnov kuznetsov sato suzuki takahashi tanaka rossi "
    "bianchi dubois bernard hansen johansen andersen nielsen jensen andersson johansson"
)
COMMON_SURNAMES = frozenset(_COMMON_SURNAMES.split())
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "a", "œ": "o", "ı": "i"})
_UMLAUT = re.compile(r"(?<=[aou])e(?=[^aeiou]|$)")


def fold(word: str) -> str:
    """Return a word in lower case without accents. “Müller”, “Mueller” and “Muller” become the same."""
    plain = normalised(word.casefold().translate(_LETTERS), "NFKD")
    return _UMLAUT.sub("", "".join(letter for letter in plain if letter.isalpha()))


def words_of(name: str) -> list[str]:
    """Return the folded words of a name in the order “given names, surname”, without titles.

    A hyphen separates two words, and “Doe, Jane” is read as “Jane Doe”.
    """
    surname, comma, given = name.partition(",")
    if comma and not _is_title(given):
        name = f"{given} {surname}"
    elif comma:
        name = surname
    name = re.sub(r"(?<=\w)\.(?=\w)", ". ", name)
    found = [fold(word) for word in re.split(r"[\s\-‐-―]+", name)]
    return [word for word in found if word and word not in TITLES]


def may_be_one(one: str, other: str) -> bool:
    """Return whether these names may be those of one person.

    They may if all words are the same in any order, or if surname and given name are the same and only middle names are
    missing or shortened. An initial for the given name is enough if the surname is not a common one or a second initial
    agrees as well.
    """
    first, second = words_of(one), words_of(other)
    if not _is_full(first) or not _is_full(second):
        return False
    if sorted(first) == sorted(second):
        return sum(len(word) > 1 for word in first) > 1 or first[-1] not in COMMON_SURNAMES
    return any(_agree(first, turned) for turned in _arrangements(second)) or any(
        _agree(turned, second) for turned in _arrangements(first)
    )


def _is_title(words: str) -> bool:
    parts = [fold(word) for word in words.replace(".", "").split()]
    return all(part in TITLES for part in re.split(r"[\s,]+", " ".join(parts)) if part)


def _is_full(words: list[str]) -> bool:
    """Return whether a name has at least a given name or initial, and another word of two letters or more."""
    return len(words) > 1 and any(len(word) > 1 for word in words)


def _arrangements(words: list[str]) -> Iterator[list[str]]:
    """Yield the words as they are and, as in “Doe Jane”, with the first one at the end."""
    yield words
    if len(words[0]) > 1:
        yield [*words[1:], words[0]]


def _agree(first: list[str], second: list[str]) -> bool:
    """Return whether two arranged names agree: the same surname, and given names that do not contradict each other."""
    if first[-1] != second[-1] or len(first[-1]) < 2:
        return False
    agreeing, is_full = 0, False
    for place, (one, other) in enumerate(zip_longest(first[:-1], second[:-1], fillvalue="")):
        if not one or not other:
            continue  # a middle name that one of them leaves out
        if not (one == other or (1 in (len(one), len(other)) and one[0] == other[0])):
            return False
        agreeing += 1
        is_full |= place == 0 and one == other and len(one) > 1
    if first[-1] not in COMMON_SURNAMES:
        return agreeing > 0
    left_out = abs(len(first) - len(second))
    longer = max(first, second, key=len)
    are_initials = all(len(word) == 1 for word in longer[len(longer) - 1 - left_out : -1])
    return agreeing > 1 or (is_full and are_initials)
