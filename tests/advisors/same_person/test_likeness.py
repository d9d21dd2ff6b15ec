"""Which names and addresses are alike enough to be flagged. Precision comes first."""

from itertools import combinations

import pytest

from advisors.same_person.addresses import mailbox
from advisors.same_person.likeness import KnownPerson, find, pair_of
from advisors.same_person.names import may_be_one

ALIKE = [
    ("Jane Doe", "Doe, Jane"),
    ("José García Márquez", "Jose Garcia Marquez"),
    ("Anne-Marie Lefèvre", "Anne Marie Lefevre"),
    ("J. Okonkwo", "Jane Okonkwo"),
    ("John A. Smith", "John Smith"),
    ("J. A. Smith", "John Albert Smith"),
    ("J.A. Smith", "John Albert Smith"),
    ("Wei Zhang", "Zhang Wei"),
    ("Dr Jürgen Müller", "Juergen Mueller"),
    ("Prof. Katarzyna Wiśniewska, PhD", "Katarzyna Wisniewska"),
    ("M.-L. Thibodeaux", "Marie-Louise Thibodeaux"),
    ("Søren Kierkegaard", "Soren Kierkegaard"),
    ("Ada Lovelace, MSc", "A. Lovelace"),
    ("Nguyễn Văn An", "Van An Nguyen"),
]
UNLIKE = [
    ("John Smith", "Jane Smith"),
    ("J. Smith", "John Smith"),
    ("John A. Smith", "John B. Smith"),
    ("Wei Zhang", "W. Zhang"),
    ("Maria Garcia", "Maria Lopez"),
    ("Maria Garcia", "Marta Garcia"),
    ("Li Wei", "Wang Wei"),
    ("Kim Min-jun", "Kim Min-seo"),
    ("Peter Müller", "Paul Müller"),
    ("P. Müller", "Peter Müller"),
    ("Ali Hassan", "Hassan Ibrahim"),
    ("Mohamed Ali", "Mohamed Ali Hassan"),
    ("Dr Ada", "Ada"),
    ("", "Jane Doe"),
]
# Sixty people with common names, no two of whom are one person.
GIVEN = ("John", "Jane", "Maria", "Wei", "Anna", "Mohamed", "Peter", "Julia", "Carlos", "Min-jun")
SURNAMES = ("Smith", "Garcia", "Zhang", "Müller", "Nguyen", "Patel")


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_may_be_of_one_person(one, other):
    assert may_be_one(one, other) and may_be_one(other, one)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_names_that_are_no_reason_to_ask(one, other):
    assert not may_be_one(one, other) and not may_be_one(other, one)


def test_no_two_people_with_common_names_are_flagged():
    names = [f"{given} {surname}" for given in GIVEN for surname in SURNAMES]
    names += [f"{given[0]}. {surname}" for given, surname in zip(GIVEN, SURNAMES, strict=False)]
    assert [pair for pair in combinations(names, 2) if may_be_one(*pair)] == []


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("Ada@Example.org", "ada@example.org"),
        ("a.da+board@gmail.com", "ada@gmail.com"),
        ("ada@googlemail.com", "ada@gmail.com"),
        ("ada+x@outlook.com", "ada@outlook.com"),
        ("a.da@outlook.com", "a.da@outlook.com"),
        ("a.da+x@institute.example", "a.da+x@institute.example"),
    ],
)
def test_a_mailbox_is_known_by_the_rules_of_its_provider(address, box):
    assert mailbox(address) == box


def test_a_pair_has_one_order():
    assert pair_of("a3", "u12") == pair_of("u12", "a3") == "u12 a3"
    assert pair_of("u12", "u9") == "u9 u12" and pair_of("a10", "a9") == "a9 a10"


def test_the_reasons_are_collected_for_each_pair():
    people = [
        KnownPerson("u1", {"Jane Okonkwo"}, {"jane@gmail.com"}, orcids={"0000-0002-1825-0097"}),
        KnownPerson("u2", {"J. Okonkwo"}, {"j.ane@gmail.com"}),
        KnownPerson("a1", {"Peter Doe"}, orcids={"0000-0002-1825-0097"}),
        KnownPerson("u3", {"Nobody Else"}, {"new@example.org"}, {"jane@gmail.com"}),
    ]
    assert find(people) == {
        "u1 u2": ["address", "name"],
        "u1 a1": ["orcid"],
        "u1 u3": ["old_address"],
        "u2 u3": ["old_address"],
    }


def test_an_empty_orcid_or_name_is_in_common_with_nobody():
    assert find([KnownPerson("a1", {""}, orcids={""}), KnownPerson("a2", {""}, orcids={""})]) == {}
