"""Refusals are held back: a tenth of the time goes to them, and nobody who is answered waits."""

import asyncio
from typing import Any

import pytest

from hemicycle.kernel.graphql import pacing
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.operations import Operation, execute
from tests.kernel.http.conftest import bearer


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long answers were held back; nobody really waits."""
    waits: list[float] = []

    class Quick:
        get_running_loop = staticmethod(asyncio.get_running_loop)

        @staticmethod
        async def sleep(seconds: float) -> None:
            waits.append(seconds)

    monkeypatch.setattr(pacing, "asyncio", Quick)
    return waits


async def test_a_refusal_is_held_back_and_an_answer_is_not(client: Any, held: list[float]) -> None:
    for document in ("{ who }", '{ fails(how: "unexpected") }'):
        await client.ask(document, headers=bearer("ada"))
    assert held == []
    for document in ("{ nobody }", "{ who", "{" + "who " * 2000 + "}"):
        await client.ask(document)
    assert len(held) == 3
    assert all(0 < one <= LIMITS.held * pacing.COUNTED * 3 for one in held)
    events = {"Accept": "text/event-stream"}
    await client.ask("subscription { nobody }", headers=events)
    await client.ask("subscription { count(to: 2) }", headers=events)
    assert len(held) == 4
    await client.ask("{ who }", text="a" * LIMITS.body)
    assert len(held) == 5


async def test_what_crosses_no_network_is_not_held_back(world: Any, held: list[float]) -> None:
    answer = await execute(Operation("{ nobody }"), Context(world.app))
    assert answer.code == "VALIDATION_FAILED"
    assert held == []


async def test_each_waits_for_those_before_it_and_nobody_too_long(held: list[float]) -> None:
    shared = pacing.Pacing()
    for _ in range(3):
        await shared.hold(0.01)
    assert held == sorted(held)
    assert held[0] == pytest.approx(LIMITS.held * 0.01)
    for _ in range(100):
        await shared.hold(60)
    assert held[-1] == pytest.approx(LIMITS.held_seconds)


async def test_when_a_flood_is_over_nobody_waits_for_it(held: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    shared, loop = pacing.Pacing(), asyncio.get_running_loop()
    for _ in range(1000):
        await shared.hold(60)
    later = loop.time() + LIMITS.held_seconds
    monkeypatch.setattr(loop, "time", lambda: later)
    await shared.hold(0.01)
    assert held[-1] == pytest.approx(LIMITS.held * 0.01)
