"""Run one claimed job, and write down how it ended. Whatever it does, it breaks nothing but itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hemicycle.kernel.db.session import DELIVER
from hemicycle.kernel.declarations import Job
from hemicycle.kernel.events.deliver import deliver, handler_of
from hemicycle.kernel.jobs import queue
from hemicycle.kernel.jobs.queue import Claimed

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

log = logging.getLogger(__name__)
AT_ONCE = 4


@dataclass(frozen=True)
class Work:
    """What a claimed job comes to. owner: the module or plugin that declares it."""

    owner: str
    name: str
    timeout: timedelta
    every: timedelta | None
    run: Callable[["Application", str], Awaitable[None]]


def work_of(app: "Application", job: Claimed) -> Work | None:
    """What is to be done; None if no enabled module declares it any more."""
    if job.name == DELIVER:
        if (handler := handler_of(app, job.argument)) is None:
            return None
        return Work(app.declared.owner_of(handler), handler.name, handler.timeout, None, deliver)
    known: Job | None = app.declared[Job].get(job.name)
    if known is None:
        return None
    return Work(app.declared.owner_of(known), known.name, known.timeout, known.every, known.run)


async def run(app: "Application", job: Claimed, work: Work | None) -> None:
    """Run it under its timeout. Only a database that cannot be reached raises: the lease then ends, and it comes again.
    """  # fmt: skip
    if work is None or (job.timer and work.every is None):
        log.warning("%s %s: no enabled plugin declares it any more", job.name, job.argument)
        await (queue.done(app, job) if job.timer else queue.bury(app, job, queue.GONE))
        return
    if job.attempts > queue.MOST and not job.timer:
        log.error("%s: %s %s: its worker died %d times: given up", work.owner, work.name, job.argument, queue.MOST)
        await queue.bury(app, job, queue.ABANDONED)
        return
    try:
        with app.observer.job("delivery" if job.name == DELIVER else "job", work.name):
            async with asyncio.timeout(work.timeout.total_seconds()):
                await work.run(app, job.argument)
    except (Exception, SystemExit, asyncio.CancelledError) as error:
        if isinstance(error, asyncio.CancelledError) and _cancelled():
            raise
        level = logging.ERROR if job.attempts >= queue.MOST else logging.WARNING
        told = "%s: %s %s failed, attempt %d of %d"
        log.log(level, told, work.owner, work.name, job.argument, job.attempts, queue.MOST, exc_info=error)
        await queue.failed(app, job, type(error).__name__, work.every)
    else:
        await queue.done(app, job, work.every)


async def run_due(app: "Application") -> int:
    """Run all that is due now, and what becomes due by it. How many jobs ran; those that failed count too."""
    await queue.ensure_timers(app)
    count = 0
    while jobs := await queue.claim(app, AT_ONCE):
        await asyncio.gather(*(run(app, one, work_of(app, one)) for one in jobs))
        count += len(jobs)
    return count


def _cancelled() -> bool:
    """Whether this task was cancelled, and not only something in it."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
