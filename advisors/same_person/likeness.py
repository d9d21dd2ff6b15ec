"""Find the people who may be one person, and the reasons to think so. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from advisors.same_person.addresses import mailbox
from advisors.same_person.names import may_be_one, words_of


class Reason(TextChoices):
    """The reasons to think that two accounts or authors are one person."""

    ADDRESS = "address", _("the same mailbox")
    OLD_ADDRESS = "old_address", _("an earlier address of one is that of the other")
    ORCID = "orcid", _("the same ORCID")
    NAME = "name", _("similar names")


@dataclass
class KnownPerson:
    """The names, addresses and ORCIDs of an account and its profiles, or of an author without an account.

    `key` is “u” or “a” with the primary key. `addresses` are the present ones, `earlier` the former ones.
    """

    key: str
    names: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    earlier: set[str] = field(default_factory=set)
    orcids: set[str] = field(default_factory=set)


def pair_of(one: str, other: str) -> str:
    """Return the text of a pair of keys: accounts before authors, and the lower primary key first."""
    return " ".join(sorted((one, other), key=lambda key: (key[0] != "u", int(key[1:]))))


def find(people: Iterable[KnownPerson]) -> dict[str, list[str]]:
    """Return {pair: sorted reasons} for each pair of these people who may be one person (`pair_of`).

    Only people who share a mailbox, an ORCID or a word of their names are compared, so the work grows with the number
    of namesakes and not with the square of the number of people.
    """
    people = list(people)
    found: dict[str, set[str]] = defaultdict(set)
    for reason, values in (
        (Reason.ADDRESS, lambda one: {mailbox(address) for address in one.addresses}),
        (Reason.ORCID, lambda one: {orcid for orcid in one.orcids if orcid}),
    ):
        for group in _sharing(people, values):
            for one, other in combinations(group, 2):
                found[pair_of(one.key, other.key)].add(reason.value)
    for group in _sharing(people, lambda one: {mailbox(address) for address in one.addresses | one.earlier}):
        for one, other in combinations(group, 2):
            if Reason.ADDRESS.value not in found[pair_of(one.key, other.key)]:
                found[pair_of(one.key, other.key)].add(Reason.OLD_ADDRESS.value)
    for group in _sharing(people, _long_words):
        for one, other in combinations(group, 2):
            pair = pair_of(one.key, other.key)
            if Reason.NAME.value not in found.get(pair, ()) and any(
                may_be_one(name, like) for name in one.names for like in other.names
            ):
                found[pair].add(Reason.NAME.value)
    return {pair: sorted(reasons) for pair, reasons in found.items() if reasons}


def _long_words(one: KnownPerson) -> set[str]:
    """Return the words of two letters or more in a person's names. Similar names share at least the surname."""
    return {word for name in one.names for word in words_of(name) if len(word) > 1}


def _sharing(
    people: Iterable[KnownPerson], values: Callable[[KnownPerson], Iterable[str]]
) -> Iterable[list[KnownPerson]]:
    """Return the groups of people who share one of their values. `values` is a function of a person."""
    groups: dict[str, list[KnownPerson]] = defaultdict(list)
    for one in people:
        for value in values(one):
            groups[value].append(one)
    return [group for group in groups.values() if len(group) > 1]
