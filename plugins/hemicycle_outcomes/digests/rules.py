"""How a digest is made and planned: some two hundred people at a time, each batch a job, and none of them twice."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import col

from hemicycle.api import Application, ParticipantRow, Session, SpaceRow, agreed_to_news, table_of
from hemicycle_outcomes.digests import sight
from hemicycle_outcomes.digests.models import DigestItemRow, DigestRow, LetterRow

BATCH = 200  # people that one job writes to: 40,000 are 200 jobs
KEPT = timedelta(days=60)  # how long it is known who was written to


async def make(app: Application, _: str) -> None:
    """The timer: once the last digest is old enough, make the next one, of the time since then."""
    async with app.write() as session:
        row = await _next(session)
        if row is None or row.until - row.since < _days(app):
            return
        if await session.add_once(row):
            found = sight.touched(row.id, row.since, row.until)
            await session.execute(insert(table_of(DigestItemRow)).from_select(["digest_id", "proposal_id"], found))
            await session.enqueue("outcomes.plan_digest", row.id.hex, once=f"plan:{row.id.hex}")
        await _forget(session)


async def plan(app: Application, digest: str) -> None:
    """The job that names whom a digest is for, and gives each batch of them to a job; it goes on where it was left."""
    while await plan_batch(app, UUID(digest)):
        pass


async def plan_batch(app: Application, digest: UUID) -> bool:
    """One batch, in one transaction: its letters, its job, and how far planning has come. Whether more may follow."""
    async with app.write() as session:
        row = await session.get_one(DigestRow, digest, with_for_update=True)
        if row.planned_at is not None:
            return False
        person = table_of(ParticipantRow).c
        concerned = select(person.id).where(
            person.state == "ACTIVE", agreed_to_news(person.id), sight.concerns(row.id, person.id)
        ).order_by(person.id).limit(BATCH)  # fmt: skip
        if row.reached is not None:
            concerned = concerned.where(person.id > row.reached)
        found = (await session.execute(concerned)).scalars().all()
        if found:
            row.reached, row.batches, row.letters = found[-1], row.batches + 1, row.letters + len(found)
            letters = [LetterRow(digest_id=row.id, participant_id=one, batch=row.batches) for one in found]
            await session.execute(insert(table_of(LetterRow)), [one.model_dump() for one in letters])
            argument = f"{row.id.hex}:{row.batches}"
            await session.enqueue("outcomes.send_digest", argument, once=f"send:{argument}")
        if len(found) < BATCH:
            row.planned_at = session.now
            return False
        return True


async def settle(app: Application) -> dict[str, int]:
    """After a backup was restored: no letter of then is written again, and the next digest tells of what comes now."""
    async with app.write() as session:
        waiting = update(LetterRow).where(col(LetterRow.state).in_(["TO_SEND", "SENDING"]))
        left = await session.execute(waiting.values(state="SKIPPED").returning(col(LetterRow.id)))
        unplanned = col(DigestRow.planned_at).is_(None)
        await session.execute(update(DigestRow).where(unplanned).values(planned_at=session.now))
        if (row := await _next(session)) is not None:
            row.planned_at = session.now
            await session.add_once(row)
        return {"letters of digests not written": len(left.all())}


async def _next(session: Session) -> DigestRow | None:
    """The digest of the time since the last one; None where there is no space yet."""
    root = select(col(SpaceRow.id)).where(col(SpaceRow.parent_id).is_(None))
    space = (await session.execute(root)).scalar()
    if space is None:
        return None
    last = select(func.max(col(DigestRow.until))).where(col(DigestRow.space_id) == space)
    since = (await session.execute(last)).scalar() or session.now - _days(session.app)
    return DigestRow(space_id=space, since=since, until=session.now)


def _days(app: Application) -> timedelta:
    return timedelta(days=app.plugin_settings["outcomes"].digest_days)


async def _forget(session: Session) -> None:
    """Nobody needs to know any more who was written to so long ago; what is in doubt stays."""
    old = select(col(DigestRow.id)).where(col(DigestRow.until) < session.now - KEPT)
    letters, done = col(LetterRow.digest_id).in_(old), col(LetterRow.state).in_(["SENT", "SKIPPED"])
    await session.execute(delete(LetterRow).where(letters, done))
    await session.execute(delete(DigestItemRow).where(col(DigestItemRow.digest_id).in_(old)))
