"""The lottery: optimal, within the quotas, the same however the pool is ordered, and refused with a remedy."""

import random
from collections import Counter

import numpy as np
import pytest

from hemicycle_panels.lottery.lottery import make_lottery
from hemicycle_panels.lottery.pool import LotteryError, Person, Pool, Quota

SEEDS = range(60)


def test_the_probabilities_are_leximin_as_found_by_trying_all_panels(small_pool, by_force) -> None:
    for seed in SEEDS:
        pool = small_pool(seed)
        lottery = make_lottery(pool, size=10)
        mine = [lottery.probabilities[members[0].id] for members in pool.members]
        assert np.allclose(mine, by_force(pool), atol=2e-6), f"seed {seed}"
        assert lottery.algorithm == "leximin"
        assert lottery.certificate_gap <= 1e-6


def test_maximin_has_the_same_minimum(small_pool, by_force) -> None:
    for seed in SEEDS:
        pool = small_pool(seed)
        lottery = make_lottery(pool, "maximin", size=10)
        assert min(lottery.probabilities.values()) == pytest.approx(by_force(pool).min(), abs=2e-6), f"seed {seed}"
        assert (lottery.algorithm, lottery.certificate_gap <= 1e-6) == ("maximin", True)


@pytest.mark.parametrize("seed", range(10))
def test_every_panel_keeps_the_quotas_and_everyone_has_their_share(small_pool, seed: int) -> None:
    pool = small_pool(seed)
    lottery = make_lottery(pool, size=1000)
    features = {person.id: person.features for person in pool.people}
    assert len(lottery.panels) == 1000
    for panel in set(lottery.panels):
        assert len(set(panel)) == pool.size
        for quota in pool.quotas:
            assert quota.minimum <= sum(features[id_][quota.feature] == quota.value for id_ in panel) <= quota.maximum
    shares = Counter(id_ for panel in lottery.panels for id_ in panel)
    far = max(abs(shares[id_] / 1000 - p) for id_, p in lottery.probabilities.items())
    assert lottery.deviation == pytest.approx(far)
    for members in pool.members:
        assert len({lottery.probabilities[person.id] for person in members}) == 1


def test_a_permuted_pool_has_the_same_lottery(small_pool) -> None:
    for seed in range(10):
        pool = small_pool(seed)
        people = list(pool.people)
        random.Random(seed).shuffle(people)
        first, second = make_lottery(pool, size=100), make_lottery(Pool(people, pool.quotas, pool.size), size=100)
        assert first.panels == second.panels
        assert first.probabilities == second.probabilities
        assert list(second.probabilities) == [person.id for person in people]


def test_a_large_pool_of_few_profiles_is_exact() -> None:
    kinds = [("female", "liberal")] * 999 + [("female", "conservative")] + [("male", "conservative")] * 1000
    people = [Person(at, {"gender": gender, "leaning": leaning}) for at, (gender, leaning) in enumerate(kinds, 1)]
    quotas = [Quota("gender", one, 99, 200) for one in ("female", "male")]
    quotas += [Quota("leaning", one, 99, 200) for one in ("liberal", "conservative")]
    lottery = make_lottery(Pool(people, quotas, 200))
    assert min(lottery.probabilities.values()) == pytest.approx(0.1, abs=1e-6)
    assert lottery.deviation <= 0.001 + 1e-9
    assert lottery.gini == pytest.approx(0, abs=1e-5)


def test_someone_whom_no_panel_can_hold_has_probability_zero() -> None:
    people = [Person(at, {"age": "young" if at else "old"}) for at in range(5)]
    lottery = make_lottery(Pool(people, [Quota("age", "young", 2, 2), Quota("age", "old", 0, 0)], 2), size=4)
    assert lottery.probabilities == pytest.approx({0: 0.0, 1: 0.5, 2: 0.5, 3: 0.5, 4: 0.5}, abs=1e-6)


def test_quotas_that_no_panel_keeps_are_named_with_the_smallest_change() -> None:
    people = [Person(at, {"age": "young" if at < 3 else "old"}) for at in range(12)]
    quotas = [Quota("age", "young", 5, 6), Quota("age", "old", 2, 5)]
    with pytest.raises(LotteryError, match=r"smallest change that helps: age = young: at least 3 instead of 5; "
                                           r"age = old: at most 7 instead of 5$"):  # fmt: skip
        make_lottery(Pool(people, quotas, 10))


@pytest.mark.parametrize(
    ("people", "quotas", "size", "said"),
    [
        ([("a", "x")], [("f", "x", 0, 1)], 2, "a panel of 2 cannot be drawn from a pool of 1"),
        ([("a", "x")], [("f", "x", 0, 1)], 0, "a panel of 0 cannot"),
        ([("a", "x"), ("a", "x")], [("f", "x", 0, 1)], 1, "the id a is there twice"),
        ([("a", "y")], [("f", "x", 0, 1)], 1, "person a: f is 'y', which has no quota"),
        ([("a", "x")], [("f", "x", 0, 1), ("f", "x", 0, 1)], 1, "the quota f = x is there twice"),
        ([("a", "x")], [("f", "x", 2, 1)], 1, "the quota f = x asks for 2 to 1"),
    ],
)
def test_what_does_not_fit_together_is_refused(people, quotas, size: int, said: str) -> None:
    with pytest.raises(LotteryError, match=said):
        Pool([Person(id_, {"f": value}) for id_, value in people], [Quota(*one) for one in quotas], size)
