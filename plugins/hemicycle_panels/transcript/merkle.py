"""A tree of hashes over the pool: its root fixes everyone in it, and a short path shows one person that they are."""

import hashlib
from collections.abc import Sequence

from hemicycle_panels.transcript.canonical import canonical

Path = list[tuple[str, str]]  # (the side of the neighbour, its hash in hex), from the leaf up


def leaf(salt: str, id_: int | str, profile: Sequence[str]) -> bytes:
    """The hash of one person. salt: 32 random bytes in hex, so that nobody can try out who it may be."""
    return hashlib.sha256(b"\0" + canonical({"id": id_, "profile": list(profile), "salt": salt})).digest()


def root(leaves: Sequence[bytes]) -> str:
    """In hex."""
    return _root(leaves).hex()


def path(leaves: Sequence[bytes], at: int) -> Path:
    """What the person at this place needs to come from their leaf to the root."""
    if len(leaves) == 1:
        return []
    middle = _middle(len(leaves))
    left, right = leaves[:middle], leaves[middle:]
    if at < middle:
        return [*path(left, at), ("right", root(right))]
    return [*path(right, at - middle), ("left", root(left))]


def includes(expected: str, one: bytes, way: Path) -> bool:
    """Whether a leaf and its path lead to the root that was published."""
    for side, hash_ in way:
        other = bytes.fromhex(hash_)
        one = _node(other, one) if side == "left" else _node(one, other)
    return one.hex() == expected


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    middle = _middle(len(leaves))
    return _node(_root(leaves[:middle]), _root(leaves[middle:]))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _middle(count: int) -> int:
    """The largest power of two below it (RFC 6962)."""
    return int(1 << (count - 1).bit_length() - 1)
