"""The tree of the log is that of Certificate Transparency: published roots, and a slow tree written from the RFC."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle
from audit.verify import Refused, is_consistent, leaf_hash, root_of_inclusion
from tests.audit.sealed import tree

# The leaves of the test data that the implementations of Certificate Transparency share, and the root of the first n.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
logs = st.lists(st.binary(max_size=3), min_size=1, max_size=70)


class Stored:
    """The hashes that a log of these leaves stores, and the nodes that audit.merkle makes of them."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.hashes: dict[merkle.Subtree, bytes] = {}
        for index, leaf in enumerate(leaves):
            for level, hash_ in enumerate(merkle.completed(index, leaf_hash(leaf), self.hashes.__getitem__)):
                assert merkle.row_of((level, index >> level)) == index
                self.hashes[level, index >> level] = hash_

    def nodes(self, *ranges: merkle.Range) -> list[bytes]:
        return [merkle.folded([self.hashes[subtree] for subtree in merkle.subtrees(one)]) for one in ranges]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one(size):
    stored = Stored([bytes.fromhex(leaf) for leaf in LEAVES[:size]])
    assert [root.hex() for root in stored.nodes((0, size))] == [ROOTS[size]]


@given(logs)
def test_the_root_is_the_rfcs(leaves):
    assert Stored(leaves).nodes((0, len(leaves))) == [tree.mth(leaves)]


@given(logs, st.data())
def test_the_path_of_a_leaf_is_the_rfcs_and_leads_to_the_root(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    found = Stored(leaves).nodes(*merkle.inclusion(index, len(leaves)))
    assert found == tree.path(index, leaves)
    assert root_of_inclusion(leaf_hash(leaves[index]), index, len(leaves), found) == tree.mth(leaves)


@given(logs, st.data())
def test_a_consistency_proof_is_the_rfcs_and_is_accepted(leaves, data):
    first = data.draw(st.integers(1, len(leaves)))
    found = Stored(leaves).nodes(*merkle.consistency(first, len(leaves)))
    assert found == tree.proof(first, leaves)
    assert is_consistent(first, len(leaves), tree.mth(leaves[:first]), tree.mth(leaves), found)


@given(logs, st.data())
def test_no_path_fits_another_leaf_place_or_length(leaves, data):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    path, own = tree.path(index, leaves), leaf_hash(leaves[index])
    assert root_of_inclusion(leaf_hash(leaves[index] + b"!"), index, size, path) != tree.mth(leaves)
    for wrong in (path[:-1] if path else [own], [*path, own]):
        with pytest.raises(Refused):
            root_of_inclusion(own, index, size, wrong)
    with pytest.raises(Refused):
        root_of_inclusion(own, size, size, path)


@given(logs, st.data())
def test_a_log_that_was_rewritten_has_no_proof(leaves, data):
    first = data.draw(st.integers(1, len(leaves)))
    rewritten = data.draw(st.integers(0, first - 1))
    other = [leaf + b"!" if place == rewritten else leaf for place, leaf in enumerate(leaves)]
    proof = tree.proof(first, other)
    assert not is_consistent(first, len(leaves), tree.mth(leaves[:first]), tree.mth(other), proof)
    assert not is_consistent(first, len(leaves), tree.mth(leaves[:first]), tree.mth(leaves), [*proof, b"\0" * 32])


def test_the_example_of_rfc_6962_section_2_1_3():
    """The tree of seven leaves there: the paths of d0, d3, d4 and d6, and the proofs from 3, 4 and 6 leaves."""
    paths = {0: [(1, 2), (2, 4), (4, 7)], 3: [(2, 3), (0, 2), (4, 7)], 4: [(5, 6), (6, 7), (0, 4)], 6: [(4, 6), (0, 4)]}
    assert {index: merkle.inclusion(index, 7) for index in paths} == paths
    proofs = {3: [(2, 3), (3, 4), (0, 2), (4, 7)], 4: [(4, 7)], 6: [(4, 6), (6, 7), (0, 4)]}
    assert {first: merkle.consistency(first, 7) for first in proofs} == proofs
