"""The tree over receipts is the RFC's, and a path proves its own receipt and no other."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.box import merkle

codes = st.integers(0, 2**32).map(lambda number: hashlib.sha256(str(number).encode()).hexdigest())
lists = st.lists(codes, min_size=1, max_size=300, unique=True).map(sorted)

#: The test vectors of Certificate Transparency (certificate-transparency, merkle_tree_test): leaves and the roots of
#: the trees of the first 1, 2, … of them.
CT_LEAVES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_the_definition(leaves: list[bytes]) -> bytes:
    """Section 2.1 of the RFC word by word: split at the largest power of two below the number of leaves."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + by_the_definition(leaves[:half]) + by_the_definition(leaves[half:])).digest()


def test_the_empty_list_has_the_hash_of_nothing():
    assert merkle.root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size):
    leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in CT_LEAVES[:size]]
    assert merkle.root(leaves).hex() == CT_ROOTS[size - 1]


@given(lists)
def test_blocks_and_leaves_have_one_root_and_it_is_the_definitions(listed):
    leaves = [merkle.leaf(code) for code in listed]
    assert merkle.root(leaves) == merkle.root(merkle.block_roots(listed)) == by_the_definition(leaves)


@given(lists, st.data())
def test_a_path_leads_to_the_root_from_its_own_receipt_and_place_alone(listed, data):
    leaves = [merkle.leaf(code) for code in listed]
    index = data.draw(st.integers(0, len(listed) - 1))
    block, within = divmod(index, merkle.BLOCK)
    neighbours = merkle.path(leaves[block * merkle.BLOCK :][: merkle.BLOCK], within) + merkle.path(
        merkle.block_roots(listed), block
    )
    assert neighbours == merkle.path(leaves, index)
    top, where = merkle.root(leaves), {"index": index, "size": len(listed)}
    assert merkle.root_of_path(leaves[index], **where, neighbours=neighbours) == top
    stranger = merkle.leaf(hashlib.sha256(b"stranger").hexdigest())
    assert merkle.root_of_path(stranger, **where, neighbours=neighbours) != top
    for changed in ([*neighbours, stranger], neighbours[:-1]):
        if changed != neighbours:
            assert merkle.root_of_path(leaves[index], **where, neighbours=changed) != top


def test_a_place_outside_the_list_proves_nothing():
    assert merkle.root_of_path(merkle.leaf("00" * 32), index=1, size=1, neighbours=[]) is None
