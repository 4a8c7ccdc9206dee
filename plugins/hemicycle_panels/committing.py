"""The job that computes a lottery and commits to it: it may be killed at any moment, and then begins again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import col

from hemicycle.api import SYSTEM, Application, Session
from hemicycle_panels import computing, rules
from hemicycle_panels.models import DrawRow, PanelRow
from hemicycle_panels.pool import features_of, lots_of, quotas_of
from hemicycle_panels.signing import chain_of

JOB = "panels.compute"
EVERY = timedelta(seconds=2)  # between two notes of the progress


async def compute(app: Application, argument: str) -> None:
    """The job: COMPUTING → COMMITTED, or back to POOL_CLOSED with the problem. Killed, it begins again."""
    key = UUID(argument)
    async with app.write() as session:
        asked = await question(session, key)
    if asked is None:
        return
    noted = app.clock.now()
    try:
        async for told in computing.compute(asked):
            if "done" in told:
                await finish(app, key, told["done"])
            elif app.clock.now() - noted >= EVERY:
                noted = app.clock.now()
                async with app.write() as session:
                    await session.execute(
                        update(DrawRow).where(col(DrawRow.id) == key).values(progress=told["progress"])
                    )
    except computing.CannotCompute as error:
        async with app.write() as session:
            row = await session.get_one(DrawRow, key, with_for_update=True)
            if row.state == "COMPUTING":
                row.state, row.problem, row.progress = "POOL_CLOSED", str(error), None
                session.record(
                    SYSTEM, "panels.lottery_failed", await session.get_one(PanelRow, row.id), reason=str(error)
                )


async def question(session: Session, draw: UUID) -> dict[str, Any] | None:
    """What the lottery's process is asked; None if nobody waits for it any more."""
    row = await session.get(DrawRow, draw)
    if row is None or row.state != "COMPUTING" or row.profiles is None:
        return None
    panel = await session.get_one(PanelRow, row.id)
    colleges, quotas = await lots_of(session, panel)
    return {
        "people": row.profiles, "features": features_of(colleges, quotas),
        "quotas": quotas_of(colleges, quotas), "size": sum(one.seats for one in colleges.values()),
        "algorithm": panel.algorithm, "lottery_size": panel.lottery_size,
        "households": row.households,
        "seconds": session.app.plugin_settings["panels"].lottery_seconds,
        "key": chain_of(session.app, key=row.key).public, "root": row.root,
    }  # fmt: skip


async def finish(app: Application, draw: UUID, done: dict[str, Any]) -> None:
    """Write what the process found. A second time changes nothing."""
    async with app.write() as session:
        row = await session.get_one(DrawRow, draw, with_for_update=True)
        if row.state == "COMPUTING":
            await write(session, row, done)


async def write(session: Session, row: DrawRow, done: dict[str, Any]) -> None:
    """The first lines, what is told of the lottery, and everyone's probability."""
    chain = chain_of(session.app, key=row.key)
    for kind, said in done["lines"]:
        chain.add(kind, **said)
    row.transcript, row.relaxed, row.state, row.progress = chain.transcript.decode(), done["relaxed"], "COMMITTED", None
    for name, value in done["told"].items():
        setattr(row, name, value)
    table = rules.candidacies
    theirs = update(table).where(table.c.panel_id == row.id, table.c.number == bindparam("of"))
    chances = [{"of": number, "chance": chance} for number, chance in enumerate(done["probabilities"])]
    await (await session.connection()).execute(theirs.values(probability=bindparam("chance")), chances)
    session.record(SYSTEM, "panels.lottery_committed", await session.get_one(PanelRow, row.id), reason=chain.head)
