"""The tree is that of RFC 6962: by published answers, by its own definition, and by another implementation."""

import hashlib

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import naive
from wenze.ledger.merkle import Edge, consistency, continues, includes, inclusion, leaf_hash, new_nodes, root
from wenze.ledger.suites import INTERNATIONAL, Suite


class Tree:
    """Leaves and nodes as a storage keeps them."""

    def __init__(self, suite: Suite, leaves: list[bytes]) -> None:
        self.hash, self.leaves = suite.hash, leaves
        self.kept: dict[tuple[int, int], bytes] = {}
        for n, leaf in enumerate(leaves):
            hashed = leaf_hash(self.hash, leaf)
            self.kept[0, n] = hashed
            self.kept |= {(level, index): made for level, index, made in new_nodes(self.hash, n, hashed, self.node)}

    def node(self, level: int, index: int) -> bytes:
        return self.kept[level, index]

    def root(self, size: int) -> bytes:
        return root(self.hash, size, self.node)


# The leaves, roots and proofs that Certificate Transparency publishes with its implementations.
CT_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
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
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CT_INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}


def test_the_roots_are_those_that_certificate_transparency_publishes() -> None:
    tree = Tree(INTERNATIONAL, CT_LEAVES)
    assert [tree.root(size).hex() for size in range(1, 9)] == CT_ROOTS
    assert tree.root(0) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("old", "new"), CT_CONSISTENCY)
def test_the_consistency_proofs_are_those_that_certificate_transparency_publishes(old: int, new: int) -> None:
    tree = Tree(INTERNATIONAL, CT_LEAVES)
    assert [part.hex() for part in consistency(tree.hash, old, new, tree.node)] == CT_CONSISTENCY[old, new]


@pytest.mark.parametrize(("n", "size"), CT_INCLUSION)
def test_the_inclusion_proofs_are_those_that_certificate_transparency_publishes(n: int, size: int) -> None:
    tree = Tree(INTERNATIONAL, CT_LEAVES)
    assert [part.hex() for part in inclusion(tree.hash, n, size, tree.node)] == CT_INCLUSION[n, size]


def test_roots_and_proofs_are_those_of_the_definition(suite: Suite) -> None:
    leaves = [b"leaf %d" % n for n in range(33)]
    tree, edge = Tree(suite, leaves), Edge(suite.hash)
    for size in range(len(leaves) + 1):
        some = leaves[:size]
        assert tree.root(size) == edge.root() == naive.tree_hash(suite.hash, some)
        for n in range(size):
            assert inclusion(suite.hash, n, size, tree.node) == naive.path(suite.hash, n, some)
        for old in range(1, size + 1):
            assert consistency(suite.hash, old, size, tree.node) == naive.proof(suite.hash, old, some)
        if size < len(leaves):
            edge.add(leaf_hash(suite.hash, leaves[size]))


def test_another_implementation_agrees() -> None:
    leaves = [bytes([n]) * n for n in range(40)]
    other, tree = pymerkle.InmemoryTree(algorithm="sha256"), Tree(INTERNATIONAL, leaves)
    for size, leaf in enumerate(leaves, 1):
        other.append_entry(leaf)
        assert other.get_root() == tree.root(size)


leaves_ = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(leaves_, st.data())
def test_an_inclusion_proof_holds_for_its_entry_and_for_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    tree = Tree(INTERNATIONAL, leaves)
    size = data.draw(st.integers(1, len(leaves)))
    n = data.draw(st.integers(0, size - 1))
    path, leaf, top = inclusion(tree.hash, n, size, tree.node), tree.node(0, n), tree.root(size)
    assert includes(tree.hash, n, size, leaf, path, top)
    assert not includes(tree.hash, n, size, leaf_hash(tree.hash, b"another, longer than any"), path, top)
    assert not includes(tree.hash, n, size, leaf, [*path, top], top)
    assert not includes(tree.hash, n + size, size, leaf, path, top)
    assert not includes(tree.hash, -1, size, leaf, path, top)
    if path:
        assert not includes(tree.hash, n, size, leaf, path[:-1], top)
        at = data.draw(st.integers(0, len(path) - 1))
        assert not includes(tree.hash, n, size, leaf, [*path[:at], flipped(path[at]), *path[at + 1 :]], top)
        assert not includes(tree.hash, n ^ 1, size, leaf, path, top) or tree.node(0, n) == path[0]


@given(leaves_, st.data())
def test_a_consistency_proof_holds_for_what_was_only_added_to(leaves: list[bytes], data: st.DataObject) -> None:
    tree = Tree(INTERNATIONAL, leaves)
    new = data.draw(st.integers(1, len(leaves)))
    old = data.draw(st.integers(0, new))
    path, was, now = consistency(tree.hash, old, new, tree.node), tree.root(old), tree.root(new)
    assert continues(tree.hash, old, new, was, now, path)
    assert not continues(tree.hash, old, new, flipped(was), now, path)
    assert not continues(tree.hash, old, new, was, now, [*path, now])
    if old:
        assert not continues(tree.hash, old, new, was, flipped(now), path)
    if path:
        assert not continues(tree.hash, old, new, was, now, path[:-1])
        changed = data.draw(st.integers(0, old - 1))
        forged = Tree(INTERNATIONAL, [*leaves[:changed], b"forged, longer than any", *leaves[changed + 1 :]])
        forgery = consistency(tree.hash, old, new, forged.node)
        assert not continues(tree.hash, old, new, was, forged.root(new), forgery)


def test_a_proof_is_refused_where_there_is_nothing_to_prove() -> None:
    tree = Tree(INTERNATIONAL, CT_LEAVES)
    with pytest.raises(ValueError, match="entry 8 is not among the first 8"):
        inclusion(tree.hash, 8, 8, tree.node)
    with pytest.raises(ValueError, match="a record of 5 entries does not continue one of 6"):
        consistency(tree.hash, 6, 5, tree.node)


def flipped(digest: bytes) -> bytes:
    return bytes([digest[0] ^ 1]) + digest[1:]
