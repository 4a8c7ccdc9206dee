"""A job is one worker's at a time, comes back when it fails or its worker dies, and is given up at last."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from hemicycle.kernel.declarations import Job
from hemicycle.kernel.jobs import queue

MINUTE = timedelta(minutes=1)


async def nothing(*_: Any) -> None:
    """A job that does nothing."""


NOTE = Job("bench.note", "Note an argument.", run=nothing)
TIMER = Job("bench.timer", "Every minute.", run=nothing, every=MINUTE)


async def test_only_what_is_due_is_claimed_first_what_waited_longest(bench: Any) -> None:
    async with bench(NOTE) as it:
        now = it.clock.now()
        await it.enqueue("bench.note", "late", at=now - MINUTE)
        await it.enqueue("bench.note", "later", at=now + MINUTE)
        await it.enqueue("bench.note", "latest", at=now - 2 * MINUTE)
        assert [one.argument for one in await queue.claim(it.app, 1)] == ["latest"]
        assert [one.argument for one in await queue.claim(it.app, 9)] == ["late"]
        it.clock.forward(minutes=2)
        assert {one.argument for one in await queue.claim(it.app, 9)} == {"latest", "late", "later"}


async def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(bench: Any) -> None:
    async with bench(NOTE) as it, bench(NOTE) as other:
        await it.enqueue("bench.note", "once")
        (first,) = await queue.claim(it.app, 9)
        assert (first.name, first.argument, first.attempts, first.timer) == ("bench.note", "once", 1, False)
        assert await queue.claim(other.app, 9) == []
        it.clock.forward(seconds=queue.LEASE.total_seconds() - 1)
        await queue.renew(it.app, [first])
        other.clock.moment = it.clock.moment + queue.LEASE - timedelta(seconds=1)
        assert await queue.claim(other.app, 9) == []
        other.clock.forward(seconds=2)
        (second,) = await queue.claim(other.app, 9)
        assert (second.id, second.attempts) == (first.id, 2)


async def test_who_lost_the_lease_changes_nothing_any_more(bench: Any) -> None:
    async with bench(NOTE) as it:
        await it.enqueue("bench.note")
        (first,) = await queue.claim(it.app, 9)
        it.clock.forward(minutes=1)
        (second,) = await queue.claim(it.app, 9)
        before = await it.rows()
        await queue.done(it.app, first)
        await queue.failed(it.app, first, "ValueError")
        await queue.bury(it.app, first, "ValueError")
        await queue.release(it.app, [first])
        await queue.renew(it.app, [first])
        assert await it.rows() == before
        await queue.done(it.app, second)
        assert await it.rows() == []


async def test_what_was_interrupted_is_free_at_once_and_was_no_attempt(bench: Any) -> None:
    async with bench(NOTE) as it:
        await it.enqueue("bench.note")
        await queue.release(it.app, await queue.claim(it.app, 9))
        (again,) = await queue.claim(it.app, 9)
        assert again.attempts == 1


async def test_the_pause_after_a_failure_grows_and_ends(bench: Any) -> None:
    async with bench(NOTE) as it:
        await it.enqueue("bench.note", "fails")
        pauses = []
        for attempt in range(1, queue.MOST + 1):
            (job,) = await queue.claim(it.app, 9)
            assert job.attempts == attempt
            before = it.clock.moment
            await queue.failed(it.app, job, "ValueError")
            assert await queue.claim(it.app, 9) == []
            (row,) = await it.rows()
            assert row.error == "ValueError"
            if attempt < queue.MOST:
                pauses.append((row.run_at - before).total_seconds())
                it.clock.moment = row.run_at
        assert (row.state, row.lease_until) == ("DEAD", None)
        assert all(0.75 * 2 * 3**n < one < 1.25 * 2 * 3**n for n, one in enumerate(pauses[:8]))
        assert all(0.75 * 6 * 3600 < one < 1.25 * 6 * 3600 for one in pauses[10:])
        it.clock.forward(days=400)
        assert await queue.claim(it.app, 9) == []


def test_not_all_come_back_at_once() -> None:
    assert len({queue.back_off(3) for _ in range(20)}) > 10


async def test_what_was_given_up_is_told_and_can_be_tried_again(bench: Any) -> None:
    async with bench(NOTE) as it:
        await it.enqueue("bench.note", "lost", "fine")
        for job in await queue.claim(it.app, 9):
            await (queue.bury(it.app, job, "ValueError") if job.argument == "lost" else queue.done(it.app, job))
        assert await queue.dead(it.app) == [queue.Dead("bench.note", "lost", 1, "ValueError")]
        assert await queue.revive(it.app, only_gone=True) == 0
        assert await queue.revive(it.app) == 1
        assert (await queue.dead(it.app), await queue.revive(it.app)) == ([], 0)
        assert [(one.argument, one.attempts) for one in await queue.claim(it.app, 9)] == [("lost", 1)]


async def test_one_row_for_each_timer(bench: Any) -> None:
    async with bench(NOTE, TIMER) as it, bench(NOTE, TIMER) as other:
        await asyncio.gather(*(queue.ensure_timers(one.app) for one in (it, other, it)))
        await queue.ensure_timers(other.app)
        (row,) = await it.rows()
        assert (row.name, row.once, row.argument) == ("bench.timer", "bench.timer", "")


async def test_a_timer_comes_again(bench: Any) -> None:
    async with bench(TIMER) as it:
        await queue.ensure_timers(it.app)
        for _ in range(3):
            (job,) = await queue.claim(it.app, 9)
            assert (job.timer, job.attempts) == (True, 1)
            await queue.done(it.app, job, MINUTE)
            assert await queue.claim(it.app, 9) == []
            it.clock.forward(minutes=1)


async def test_a_timer_is_never_given_up_and_never_late_by_more_than_its_period(bench: Any) -> None:
    async with bench(TIMER) as it:
        await queue.ensure_timers(it.app)
        for attempt in range(1, 40):
            (job,) = await queue.claim(it.app, 9)
            assert job.attempts == attempt
            await queue.failed(it.app, job, "ValueError", MINUTE)
            it.clock.forward(minutes=1)
        assert await queue.dead(it.app) == [queue.Dead("bench.timer", "", 39, "ValueError")]
        (job,) = await queue.claim(it.app, 9)
        await queue.done(it.app, job, MINUTE)
        assert await queue.dead(it.app) == []


async def test_what_waits_once_waits_once_but_what_runs_does_not_count(bench: Any) -> None:
    """Asked for while it runs, it runs again: this run may have read what was there before."""
    async with bench(NOTE) as it:
        await it.enqueue("bench.note", "a", "b", once="note")
        (job,) = await queue.claim(it.app, 9)
        assert job.argument == "a"
        await it.enqueue("bench.note", "c", once="note")
        await queue.failed(it.app, job, "ValueError")
        assert {row.argument for row in await it.rows()} == {"a", "c"}


async def test_an_unknown_job_cannot_be_asked_for(bench: Any) -> None:
    async with bench(NOTE) as it:
        with pytest.raises(ValueError, match=r"bench\.nota"):
            await it.enqueue("bench.nota")
        assert await it.rows() == []


async def test_a_queue_without_anything_due_is_only_read(bench: Any) -> None:
    async with bench(NOTE) as it:
        await it.enqueue("bench.note", at=it.clock.now() + MINUTE)
        async with it.app.db.turn():  # whoever wrote now would wait for ever
            async with asyncio.timeout(5):
                assert await queue.claim(it.app, 9) == []
                assert await queue.revive(it.app) == 0
                await queue.ensure_timers(it.app)
