"""The queue of work for later: who claims a row has it for the time of a lease, and nothing is lost if they die.

The number of attempts tells claims apart: what a worker writes about a row that another one has claimed since (because
its own lease ended) changes nothing.
"""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.kernel.clock import new_id
from hemicycle.kernel.db.dialect import chunks, insert_once, table_of
from hemicycle.kernel.db.session import DELIVER
from hemicycle.kernel.declarations import Handler, Job
from hemicycle.kernel.jobs.models import JobRow

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

MOST = 12
"""Attempts, after which a job is DEAD: about 17 hours with these pauses."""
FIRST, FACTOR, LONGEST = timedelta(seconds=2), 3, timedelta(hours=6)
"""Pauses between attempts: 2 s, 6 s, 18 s… 6 h, give or take a fifth, so that not all come back at once."""
LEASE = timedelta(seconds=30)
"""How long a job is a worker's. It renews it while the job runs; the supervisor kills a worker that hangs sooner."""
GONE, ABANDONED = "Gone", "Abandoned"
"""Why a job is DEAD that did not fail itself: no enabled module declares it; its worker died each time."""

JOBS = table_of(JobRow)
IT = JOBS.c
IS_TIMER = IT.once == IT.name


@dataclass(frozen=True)
class Claimed:
    """A job that is ours for the time of the lease. attempts: this one included."""

    id: UUID
    name: str
    argument: str
    attempts: int
    timer: bool


@dataclass(frozen=True)
class Dead:
    """A job that was given up, or a timer that fails again and again: `hemicycle check` tells of it."""

    name: str
    argument: str
    attempts: int
    error: str | None


async def claim(app: "Application", limit: int, *tests: ColumnElement[bool]) -> list[Claimed]:
    """Take up to `limit` jobs that are due and pass the `tests`. Nobody else gets them for the time of the lease."""
    now = app.clock.now()
    due = select(IT.id).where(*_due(now), *tests).order_by(IT.run_at).limit(limit)
    async with app.db.read() as connection:
        if (await connection.execute(due.limit(1))).first() is None:
            return []  # writers are not disturbed every second for nothing
    # PostgreSQL may run a plain subquery several times, and lock more than the limit; never this.
    picked = due.with_for_update(skip_locked=True).cte("picked")
    taking = (
        update(JOBS)
        .where(IT.id.in_(select(picked.c.id)))
        # What is asked for from now on may depend on more than this run will have read: it waits for another one.
        .values(
            lease_until=now + LEASE, attempts=IT.attempts + 1, once=case((IS_TIMER, IT.once), else_=cast(IT.id, String))
        )
        .returning(IT.id, IT.name, IT.argument, IT.attempts, IS_TIMER.label("timer"))
    )
    async with _writing(app) as connection:
        return [Claimed(*row) for row in await connection.execute(taking)]


async def renew(app: "Application", jobs: Sequence[Claimed]) -> None:
    """These still run: they stay ours."""
    async with _writing(app) as connection:
        for one in jobs:
            await connection.execute(_of(one).values(lease_until=app.clock.now() + LEASE))


async def release(app: "Application", jobs: Sequence[Claimed]) -> None:
    """These were interrupted because we stop: whoever comes next may run them at once. It was no attempt."""
    async with _writing(app) as connection:
        for one in jobs:
            await connection.execute(_of(one).values(lease_until=None, attempts=IT.attempts - 1))


async def done(app: "Application", job: Claimed, every: timedelta | None = None) -> None:
    """It is done: the row goes; a timer's waits for its next time."""
    async with _writing(app) as connection:
        if job.timer and every is not None:
            again = {"run_at": app.clock.now() + every, "lease_until": None, "attempts": 0, "error": None}
            await connection.execute(_of(job).values(**again))
        else:
            await connection.execute(delete(JOBS).where(IT.id == job.id, IT.attempts == job.attempts))


