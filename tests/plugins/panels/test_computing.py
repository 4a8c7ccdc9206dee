"""The lottery in a process of its own: as a job that tells how far it is, and that may be killed at any moment."""

import asyncio
import json
from typing import Any

import pytest

from hemicycle.api import decode_id
from hemicycle.kernel.jobs.run import run_due
from hemicycle.testing import World
from hemicycle_panels import committing, computing
from tests.plugins.panels.calling import draw_of, look, pool, step

ASKED: dict[str, Any] = {
    "people": [["young"]] * 6 + [["old"]] * 7, "features": ["age"], "size": 4, "algorithm": "leximin",
    "quotas": [["age", one, 1, 3, 1, 3] for one in ("young", "old")], "lottery_size": 20, "key": "00", "root": "00",
}  # fmt: skip
DRAW = "draw { state problem progress transcript }"


async def test_the_same_pool_has_the_same_lottery_in_any_process() -> None:
    told = [one async for one in computing.compute(ASKED)]
    assert [next(iter(one)) for one in told] == ["progress"] * (len(told) - 1) + ["done"]
    assert len(told) > 2
    assert told[-1]["done"] == json.loads(json.dumps(computing.answer(ASKED)))


async def test_what_stands_in_the_way_is_told() -> None:
    asked = ASKED | {"quotas": [["age", "young", 4, 4, 4, 4], ["age", "old", 1, 3, 1, 3]]}
    with pytest.raises(computing.CannotCompute, match="no panel keeps all quotas"):
        async for _ in computing.compute(asked):
            pass


async def test_a_process_that_dies_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing.sys, "executable", "/bin/false")
    with pytest.raises((RuntimeError, ConnectionError, BrokenPipeError)):
        async for _ in computing.compute(ASKED):
            pass


async def test_a_job_that_is_interrupted_begins_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever moment it dies at, there is nothing, or the whole lottery; the next run makes the same one."""
    panel, _ = await pool(world)
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    assert await step(world, "commitLottery", "steward", draw=draw_of(panel)) == "COMPUTING"

    async def dies(asked: dict[str, Any]) -> Any:
        world.clock.forward(minutes=1)
        yield {"progress": "looking"}
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(computing, "compute", dies)
        await run_due(world.app)
    assert (await look(world, panel, DRAW))["draw"] == {
        "state": "COMPUTING", "problem": None, "progress": "looking", "transcript": "",
    }  # fmt: skip
    world.clock.forward(minutes=5)
    await run_due(world.app)  # in a process of its own
    first = (await look(world, panel, DRAW))["draw"]
    assert (first["state"], first["progress"], first["transcript"].count("\n")) == ("COMMITTED", None, 3)
    await committing.compute(world.app, _key(panel))  # as if the worker had died just after it was done
    assert (await look(world, panel, DRAW))["draw"] == first


def _key(panel: str) -> str:
    ref = decode_id(panel)
    assert ref is not None
    return ref.key.hex
