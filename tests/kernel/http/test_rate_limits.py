"""How often: buckets that refill, and whom they are counted for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hemicycle.kernel.clock import Clock
from hemicycle.kernel.http import rate_limits
from hemicycle.kernel.http.rate_limits import RateLimits
from hemicycle.kernel.settings import LimitSettings

MINUTE = timedelta(minutes=1)


class Watch:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, tzinfo=UTC)

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def rates(watch: Watch) -> RateLimits:
    return RateLimits(Clock(now=lambda: watch.now))


def test_a_burst_then_an_even_flow(rates: RateLimits, watch: Watch) -> None:
    assert [rates.allow("a", 3, MINUTE) for _ in range(5)] == [True, True, True, False, False]
    watch.forward(19)
    assert rates.wait("a", 3, MINUTE) == 1
    watch.forward(1)
    assert rates.allow("a", 3, MINUTE)
    assert rates.wait("a", 3, MINUTE) == 20
    watch.forward(3600)
    assert [rates.allow("a", 3, MINUTE) for _ in range(4)] == [True, True, True, False]


def test_what_is_refused_is_not_counted(rates: RateLimits, watch: Watch) -> None:
    assert rates.allow("a", 1, MINUTE)
    for _ in range(100):
        assert rates.wait("a", 1, MINUTE) == 60
    watch.forward(60)
    assert rates.allow("a", 1, MINUTE)


def test_several_at_once_are_counted_each(rates: RateLimits) -> None:
    assert rates.allow("a", 10, MINUTE, 7)
    assert not rates.allow("a", 10, MINUTE, 4)
    assert rates.allow("a", 10, MINUTE, 3)
    assert not rates.allow("b", 10, MINUTE, 11)


def test_keys_do_not_share(rates: RateLimits) -> None:
    assert rates.allow("a", 1, MINUTE)
    assert rates.allow("b", 1, MINUTE)


def test_a_clock_that_is_set_back_locks_nobody_out(rates: RateLimits, watch: Watch) -> None:
    assert rates.allow("a", 1, MINUTE)
    watch.forward(-3600)
    assert 0 < rates.wait("a", 1, MINUTE) <= 60


def test_what_is_kept_is_bounded(rates: RateLimits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MOST", 10)
    for number in range(100):
        rates.allow(str(number), 1, MINUTE)
    assert len(rates._empty_at) == 10
    assert not rates.allow("99", 1, MINUTE)  # the last ones are known


FEW = {"limits": LimitSettings(requests_per_minute=3, mutations_per_minute=2)}


@pytest.mark.parametrize("chosen", [FEW])
async def test_requests_are_counted_per_account_and_otherwise_per_address(client: Any, signed_in: Any) -> None:
    statuses = [(await client.ask("{ who }")).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    response = await client.ask("{ who }")
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    for name in ("ada", "grace"):  # from the same address
        statuses = [(await client.ask("{ who }", headers=signed_in(name))).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize("chosen", [{"limits": LimitSettings(introspections_per_minute=2)}])
async def test_who_asks_about_the_schema_is_counted_apart(client: Any) -> None:
    """It costs as much as many requests, and no tool asks often."""
    asked = '{ __type(name: "Query") { name } }'
    told = [(await client.ask(asked)).json() for _ in range(3)]
    assert [one.get("data") for one in told[:2]] == [{"__type": {"name": "Query"}}] * 2
    assert told[2]["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert (await client.ask("{ who __typename }")).json()["data"]["who"] == "anyone"


@pytest.mark.parametrize("chosen", [FEW])
async def test_time_heals(client: Any, world: Any) -> None:
    for _ in range(4):
        response = await client.ask("{ who }")
    assert response.status_code == 429
    world.clock.forward(seconds=int(response.headers["retry-after"]))
    assert (await client.ask("{ who }")).status_code == 200


@pytest.mark.parametrize("chosen", [FEW])
async def test_whoever_guesses_tokens_is_counted(client: Any) -> None:
    guesses = [{"Authorization": f"Bearer guess-{number}"} for number in range(5)]
    statuses = [(await client.ask("{ who }", headers=headers)).status_code for headers in guesses]
    assert statuses == [401, 401, 401, 429, 429]


@pytest.mark.parametrize("chosen", [FEW])
async def test_changes_are_counted_one_by_one(client: Any, signed_in: Any) -> None:
    three = "mutation { a: bake b: bake c: bake }"
    response = await client.ask(three, headers=signed_in("ada"))
    assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert "set-cookie" not in response.headers
    response = await client.ask("mutation { a: bake b: bake }", headers=signed_in("ada"))
    assert response.json() == {"data": {"a": True, "b": True}}
    response = await client.ask("mutation { bake }", headers=signed_in("ada"))
    assert (response.status_code, response.json().get("data")) == (429, None)
