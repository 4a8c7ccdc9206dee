"""What a lottery may be asked beside: one of each household, a time limit, and what to do where quotas fit nobody."""

import csv
import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from hemicycle_panels.commands import app
from hemicycle_panels.lottery.limit import Limit
from hemicycle_panels.lottery.lottery import make_lottery
from hemicycle_panels.lottery.pool import LotteryError, Person, Pool, Quota
from hemicycle_panels.lottery.relaxation import feasible, relaxations


def shared_pool(seed: int, people: int = 24, homes: int = 14) -> Pool:
    """A pool in which many live together, with quotas that one of each household can keep."""
    chance = random.Random(seed)
    them = [
        Person(at, {"age": chance.choice("yo"), "town": chance.choice("ab")}, f"home {chance.randrange(homes)}")
        for at in range(people)
    ]
    return Pool(them, [Quota("age", one, 1, 5) for one in "yo"] + [Quota("town", one, 1, 5) for one in "ab"], 6)


@pytest.mark.parametrize("seed", range(8))
def test_of_a_household_one_sits_in_a_panel_at_most(seed: int) -> None:
    pool = shared_pool(seed)
    lottery = make_lottery(pool, size=200)
    homes = {person.id: person.household for person in pool.people}
    for panel in lottery.panels:
        assert len({homes[one] for one in panel}) == pool.size
    assert lottery.certificate_gap <= 1e-6
    for members in pool.members:
        assert len({lottery.probabilities[person.id] for person in members}) == 1


def test_where_nobody_shares_a_household_the_lottery_is_the_same() -> None:
    pool = shared_pool(1)
    alone = [Person(one.id, one.features, f"home {one.id}") for one in pool.people]
    nowhere = [Person(one.id, one.features) for one in pool.people]
    first, second = (make_lottery(Pool(people, pool.quotas, pool.size), size=100) for people in (alone, nowhere))
    assert first.panels == second.panels


def test_a_household_of_two_has_half_the_chance_of_each() -> None:
    """Four live alone, four in two households; a panel of six takes one of each home."""
    people = [Person(at, {"age": "y"}, None if at < 4 else f"home {at // 2}") for at in range(8)]
    lottery = make_lottery(Pool(people, [Quota("age", "y", 6, 6)], 6), size=100)
    assert [lottery.probabilities[at] for at in range(8)] == pytest.approx([1.0] * 4 + [0.5] * 4, abs=1e-6)


def test_a_household_rule_that_leaves_too_few_is_said_so() -> None:
    people = [Person(at, {"age": "y"}, "one home") for at in range(5)]
    with pytest.raises(LotteryError, match="no change of quotas helps: ask for a smaller panel"):
        make_lottery(Pool(people, [Quota("age", "y", 0, 5)], 2))


def test_households_are_a_column_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "quotas.csv").write_text("category,feature,min,max\nage,y,2,2\n")
    (tmp_path / "pool.csv").write_text("age,street\n" + "y,Elm 1\n" * 3 + "y,\n")
    given = ["draw", f"--quotas={tmp_path / 'quotas.csv'}", f"--pool={tmp_path / 'pool.csv'}", "--size=2", "--json"]
    told = json.loads(CliRunner().invoke(app, [*given, "--household=street"]).stdout)
    assert 4 in told["panel"]  # the one who lives alone is always one of two
    missing = CliRunner().invoke(app, [*given, "--household=home"])
    assert (missing.exit_code, "has no column home" in missing.stderr) == (1, True)


def test_a_time_limit_takes_the_best_lottery_found_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Over(Limit):
        """The first search is out of time at once; the writing of panels is not."""

        passed = property(lambda self: self.seconds == 0.5)  # type: ignore[assignment]

    monkeypatch.setitem(make_lottery.__globals__, "Limit", Over)
    chance = random.Random(3)
    people = [Person(at, {name: chance.choice("xyz") for name in "abc"}) for at in range(60)]
    pool = Pool(people, [Quota(name, value, 2, 6) for name in "abc" for value in "xyz"], 12)
    exact, stopped = make_lottery(pool), make_lottery(pool, seconds=0.5)
    assert exact.algorithm == "leximin"
    assert stopped.algorithm == "leximin, stopped after 0.5 s"
    assert 1e-6 < stopped.certificate_gap < 0.01
    assert all(pool.allows(_counts(pool, panel)) for panel in stopped.panels)
    seats = Counter(one for panel in stopped.panels for one in panel)
    assert max(abs(seats[one] / 1000 - p) for one, p in stopped.probabilities.items()) <= stopped.deviation + 1e-12


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    pool = shared_pool(2)
    assert make_lottery(pool, size=50, seconds=600.0) == make_lottery(pool, size=50)


def _counts(pool: Pool, panel: tuple[int | str, ...]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array([sum(person.id in panel for person in members) for members in pool.members])


def test_where_there_are_several_ways_out_each_is_offered() -> None:
    """Ten young men and ten old women: the quotas ask for a young woman too many."""
    people = [Person(at, {"age": "y", "sex": "m"} if at < 10 else {"age": "o", "sex": "f"}) for at in range(20)]
    quotas = [Quota("age", "y", 3, 3), Quota("age", "o", 3, 3), Quota("sex", "m", 2, 2), Quota("sex", "f", 4, 4)]
    ways = relaxations(Pool(people, quotas, 6))
    assert len(ways) > 1
    assert len({frozenset(change.quota.name for change in way) for way in ways}) == len(ways)
    for way in ways:
        moved = {change.quota.name: Quota(change.quota.feature, change.quota.value, change.minimum, change.maximum)
                 for change in way}  # fmt: skip
        assert feasible(Pool(people, [moved.get(one.name, one) for one in quotas], 6))
    with pytest.raises(LotteryError, match=r"the smallest change that helps: .* -- or: "):
        make_lottery(Pool(people, quotas, 6))


def test_no_way_out_moves_a_quota_below_nobody() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        people = [Person(at, {name: chance.choice("xyz") for name in "ab"}) for at in range(12)]
        quotas = [Quota(name, value, 3, 4) for name in "ab" for value in "xyz"]
        for way in relaxations(Pool(people, quotas, 10)):
            assert all(0 <= change.minimum <= change.maximum for change in way)


def test_probabilities_are_written_for_each_person(tmp_path: Path) -> None:
    (tmp_path / "quotas.csv").write_text("category,feature,min,max\nage,y,1,2\nage,o,1,2\n")
    (tmp_path / "pool.csv").write_text("age\n" + "y\n" * 4 + "o\n" * 8)
    out = tmp_path / "p.csv"
    given = [f"--quotas={tmp_path / 'quotas.csv'}", f"--pool={tmp_path / 'pool.csv'}", "--size=3", "--time-limit=60"]
    assert CliRunner().invoke(app, ["draw", *given, f"--probabilities={out}", "--json"]).exit_code == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [row["id"] for row in rows] == [str(at) for at in range(1, 13)]
    assert sum(float(row["probability"]) for row in rows) == pytest.approx(3, abs=1e-6)
