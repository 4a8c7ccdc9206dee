"""From a public number to one of the panels: by SHA-256, so that anyone gets the same, and each is as likely."""

import hashlib


def seed_of(commitment: str, beacon: str) -> bytes:
    """commitment: the hash (hex) of all that was fixed before the number was known. beacon: that number, as text."""
    return hashlib.sha256(f"hemicycle-draw-v1|{commitment}|{beacon}".encode()).digest()


def index_of(seed: bytes, count: int) -> int:
    """A number from 0 to count - 1, by rejection: what would favour the first ones is drawn again."""
    most = 2**256 // count * count
    counter = 0
    while (number := int.from_bytes(hashlib.sha256(seed + counter.to_bytes(4, "big")).digest(), "big")) >= most:
        counter += 1
    return number % count
