"""The people behind accounts and authors, by the decisions of editors (articles.models.PersonDecision).

A node is the primary key of an account, or that of an author with a minus sign. An author and the account that they
have are one person.
"""

from collections.abc import Iterable

from django.db.models import Q

from articles.models.persons import PersonDecision
from articles.models.submissions import Approval


class Persons:
    """The people behind accounts and authors, as groups of nodes. A node without a decision is a person of its own."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._groups: dict[int, frozenset[int]] = {}
        for one, other in pairs:
            joined = self.same_as(one) | self.same_as(other)
            self._groups |= dict.fromkeys(joined, joined)

    def same_as(self, node: int) -> frozenset[int]:
        """Return the nodes of the person to whom this node belongs, including the node itself."""
        return self._groups.get(node, frozenset((node,)))

    def person(self, node: int) -> int:
        """Return a number that is the same for all nodes of a person."""
        return min(self.same_as(node))

    def accounts_of(self, nodes: Iterable[int]) -> set[int]:
        """Return the primary keys of all accounts of the people to whom these nodes belong."""
        return {one for node in nodes for one in self.same_as(node) if one > 0}


def persons(before: Approval | None = None) -> Persons:
    """Return the people behind accounts and authors, by the decisions in force now or, with `before`, at that approval.

    If decisions contradict each other (A is B, B is C, A is not C), those that say “one person” count. Makes one query.
    The present accounts of authors count only without `before`, because they may have changed since.
    """
    rows = PersonDecision.objects.order_by("pk")
    if before is not None:
        rows = rows.filter(Q(last_approval=None) | Q(last_approval__lt=before.pk))
    newest: dict[tuple[int, int], bool] = {}
    pairs: list[tuple[int, int]] = []
    for first, author, account, second, other, of_other, is_same in rows.values_list(
        *("first_account", "first_author", "first_author__user"),
        *("second_account", "second_author", "second_author__user"),
        "is_same",
    ):
        newest[first or -author, second or -other] = is_same
        if before is None:
            pairs += [(-key, of_key) for key, of_key in ((author, account), (other, of_other)) if key and of_key]
    return Persons([*pairs, *(pair for pair, is_same in newest.items() if is_same)])
