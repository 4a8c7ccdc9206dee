"""A job or a handler that fails breaks nothing but itself, and comes again."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from hemicycle.kernel.declarations import Handler, Job, Occurrence
from hemicycle.kernel.jobs import queue
from hemicycle.kernel.jobs.run import run, run_due, work_of


class Log:
    """Jobs and handlers that note what they get, and fail as often as they are told."""

    def __init__(self, error: BaseException | None = None, times: int = 0) -> None:
        self.got: list[Any] = []
        self.error, self.times = error, times

    async def __call__(self, _: Any, what: Any) -> None:
        self.got.append(what)
        if self.error is not None and len(self.got) <= self.times:
            raise self.error

    def job(self, name: str = "bench.note", **options: Any) -> Job:
        return Job(name, "Note an argument.", run=self, **options)

    def handler(self, name: str = "bench.hear", event: str | None = "space.changed", **options: Any) -> Handler:
        return Handler(name, "Note an event.", event=event, run=self, **options)


async def test_jobs_get_their_argument_and_go(bench: Any) -> None:
    log = Log()
    async with bench(log.job()) as it:
        await it.enqueue("bench.note", "one", "two")
        assert await run_due(it.app) == 2
        assert sorted(log.got) == ["one", "two"]
        assert await it.rows() == []
        assert await run_due(it.app) == 0


async def test_a_handler_of_no_event_hears_every_public_one(bench: Any) -> None:
    log = Log()
    async with bench(log.handler(event=None)) as it:
        for event in ("space.changed", "space.created", "space.opened"):  # the second one is not public
            await it.happen(event)
        await run_due(it.app)
    assert sorted(one.event for one in log.got) == ["space.changed", "space.opened"]


async def test_what_jobs_ask_for_is_done_too(bench: Any) -> None:
    log = Log()

    async def ask(app: Any, argument: str) -> None:
        async with app.write() as session:
            await session.enqueue("bench.note", f"{argument} again")

    async with bench(log.job(), Job("bench.ask", "Ask for another one.", run=ask)) as it:
        await it.enqueue("bench.ask", *(str(number) for number in range(10)))
        assert await run_due(it.app) == 20
        assert sorted(log.got) == sorted(f"{number} again" for number in range(10))


async def test_timers_run_and_wait(bench: Any) -> None:
    log = Log()
    async with bench(log.job(every=timedelta(minutes=1))) as it:
        assert [await run_due(it.app), await run_due(it.app)] == [1, 0]
        it.clock.forward(minutes=1)
        assert await run_due(it.app) == 1
        assert log.got == ["", ""]


async def test_each_handler_gets_the_event_and_fails_alone(bench: Any, caplog: pytest.LogCaptureFixture) -> None:
    fine, broken, elsewhere = Log(), Log(ValueError("secret words"), times=2), Log()
    handlers = [
        fine.handler("bench.fine"),
        broken.handler("bench.broken"),
        elsewhere.handler("bench.else", "space.opened"),
    ]
    async with bench(*handlers) as it:
        await it.happen()
        assert await run_due(it.app) == 2
        (happened,) = fine.got
        assert isinstance(happened, Occurrence)
        assert (happened.event, happened.subject_type, happened.subject_id) == ("space.changed", "Space", it.root)
        assert [(one.name, one.levelno) for one in caplog.records] == [("hemicycle.kernel.jobs.run", logging.WARNING)]
        assert caplog.messages[0].startswith("bench: bench.broken ")
        for _ in range(2):
            it.clock.forward(seconds=10)
            assert await run_due(it.app) == 1
        assert (fine.got, broken.got, elsewhere.got) == ([happened], [happened] * 3, [])
        assert await it.rows() == []


@pytest.mark.parametrize("error", [ValueError(), SystemExit(1), asyncio.CancelledError(), TimeoutError()])
async def test_whatever_it_raises_it_is_tried_again(bench: Any, error: BaseException) -> None:
    log, fine = Log(error, times=1), Log()
    async with bench(log.job(), fine.job("bench.fine")) as it:
        await it.enqueue("bench.note")
        await it.enqueue("bench.fine")
        assert await run_due(it.app) == 2
        (row,) = await it.rows()
        assert (row.name, row.error, row.attempts) == ("bench.note", type(error).__name__, 1)
        it.clock.forward(seconds=10)
        assert await run_due(it.app) == 1
        assert (len(log.got), len(fine.got), await it.rows()) == (2, 1, [])


@pytest.mark.parametrize("delivered", [True, False])
async def test_it_has_its_time(bench: Any, delivered: bool) -> None:
    async def wait(*_: Any) -> None:
        await asyncio.sleep(600)

    short = timedelta(seconds=0.05)
    slow_job = Job("bench.slow", "Wait.", run=wait, timeout=short)
    async with bench(slow_job, Handler("bench.slow", "Wait.", event="space.changed", run=wait, timeout=short)) as it:
        await (it.happen() if delivered else it.enqueue("bench.slow"))
        assert await run_due(it.app) == 1
        (row,) = await it.rows()
        assert (row.error, row.state) == ("TimeoutError", "READY")


async def test_it_is_given_up_loudly(bench: Any, caplog: pytest.LogCaptureFixture) -> None:
    log = Log(ValueError(), times=99)
    async with bench(log.job()) as it:
        await it.enqueue("bench.note")
        for _ in range(20):
            await run_due(it.app)
            it.clock.forward(days=1)
        assert len(log.got) == queue.MOST
        assert [one.levelno for one in caplog.records] == [logging.WARNING] * 11 + [logging.ERROR]
        assert await queue.dead(it.app) == [queue.Dead("bench.note", "", queue.MOST, "ValueError")]


async def test_what_nothing_declares_any_more_waits_for_its_plugin(bench: Any) -> None:
    log = Log()
    async with bench(log.job(), log.handler()) as it:
        await it.enqueue("bench.note", "kept")
        await it.happen()
    async with bench() as without:
        assert await run_due(without.app) == 2
        assert {one.error for one in await queue.dead(without.app)} == {queue.GONE}
        assert log.got == []
    async with bench(log.job(), log.handler()) as it:
        assert await queue.revive(it.app, only_gone=True) == 2
        assert await run_due(it.app) == 2
        assert "kept" in log.got
        assert await it.rows() == []


async def test_a_timer_that_nothing_declares_any_more_goes(bench: Any) -> None:
    async with bench(Log().job(every=timedelta(minutes=1))) as it:
        await queue.ensure_timers(it.app)
    async with bench() as without:
        assert await run_due(without.app) == 1
        assert await without.rows() == []
    async with bench(Log().job(every=timedelta(minutes=1))) as it:
        await queue.ensure_timers(it.app)
    async with bench(Log().job()) as no_timer:
        assert await run_due(no_timer.app) == 1
        assert await no_timer.rows() == []


async def test_a_job_that_kills_its_worker_each_time_is_given_up(bench: Any) -> None:
    log = Log()
    async with bench(log.job(), log.job("bench.timer", every=timedelta(minutes=1))) as it:
        await it.enqueue("bench.note")
        await queue.ensure_timers(it.app)
        for _ in range(queue.MOST):
            assert len(await queue.claim(it.app, 9)) == 2  # and the worker dies
            it.clock.forward(minutes=1)
        assert await run_due(it.app) == 2
        assert log.got == [""]  # the timer's: it is never given up
        assert await queue.dead(it.app) == [queue.Dead("bench.note", "", queue.MOST + 1, queue.ABANDONED)]


async def test_an_interrupted_job_is_not_a_failed_one(bench: Any) -> None:
    started = asyncio.Event()

    async def wait(*_: Any) -> None:
        started.set()
        await asyncio.sleep(600)

    async with bench(Job("bench.slow", "Wait.", run=wait)) as it:
        await it.enqueue("bench.slow")
        (job,) = await queue.claim(it.app, 9)
        task = asyncio.create_task(run(it.app, job, work_of(it.app, job)))
        await started.wait()
        before = await it.rows()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await it.rows() == before


async def test_a_delivery_of_nothing_fails(bench: Any) -> None:
    """It cannot come from `record`, which writes both in one transaction."""
    log = Log()
    async with bench(log.handler()) as it:
        await it.happen()
        (job,) = await queue.claim(it.app, 9)
        lost = queue.Claimed(job.id, job.name, f"{'0' * 32}:bench.hear", job.attempts, job.timer)
        await run(it.app, lost, work_of(it.app, lost))
        (row,) = await it.rows()
        assert (row.error, log.got) == ("LookupError", [])
