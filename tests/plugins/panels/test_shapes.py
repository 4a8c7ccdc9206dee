"""Pools that look like real ones: the optimum is proved, and everyone has their share."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from hemicycle_panels.lottery.lottery import make_lottery
from hemicycle_panels.lottery.pool import Pool

FILE = Path(__file__).parents[3] / "benchmarks" / "pools.py"
SEEDS = range(1, 2 if os.environ.get("SOAK") == "short" else 11)


@pytest.fixture(scope="module")
def pools() -> ModuleType:
    """The generator of the benchmark."""
    spec = importlib.util.spec_from_file_location("lottery_pools", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_middling_pool_is_proved_and_everyone_has_their_share(pools: ModuleType) -> None:
    _proved(pools, "medium", 2)


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", ["large", "huge", "hard"])
def test_heavy_shapes_are_proved_and_everyone_has_their_share(pools: ModuleType, shape: str, seed: int) -> None:
    _proved(pools, shape, seed)


def _proved(pools: ModuleType, shape: str, seed: int) -> None:
    lottery = make_lottery(Pool(*pools.make(shape, seed)))
    assert lottery.algorithm == "leximin"
    assert lottery.certificate_gap <= 1e-6
    assert lottery.deviation <= 0.001
