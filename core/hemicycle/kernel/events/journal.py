"""Read the journal as handlers and listeners get it: who, what, where, when, and never a text."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Occurrence
from hemicycle.kernel.events.models import JournalRow


async def occurrences(
    connection: AsyncConnection, *tests: ColumnElement[bool], order: ColumnElement[Any] | None = None
) -> list[Occurrence]:
    """What happened, of the rows of the journal of which all `tests` are true."""
    it = table_of(JournalRow).c
    question = select(it.id, it.event, it.at, it.actor_id, it.space_id, it.subject_type, it.subject_id).where(*tests)
    rows = await connection.execute(question if order is None else question.order_by(order))
    return [Occurrence(*row) for row in rows]
