"""The Merkle tree of RFC 6962: roots, inclusion and consistency proofs, and how each is checked.

Knows hashes and sizes only. Where the hashes of complete subtrees are kept is the business of who calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Hash = Callable[[bytes], bytes]
Node = Callable[[int, int], bytes]
"""level, index → the hash over leaves index·2^level to (index+1)·2^level; level 0 are the leaves"""


def leaf_hash(hash_: Hash, leaf: bytes) -> bytes:
    return hash_(b"\x00" + leaf)


def node_hash(hash_: Hash, left: bytes, right: bytes) -> bytes:
    return hash_(b"\x01" + left + right)


def new_nodes(hash_: Hash, n: int, leaf: bytes, node: Node) -> Iterator[tuple[int, int, bytes]]:
    """The subtrees that leaf `n` (its hash) completes, from level 1 upward: level, index, hash."""
    level, index, made = 0, n, leaf
    while index % 2:
        made = node_hash(hash_, node(level, index - 1), made)
        level, index = level + 1, index // 2
        yield level, index, made


# --- what a tree shows ------------------------------------------------------------------------------------------------


def root(hash_: Hash, size: int, node: Node) -> bytes:
    return _range(hash_, 0, size, node) if size else hash_(b"")


def inclusion(hash_: Hash, n: int, size: int, node: Node) -> list[bytes]:
    """PATH(n, D[size]) of RFC 6962 2.1.1, from the leaf's sibling upward. ValueError where there is no such leaf."""
    if not 0 <= n < size:
        raise ValueError(f"entry {n} is not among the first {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if n < middle:
            path.append(_range(hash_, middle, high, node))
            high = middle
        else:
            path.append(_range(hash_, low, middle, node))
            low = middle
    return path[::-1]


def consistency(hash_: Hash, old: int, new: int, node: Node) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 2.1.2. Empty for an empty or an equal tree. ValueError where the tree shrinks."""
    if not 0 <= old <= new:
        raise ValueError(f"a record of {new} entries does not continue one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    low, high = 0, new
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(hash_, middle, high, node))
            high = middle
        else:
            path.append(_range(hash_, low, middle, node))
            low = middle
    if low:
        path.append(_range(hash_, low, high, node))
    return path[::-1]


def _range(hash_: Hash, low: int, high: int, node: Node) -> bytes:
    """The hash over leaves low to high, where low is a multiple of the largest power of two in high - low."""
    width = high - low
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(width)
    return node_hash(hash_, _range(hash_, low, middle, node), _range(hash_, middle, high, node))


def _split(width: int) -> int:
    """The largest power of two smaller than width."""
    return 1 << (width - 1).bit_length() - 1


# --- how it is checked (RFC 9162 2.1.3.2, 2.1.4.2: the same trees, the checks written out) ----------------------------


def includes(hash_: Hash, n: int, size: int, leaf: bytes, path: Sequence[bytes], root_: bytes) -> bool:
    """Whether the leaf with hash `leaf` is number `n` of the tree of `size` with this root."""
    if not 0 <= n < size:
        return False
    place, last, made = n, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = node_hash(hash_, part, made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = node_hash(hash_, made, part)
        place, last = place >> 1, last >> 1
    return last == 0 and made == root_


def continues(hash_: Hash, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of size `new` holds the tree of size `old` unchanged at its beginning."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not path and old_root == (new_root if old else hash_(b""))
    parts = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not parts:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    earlier = later = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            earlier, later = node_hash(hash_, part, earlier), node_hash(hash_, part, later)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            later = node_hash(hash_, later, part)
        place, last = place >> 1, last >> 1
    return last == 0 and earlier == old_root and later == new_root


@dataclass
class Edge:
    """The right edge of a growing tree: enough to add leaves and give the root, in log₂(size) hashes."""

    hash: Hash
    size: int = 0
    parts: list[bytes] = field(default_factory=list)
    """one complete subtree for each bit of `size`, widest first"""

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Take in a leaf hash; gives the subtrees it completes, as `new_nodes` does."""
        made, level, index = leaf, 0, self.size
        completed = []
        while index % 2:
            made = node_hash(self.hash, self.parts.pop(), made)
            level, index = level + 1, index // 2
            completed.append((level, index, made))
        self.parts.append(made)
        self.size += 1
        return completed

    def root(self) -> bytes:
        if not self.parts:
            return self.hash(b"")
        made = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            made = node_hash(self.hash, part, made)
        return made