async def failed(app: "Application", job: Claimed, error: str, every: timedelta | None = None) -> None:
    """It failed with an error of this class: it is tried again later, or given up. A timer is never given up."""
    if job.attempts >= MOST and not job.timer:
        await bury(app, job, error)
        return
    pause = back_off(job.attempts)
    later = app.clock.now() + (min(pause, every) if job.timer and every else pause)
    async with _writing(app) as connection:
        await connection.execute(_of(job).values(run_at=later, lease_until=None, error=error))


async def bury(app: "Application", job: Claimed, error: str) -> None:
    """Give it up. The row stays, for `hemicycle check` to tell of it."""
    async with _writing(app) as connection:
        await connection.execute(_of(job).values(state="DEAD", lease_until=None, error=error))


async def dead(app: "Application") -> list[Dead]:
    """What was given up, and timers that failed as often, the oldest first."""
    lost = or_(IT.state == "DEAD", IT.attempts >= MOST)
    question = select(IT.name, IT.argument, IT.attempts, IT.error).where(lost).order_by(IT.run_at)
    async with app.db.read() as connection:
        return [Dead(*row) for row in await connection.execute(question)]


async def revive(app: "Application", *, only_gone: bool = False) -> int:
    """Try again what was given up; with `only_gone`, what nothing declared any more. How many there were."""
    tests = [IT.state == "DEAD", *([IT.error == GONE] if only_gone else [])]
    again = update(JOBS).where(*tests).values(state="READY", attempts=0, error=None, run_at=app.clock.now())
    async with app.db.read() as connection:
        if (await connection.execute(select(IT.id).where(*tests).limit(1))).first() is None:
            return 0
    async with _writing(app) as connection:
        return len((await connection.execute(again.returning(IT.id))).all())


async def drop_outward(app: "Application") -> int:
    """After a backup was restored: what was due and reaches outside (letters, requests) is not done again; how many.

    It was done when the backup was young, or it is too old to be done.
    """
    jobs, handlers = ({one.name for one in app.declared[kind].values() if one.outward} for kind in (Job, Handler))
    waiting = select(IT.id, IT.name, IT.argument).where(IT.state == "READY", IT.run_at <= app.clock.now(), ~IS_TIMER)
    async with _writing(app) as connection:
        gone = [
            key for key, name, argument in await connection.execute(waiting)
            if name in jobs or (name == DELIVER and argument.partition(":")[2] in handlers)
        ]  # fmt: skip
        for some in chunks(gone):
            await connection.execute(delete(JOBS).where(IT.id.in_(some)))
    return len(gone)


async def ensure_timers(app: "Application") -> None:
    """One row for each declared timer, due at once if it is new."""
    declared: list[Job] = list(app.declared[Job].values())
    async with app.db.read() as connection:
        known = set((await connection.execute(select(IT.once).where(IS_TIMER))).scalars())
    new = [
        {"id": new_id(), "name": one.name, "argument": "", "once": one.name, "run_at": app.clock.now(),
         "attempts": 0, "state": "READY"}
        for one in declared if one.every is not None and one.name not in known
    ]  # fmt: skip
    if new:
        async with _writing(app) as connection:
            await connection.execute(insert_once(app.db.dialect, JOBS).on_conflict_do_nothing(), new)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    pause: timedelta = min(FIRST * FACTOR ** min(attempts - 1, MOST), LONGEST)
    return pause * random.uniform(0.8, 1.2)


def _due(now: datetime) -> list[ColumnElement[bool]]:
    return [IT.state == "READY", IT.run_at <= now, or_(IT.lease_until.is_(None), IT.lease_until <= now)]


def _of(job: Claimed) -> Any:
    """A change of its row, as long as it is ours."""
    return update(JOBS).where(IT.id == job.id, IT.attempts == job.attempts)


@asynccontextmanager
async def _writing(app: "Application") -> AsyncIterator[AsyncConnection]:
    async with app.db.turn(), app.db.writing.begin() as connection:
        yield connection
