"""Erase a person: carry out what every owner declared, in one transaction."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, inspect, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hemicycle.kernel.privacy import registry


async def erase(session: AsyncSession, participant: UUID, content: bool) -> None:
    """Null, blank or delete what is registered about a person; with `content`, what they wrote too.

    Rows that the session has loaded before keep their old values in memory: read them again.
    """
    await session.flush()
    await (await session.connection()).run_sync(_erase, participant, content)


async def written_by(session: AsyncSession, participant: UUID) -> list[UUID]:
    """The ids of the objects whose content a person wrote, of whatever module, its package being there or not."""
    return await (await session.connection()).run_sync(_written_by, participant)


def _written_by(connection: Connection, participant: UUID) -> list[UUID]:
    places, tables = registry.read(connection)
    found: list[Any] = []
    for place, entries in places.items():
        keys = tables[place.via_table or place.table].primary_key.columns
        if any(one.content for one in entries) and len(keys) == 1:
            whose = tables[place.via_table or place.table].c[place.owner_column]
            found += connection.execute(select(*keys).where(whose == participant)).scalars()
    return [one for one in found if isinstance(one, UUID)]


def _erase(connection: Connection, participant: UUID, content: bool) -> None:
    places, tables = registry.read(connection)
    wanted = {
        place: [one for one in entries if one.erase != "KEEP" and (content or not one.content)]
        for place, entries in places.items()
    }
    # Rows found through another table go first, while that table still says whose they are; and a row after those
    # that refer to it.
    makeable = inspect(connection).get_sorted_table_and_fkc_names()
    below = {name: number for number, (name, _) in enumerate(reversed(makeable))}
    for place in sorted(wanted, key=lambda one: (one.via_table is None, below[one.table])):
        entries, table = wanted[place], tables[place.table]
        mine = place.about(tables, participant)
        if any(one.erase == "DELETE" for one in entries):
            connection.execute(delete(table).where(mine))
        elif entries:
            connection.execute(update(table).where(mine).values(
                {one.column: null() if one.erase == "NULL" else "" for one in entries}
            ))  # fmt: skip
