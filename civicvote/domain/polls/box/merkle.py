"""A Merkle tree over the list of receipts, so that one short path shows that a receipt stands in it.

Hashed as RFC 6962, section 2.1, says (Certificate Transparency): SHA-256, a leaf is hashed behind the byte 0 and an
inner node behind the byte 1, so that no node can be passed off as a leaf. The tree is built level by level; a node
without a neighbour moves up as it is, which gives the RFC's tree. A leaf is the receipt's 32 bytes.
"""

import hashlib
from collections.abc import Iterator, Sequence

BLOCK = 128
"""Receipts a block: a power of two, so that the roots of aligned blocks are nodes of the tree. With them stored, a path
needs one block and the roots, not the whole list."""


def leaf(code: str) -> bytes:
    """``code``: a receipt, hex."""
    return hashlib.sha256(b"\0" + bytes.fromhex(code)).digest()


def root(nodes: Sequence[bytes]) -> bytes:
    """The root above leaves, or above the roots of aligned blocks. Of no leaves: the hash of nothing."""
    if not nodes:
        return hashlib.sha256(b"").digest()
    *_, top = _levels(nodes)
    return top[0]


def path(nodes: Sequence[bytes], index: int) -> list[bytes]:
    """The neighbours on the way from the node at ``index`` up to the root, the lowest first (the RFC's audit path)."""
    neighbours = []
    for level in _levels(nodes):
        if index ^ 1 < len(level):
            neighbours.append(level[index ^ 1])
        index //= 2
    return neighbours


def root_of_path(start: bytes, *, index: int, size: int, neighbours: Sequence[bytes]) -> bytes | None:
    """The root to which the path leads from the leaf at ``index`` of ``size``; None where it can't be one.

    RFC 9162, section 2.1.3.2, which anybody can follow with a pocket calculator for SHA-256."""
    if not 0 <= index < size:
        return None
    node, here, last = start, index, size - 1
    for neighbour in neighbours:
        if last == 0:
            return None
        if here % 2 or here == last:
            node = _node(neighbour, node)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            node = _node(node, neighbour)
        here, last = here // 2, last // 2
    return node if last == 0 else None


def block_roots(codes: Sequence[str]) -> list[bytes]:
    """The roots of the blocks of a sorted list of receipts; ``root`` of them is the root of the list."""
    leaves = [leaf(code) for code in codes]
    return [root(leaves[start : start + BLOCK]) for start in range(0, len(leaves), BLOCK)]


def _levels(nodes: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    level = nodes
    while True:
        yield level
        if len(level) == 1:
            return
        above = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = above + list(level[-1:]) if len(level) % 2 else above


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
