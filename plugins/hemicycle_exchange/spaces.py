"""Where an import goes: a space that is there, or a new one; and its transaction, of which all stays or nothing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from hemicycle.api import SYSTEM, Application, RefusalCode, Refused, Session, SpaceRow, create_closed
from hemicycle_exchange.mapping import NewSpace


class Undone(Exception):
    """The end of an import of which nothing is to stay: not even its space."""


@asynccontextmanager
async def all_or_nothing(app: Application, what: str) -> AsyncIterator[Session]:
    """A transaction that ends without a trace where Undone is raised in it.

    Refused, on PostgreSQL, if another import wrote the same meanwhile.
    """
    try:
        async with app.write() as session:
            yield session
    except Undone:
        pass
    except IntegrityError as error:  # on PostgreSQL two may write at once; what one did not see, the other committed
        raise Refused(RefusalCode.CONFLICT, f"Another import of {what} is running: start it again.") from error


async def space_of(
    session: Session, slug: str, new: NewSpace, moments: Sequence[datetime], *, create_space: bool
) -> SpaceRow:
    """The space of this slug. create_space: make it if there is none, CLOSED, for what was said in it is over.

    moments: of what was said in it; the first and the last are its dates, where `new` gives none.
    """
    known: SpaceRow | None = (await session.execute(select(SpaceRow).where(col(SpaceRow.slug) == slug))).scalar()
    if known is not None:
        return known
    if not create_space:
        told = f"There is no space {slug}: name another one, or add --create-space."
        raise Refused(RefusalCode.NOT_FOUND, told)
    moments = moments or [session.now]
    return await create_closed(
        session, SYSTEM, slug=slug, title=new.title or slug, summary=new.summary, modalities=new.modalities,
        information=new.information, opened_at=new.opened_at or min(moments), closed_at=new.closed_at or max(moments),
    )  # fmt: skip
