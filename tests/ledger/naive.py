"""RFC 6962 section 2.1 as it is written there: recursive, slow, and nothing shared with `wenze.ledger`."""

from collections.abc import Callable, Sequence

Hash = Callable[[bytes], bytes]


def tree_hash(h: Hash, data: Sequence[bytes]) -> bytes:
    """MTH(D[n])"""
    if not data:
        return h(b"")
    if len(data) == 1:
        return h(b"\x00" + data[0])
    k = smaller_power(len(data))
    return h(b"\x01" + tree_hash(h, data[:k]) + tree_hash(h, data[k:]))


def path(h: Hash, m: int, data: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])"""
    if len(data) == 1:
        return []
    k = smaller_power(len(data))
    if m < k:
        return [*path(h, m, data[:k]), tree_hash(h, data[k:])]
    return [*path(h, m - k, data[k:]), tree_hash(h, data[:k])]


def proof(h: Hash, m: int, data: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n])"""
    return subproof(h, m, data, whole=True)


def subproof(h: Hash, m: int, data: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if m == len(data):
        return [] if whole else [tree_hash(h, data)]
    k = smaller_power(len(data))
    if m <= k:
        return [*subproof(h, m, data[:k], whole=whole), tree_hash(h, data[k:])]
    return [*subproof(h, m - k, data[k:], whole=False), tree_hash(h, data[:k])]


def smaller_power(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
