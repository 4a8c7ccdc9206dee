"""Pools that look like real ones, from a seed: skewed features, people who volunteer unevenly, tight quotas."""

import random
from itertools import accumulate

from hemicycle_panels.lottery.pool import Person, Quota

# name: people, panel, values of each feature
SHAPES: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "medium": (150, 22, (3, 6, 6, 6)),
    "large": (1000, 100, (2, 5, 6, 4, 4, 4)),
    "huge": (5000, 150, (2, 6, 6, 5, 4, 4)),
    "hard": (300, 40, (2, 6, 5, 4, 4, 3, 6)),
}


def make(shape: str, seed: int) -> tuple[list[Person], list[Quota], int]:
    """People, quotas and panel size. The quotas follow the population, to the seat; a panel that keeps them exists."""
    people, size, features = SHAPES[shape]
    chance = random.Random(f"{shape} {seed}")
    population = [_shares(chance, values, 3.0) for values in features]
    volunteers = [[share * chance.uniform(0.5, 1.6) for share in shares] for shares in population]
    rows = [[_pick(chance, shares) for shares in volunteers] for _ in range(people)]
    seen = [[sum(row[at] == value for row in rows) for value in range(values)] for at, values in enumerate(features)]
    weights = []
    for row in rows:
        weight = 1.0
        for at, value in enumerate(row):
            weight *= population[at][value] * people / seen[at][value]
        weights.append(weight)
    some = _sample(chance, weights, size)
    quotas = []
    for at, values in enumerate(features):
        for value in range(values):
            seats, fair = sum(rows[one][at] == value for one in some), population[at][value] * size
            quotas.append(
                Quota(f"feature {at + 1}", f"value {value + 1}", min(seats, int(fair)), max(seats, int(fair) + 1))
            )
    named = [
        Person(number, {f"feature {at + 1}": f"value {value + 1}" for at, value in enumerate(row)})
        for number, row in enumerate(rows, 1)
    ]
    return named, quotas, size


def _shares(chance: random.Random, values: int, evenness: float) -> list[float]:
    drawn = [chance.gammavariate(evenness, 1.0) for _ in range(values)]
    return [one / sum(drawn) for one in drawn]


def _pick(chance: random.Random, shares: list[float]) -> int:
    return chance.choices(range(len(shares)), cum_weights=list(accumulate(shares)))[0]


def _sample(chance: random.Random, weights: list[float], size: int) -> list[int]:
    """Without replacement, each with a chance that grows with its weight."""
    keys = sorted(range(len(weights)), key=lambda one: chance.expovariate(1.0) / weights[one])
    return keys[:size]
