"""The worker: takes what is due, runs a few jobs at once, and keeps their leases while they run."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from hemicycle.kernel.declarations import Job
from hemicycle.kernel.jobs import queue
from hemicycle.kernel.jobs.queue import Claimed
from hemicycle.kernel.jobs.run import AT_ONCE, run, work_of

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

log = logging.getLogger(__name__)

ASIDE = 8
"""Jobs at once that wait for servers of other people, beside the `AT_ONCE` others."""
POLL = 1.0
"""Seconds between two looks at the queue; commits of this process are looked at without waiting."""
BEAT = 1.0
RENEW = queue.LEASE.total_seconds() / 3
GRACE = 10.0
"""Seconds that jobs have to end, when the worker stops, or when their time is over and they were cancelled."""
LONGEST = 30.0
"""Seconds between two attempts to reach a database that cannot be reached, at most."""


async def work(app: "Application", stop: asyncio.Event, beat: Callable[[], None] = lambda: None) -> None:
    """Work until `stop` is set. What runs then has some seconds to end; the rest goes back to the queue.

    beat: called every second while all is well, and not while a job ignores that its time is over.
    """
    worker = _Worker(app)
    async with app.started(worker=True):
        await _work(app, worker, stop, beat)


async def _work(app: "Application", worker: "_Worker", stop: asyncio.Event, beat: Callable[[], None]) -> None:
    with app.broadcast.bell() as bell:
        keeping = [asyncio.create_task(one) for one in (worker.beat(beat), worker.renew())]
        try:
            await worker.take_until(stop, bell)
        finally:
            await worker.finish()
            for one in keeping:
                one.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)


class _Worker:
    def __init__(self, app: "Application") -> None:
        self.app = app
        self.running: dict[asyncio.Task[None], Claimed] = {}
        self.until: dict[asyncio.Task[None], float] = {}
        self.aside = [one.name for one in app.declared[Job].values() if one.aside]

    async def take_until(self, stop: asyncio.Event, bell: asyncio.Event) -> None:
        prepared, pause = False, POLL
        while not stop.is_set():
            try:
                if not prepared:
                    await queue.revive(self.app, only_gone=True)
                    await queue.ensure_timers(self.app)
                    prepared = True
                await self._take(bell)
                pause = POLL
            except Exception as error:
                pause = min(2 * pause, LONGEST)
                log.warning("the queue cannot be read (%s): again in %.0f s", type(error).__name__, pause)
            await _first(stop, bell, within=pause)
            bell.clear()

    async def _take(self, bell: asyncio.Event) -> None:
        """What is due and has a place."""
        aside = sum(one.name in self.aside for one in self.running.values())
        places = [(AT_ONCE - len(self.running) + aside, queue.IT.name.not_in(self.aside))]
        if self.aside:
            places.append((ASIDE - aside, queue.IT.name.in_(self.aside)))
        for free, among in places:
            if free > 0:
                for job in await queue.claim(self.app, free, among):
                    self._start(job, bell)

    def _start(self, job: Claimed, bell: asyncio.Event) -> None:
        work = work_of(self.app, job)
        task = asyncio.create_task(run(self.app, job, work))
        self.running[task] = job
        self.until[task] = asyncio.get_running_loop().time() + (work.timeout.total_seconds() if work else 0) + GRACE

        def ended(task: asyncio.Task[None]) -> None:
            del self.running[task], self.until[task]
            if not task.cancelled() and (error := task.exception()) is not None:
                log.warning("%s: how it ended could not be noted (%s): it runs again", job.name, type(error).__name__)
            bell.set()  # there is room for another one

        task.add_done_callback(ended)

    async def beat(self, beat: Callable[[], None]) -> None:
        while True:
            if not any(until < asyncio.get_running_loop().time() for until in self.until.values()):
                beat()
            await asyncio.sleep(BEAT)

    async def renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            try:
                if self.running:
                    await queue.renew(self.app, list(self.running.values()))
            except Exception as error:
                log.warning("leases could not be renewed (%s)", type(error).__name__)

    async def finish(self) -> None:
        """Wait for what runs; interrupt what does not end, and give it back."""
        if not self.running:
            return
        _, late = await asyncio.wait(self.running, timeout=GRACE)
        jobs = [self.running[one] for one in late if one in self.running]
        for one in late:
            one.cancel()
        if jobs:
            await asyncio.wait(late, timeout=GRACE)
            await queue.release(self.app, jobs)


async def _first(*events: asyncio.Event, within: float) -> None:
    """Wait until one of these is set, or the time is over."""
    waiting = [asyncio.create_task(one.wait()) for one in events]
    try:
        await asyncio.wait(waiting, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
