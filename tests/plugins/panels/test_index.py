"""From a number to a panel: the published formula, and that it favours none."""

import hashlib
from math import erfc, sqrt

from hemicycle_panels.index import index_of, seed_of


def test_the_seed_is_the_published_formula() -> None:
    assert seed_of("ab", "123") == hashlib.sha256(b"hemicycle-draw-v1|ab|123").digest()


def test_the_index_is_the_first_digest_that_favours_no_one() -> None:
    seed = seed_of("ab", "123")
    assert index_of(seed, 1000) == _digest(seed, 0) % 1000
    # So large a count that only numbers below it are kept: the first digest is rejected, the second is not.
    seed = next(s for n in range(99) if _digest(s := bytes([n]), 0) >= (count := 2**255 + 1) > _digest(s, 1))
    assert index_of(seed, count) == _digest(seed, 1)


def test_each_panel_is_as_likely() -> None:
    draws, count = 100_000, 1000
    seen = [0] * count
    for number in range(draws):
        seen[index_of(seed_of("commitment", str(number)), count)] += 1
    chi = sum((one - draws / count) ** 2 for one in seen) / (draws / count)
    # Wilson and Hilferty: the cube root of chi-square is nearly normal.
    free = count - 1
    z = ((chi / free) ** (1 / 3) - (1 - 2 / (9 * free))) / sqrt(2 / (9 * free))
    assert erfc(z / sqrt(2)) / 2 > 0.001


def _digest(seed: bytes, counter: int) -> int:
    return int.from_bytes(hashlib.sha256(seed + counter.to_bytes(4, "big")).digest(), "big")
