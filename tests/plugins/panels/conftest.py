"""Small pools for the tests of the lottery, and the answer found by trying every panel."""

import itertools
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hemicycle_panels import computing
from hemicycle_panels.lottery.pool import Person, Pool, Quota, Reals
from hemicycle_panels.lottery.solver import INFINITY, Model

MakePool = Callable[[int], Pool]


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key for all worlds: what one has made is gone on with in another."""
    return tmp_path_factory.mktemp("key") / "key.pem"


@pytest.fixture
def plugins(signing_key: Path) -> dict[str, Any]:
    return {"plugins": ["panels"], "plugin": {"panels": {"signing_key": str(signing_key)}}}


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lottery is computed without a process of its own, whose start takes longer than a small lottery."""

    async def compute(asked: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        yield {"done": computing.answer(asked)}

    monkeypatch.setattr(computing, "compute", compute)


@pytest.fixture
def small_pool() -> MakePool:
    """A pool of 5 to 12 people from a seed, with quotas that some panel keeps."""
    return _small_pool


@pytest.fixture
def by_force() -> Callable[[Pool], Reals]:
    """Leximin probabilities of each type, over the list of all panels: slow, and plain."""
    return _by_force


def _small_pool(seed: int) -> Pool:
    chance = random.Random(seed)
    features = {name: values for name, values in (("a", 2), ("b", 3), ("c", 2)) if name == "a" or chance.random() < 0.7}
    size = chance.randint(2, 5)
    people = [
        Person(number, {name: str(chance.randrange(values)) for name, values in features.items()})
        for number in range(1, chance.randint(size + 3, 13))
    ]
    kept = chance.sample(people, size)
    quotas = []
    for name, values in features.items():
        for value in map(str, range(values)):
            seats = sum(person.features[name] == value for person in kept)
            quotas.append(Quota(name, value, max(0, seats - chance.randint(0, 1)), seats + chance.randint(0, 1)))
    return Pool(people, quotas, size)


def _by_force(pool: Pool) -> Reals:
    every = itertools.product(*(range(count + 1) for count in pool.counts.tolist()))
    allowed = [panel for one in every if pool.allows(panel := np.array(one))]
    shares = (np.array(allowed) / pool.counts).T
    types = len(shares)
    fixed: dict[int, float] = {}
    while len(fixed) < types:
        level = _highest(shares, fixed, [type_ for type_ in range(types) if type_ not in fixed], 0.0)
        for type_ in [type_ for type_ in range(types) if type_ not in fixed]:
            if _highest(shares, fixed, [type_], level) < level + 1e-8:
                fixed[type_] = level
    return np.array([fixed[type_] for type_ in range(types)])


def _highest(shares: Reals, fixed: dict[int, float], raised: list[int], level: float) -> float:
    """The highest lowest probability of some types, when the fixed have theirs and all others at least `level`."""
    types, panels = shares.shape
    lower = np.array([fixed.get(type_, 0.0 if type_ in raised else level) - 1e-10 for type_ in range(types)])
    column = np.array([-1.0 if type_ in raised else 0.0 for type_ in range(types)])
    matrix = np.vstack([np.column_stack([shares, column]), np.append(np.ones(panels), 0.0)])
    model = Model(
        matrix, np.append(lower, 1.0), np.append(np.full(types, INFINITY), 1.0), np.zeros(panels + 1),
        np.full(panels + 1, INFINITY), np.append(np.zeros(panels), 1.0),
    )  # fmt: skip
    assert model.solve()
    return model.value
