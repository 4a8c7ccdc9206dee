"""A retry acts once: (who, key) is kept in the transaction of the effect, with what came of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import Field, SQLModel, col

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import insert_once, table_of
from hemicycle.kernel.db.types import Code, Utc
from hemicycle.kernel.declarations import Job
from hemicycle.kernel.errors import RefusalCode, Refused

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.db.session import Session

KEPT = timedelta(hours=48)


class IdempotencyRow(SQLModel, table=True):
    """One key of one actor. Ids only: the input is kept as a hash."""

    __tablename__ = "core_idempotency"

    actor: str = Field(primary_key=True, sa_type=Code)
    key: str = Field(primary_key=True, max_length=255)
    digest: str = Field(max_length=64)
    type: str = Field(default="", sa_type=Code)
    object_id: UUID | None = None
    at: datetime = Field(sa_type=Utc, index=True)


async def begin(session: "Session", actor: Actor, key: str, digest: str) -> UUID | None:
    """None if this is the first time; else what the first time changed. Refused if the input was another one."""
    table = table_of(IdempotencyRow)
    new = insert_once(session.app.db.dialect, table).values(
        actor=_who(actor), key=key, digest=digest, type="", at=session.now
    )
    if (await session.execute(new.on_conflict_do_nothing().returning(table.c.key))).first():
        return None
    mine = select(IdempotencyRow).where(col(IdempotencyRow.actor) == _who(actor), col(IdempotencyRow.key) == key)
    known: IdempotencyRow = (await session.execute(mine)).scalar_one()
    if known.digest != digest:
        raise Refused(
            RefusalCode.IDEMPOTENCY_MISMATCH, "This idempotencyKey was used with another input: take a new one."
        )
    assert known.object_id is not None
    return known.object_id


async def finish(session: "Session", actor: Actor, key: str, type_: str, object_id: UUID) -> None:
    """Keep what came of it."""
    table = table_of(IdempotencyRow)
    mine = (table.c.actor == _who(actor)) & (table.c.key == key)
    await session.execute(update(table).where(mine).values(type=type_, object_id=object_id))


async def drop(session: "Session", actor: Actor, key: str) -> None:
    """Nothing came of it: the key is free again."""
    table = table_of(IdempotencyRow)
    await session.execute(delete(table).where(table.c.actor == _who(actor), table.c.key == key))


async def forget(app: "Application", _: str) -> None:
    """The timer that removes keys older than 48 hours."""
    async with app.write() as session:
        await session.execute(delete(IdempotencyRow).where(col(IdempotencyRow.at) < session.now - KEPT))


FORGET = Job("kernel.forget_keys", "Remove the idempotency keys that are no longer kept.", run=forget,
             every=timedelta(hours=1))  # fmt: skip


def _who(actor: Actor) -> str:
    return actor.id.hex if actor.id else "anyone"
