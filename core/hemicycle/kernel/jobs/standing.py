"""How the queue stands, for whoever watches over it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.jobs.models import JobRow

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

IT = table_of(JobRow).c


@dataclass(frozen=True)
class Standing:
    """Of one job. due: how many wait that should run now. oldest: seconds that one of them has waited. dead: given up.
    """  # fmt: skip

    name: str
    due: int
    oldest: float
    dead: int


async def standing(app: "Application") -> list[Standing]:
    """Of every job that has something in the queue. What a worker has in hand is not due."""
    now = app.clock.now()
    due = and_(IT.state == "READY", IT.run_at <= now, or_(IT.lease_until.is_(None), IT.lease_until <= now))
    question = select(
        IT.name, func.count(case((due, 1))), func.min(case((due, IT.run_at))), func.count(case((IT.state == "DEAD", 1)))
    )
    async with app.db.read() as connection:
        rows = await connection.execute(question.group_by(IT.name).order_by(IT.name))
        return [Standing(name, many, _since(first, now), dead) for name, many, first, dead in rows]


async def behind(app: "Application") -> float:
    """For how many seconds the oldest due job has waited: a worker that runs takes it within a second or two."""
    now = app.clock.now()
    due = IT.state == "READY", IT.run_at <= now, or_(IT.lease_until.is_(None), IT.lease_until <= now)
    async with app.db.read() as connection:
        first = (await connection.execute(select(IT.run_at).where(*due).order_by(IT.run_at).limit(1))).scalar()
    return _since(first, now)


def _since(moment: datetime | None, now: datetime) -> float:
    return (now - moment).total_seconds() if moment is not None else 0.0
