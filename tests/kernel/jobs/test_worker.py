"""A worker takes a few jobs at once, keeps them while they run, and gives back what it cannot end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from hemicycle.kernel.declarations import Job
from hemicycle.kernel.jobs import queue, worker
from hemicycle.kernel.jobs.run import AT_ONCE
from hemicycle.kernel.jobs.worker import work
from hemicycle.testing import a_plugin, open_world


class Gate:
    """Jobs that wait until it is opened."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.inside: list[str] = []
        self.done: list[str] = []

    async def __call__(self, _: Any, argument: str) -> None:
        self.inside.append(argument)
        try:
            await self.opened.wait()
            await asyncio.sleep(0.01)
            self.done.append(argument)
        finally:
            self.inside.remove(argument)

    def job(self) -> Job:
        return Job("bench.gate", "Wait.", run=self)


@asynccontextmanager
async def working(*benches: Any, beat: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
    """Workers of these applications, for the time of a `with`; what they raise fails the test."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(work(one.app, stop, beat)) for one in benches]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await asyncio.gather(*tasks)


async def until(true: Callable[[], Any]) -> None:
    """Wait for something to become true."""
    for _ in range(2000):
        found = true()
        if await found if asyncio.iscoroutine(found) else found:
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never became true")


async def test_what_is_committed_is_done_without_waiting(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 600.0)
    gate = Gate()
    gate.opened.set()
    async with bench(gate.job()) as it, working(it):
        for number in range(3):
            await asyncio.sleep(0.05)
            await it.enqueue("bench.gate", str(number))
            await until(lambda number=number: gate.done == [str(one) for one in range(number + 1)])
    assert gate.inside == []


async def test_a_few_run_at_once_and_the_next_follow(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 600.0)
    gate = Gate()
    async with bench(gate.job()) as it:
        await it.enqueue("bench.gate", *(f"{number:02}" for number in range(10)))
        async with working(it):
            await until(lambda: len(gate.inside) == AT_ONCE)
            await asyncio.sleep(0.1)
            assert len(gate.inside) == AT_ONCE
            gate.opened.set()
            await until(lambda: len(gate.done) == 10)
        assert await it.rows() == []


async def test_what_waits_for_others_takes_no_place_of_ours(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the other way round."""
    monkeypatch.setattr(worker, "POLL", 600.0)
    slow, ours = Gate(), Gate()
    async with bench(Job("bench.slow", "Wait for others.", run=slow, aside=True), ours.job()) as it:
        await it.enqueue("bench.slow", *(f"{number:02}" for number in range(20)))
        async with working(it):
            await until(lambda: len(slow.inside) == worker.ASIDE)
            await it.enqueue("bench.gate", *(f"{number:02}" for number in range(10)))
            await until(lambda: len(ours.inside) == AT_ONCE)
            assert (len(slow.inside), len(ours.inside)) == (worker.ASIDE, AT_ONCE)
            ours.opened.set()
            await until(lambda: len(ours.done) == 10)
            assert slow.done == []
            slow.opened.set()
            await until(lambda: len(slow.done) == 20)
        assert await it.rows() == []


async def test_four_workers_do_fifty_jobs_once_each(bench: Any) -> None:
    gate = Gate()
    gate.opened.set()
    async with (
        bench(gate.job()) as one,
        bench(gate.job()) as two,
        bench(gate.job()) as three,
        bench(gate.job()) as four,
    ):
        await one.enqueue("bench.gate", *(f"{number:02}" for number in range(50)))
        async with working(one, two, three, four):
            await until(lambda: len(gate.done) >= 50)
        assert sorted(gate.done) == [f"{number:02}" for number in range(50)]
        assert await one.rows() == []


async def test_what_still_runs_may_end_when_it_stops(bench: Any) -> None:
    gate = Gate()
    async with bench(gate.job()) as it:
        await it.enqueue("bench.gate", "one")
        async with working(it):
            await until(lambda: gate.inside)
            asyncio.get_running_loop().call_later(0.2, gate.opened.set)
        assert gate.done == ["one"]
        assert await it.rows() == []


async def test_what_does_not_end_is_given_back(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.2)
    gate = Gate()
    async with bench(gate.job()) as it:
        await it.enqueue("bench.gate", "one")
        async with working(it):
            await until(lambda: gate.inside)
        assert (gate.inside, gate.done) == ([], [])
        (again,) = await queue.claim(it.app, 9)
        assert again.attempts == 1


async def test_the_lease_of_what_runs_is_renewed(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "RENEW", 0.02)
    gate = Gate()
    async with bench(gate.job()) as it, bench(gate.job()) as other:
        await it.enqueue("bench.gate", "one")
        async with working(it):
            await until(lambda: gate.inside)
            for _ in range(3):
                it.clock.forward(seconds=queue.LEASE.total_seconds() - 1)

                async def renewed() -> bool:
                    (row,) = await it.rows()
                    return bool(row.lease_until > it.clock.moment + queue.LEASE - timedelta(seconds=1))

                await until(renewed)
                other.clock.moment = it.clock.moment
                assert await queue.claim(other.app, 9) == []
            gate.opened.set()
        assert gate.done == ["one"]


async def test_it_survives_a_database_that_is_away(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 0.01)
    failing = {"ensure_timers": 2, "claim": 2, "done": 1}

    def unreliable(name: str) -> Any:
        real = getattr(queue, name)

        async def call(*arguments: Any) -> Any:
            if failing[name]:
                failing[name] -= 1
                raise ConnectionRefusedError
            return await real(*arguments)

        return call

    for name in failing:
        monkeypatch.setattr(queue, name, unreliable(name))
    gate = Gate()
    gate.opened.set()
    async with bench(gate.job()) as it:
        await it.enqueue("bench.gate", "one")
        async with working(it):
            await until(lambda: gate.done == ["one"])  # but that could not be noted
            it.clock.forward(minutes=1)
            await until(lambda: gate.done == ["one", "one"])
        assert await it.rows() == []
        assert not any(failing.values())


async def test_it_begins_with_timers_and_with_what_waited_for_its_plugin(bench: Any) -> None:
    gate = Gate()
    gate.opened.set()
    timer = Job("bench.timer", "Every hour.", run=gate, every=timedelta(hours=1))
    async with bench(gate.job(), timer) as it:
        await it.enqueue("bench.gate", "back")
        for job in await queue.claim(it.app, 9):
            await queue.bury(it.app, job, queue.GONE)
        async with working(it):
            await until(lambda: sorted(gate.done) == ["", "back"])


async def test_it_gives_no_sign_of_life_while_a_job_ignores_its_end(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.1)
    monkeypatch.setattr(worker, "BEAT", 0.01)
    beats, let_go = [0], asyncio.Event()

    async def stubborn(*_: Any) -> None:
        while not let_go.is_set():
            with suppress(asyncio.CancelledError):
                await let_go.wait()

    short = timedelta(seconds=0.05)
    async with bench(Job("bench.stubborn", "Never end.", run=stubborn, timeout=short)) as it:

        def beat() -> None:
            beats[0] += 1

        async with working(it, beat=beat):
            await until(lambda: beats[0] > 5)
            await it.enqueue("bench.stubborn")
            await asyncio.sleep(0.5)
            before = beats[0]
            await asyncio.sleep(0.2)
            silent = beats[0] == before
            let_go.set()
            await until(lambda: beats[0] > before)
        assert silent


async def test_plugins_start_up_before_it_takes_anything_and_shut_down_after_the_last(database_url: str) -> None:
    calls: list[str] = []

    def told(name: str) -> Callable[..., Any]:
        async def call(app: Any) -> None:
            calls.append(name)

        return call

    async def look(app: Any, argument: str) -> None:
        calls.append("job")

    hooks = {name: told(name) for name in ("start_up", "shut_down")}
    bench = a_plugin("bench", declare_jobs=lambda: [Job("bench.look", "Look.", run=look)], **hooks)
    async with open_world(database_url, given=[bench], samples=False) as world:
        async with world.app.write() as session:
            await session.enqueue("bench.look")
        async with working(world):
            await until(lambda: "job" in calls)
    assert calls == ["start_up", "job", "shut_down"]
