"""Give people what is kept about them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import AsyncSession

from hemicycle.kernel.privacy import registry


async def export(session: AsyncSession, participant: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything that is registered about a person: by table, one object for each row. It can be written as JSON."""
    await session.flush()
    return await (await session.connection()).run_sync(_export, participant)


def _export(connection: Connection, participant: UUID) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    places, tables = registry.read(connection)
    for place, entries in places.items():
        columns = [tables[place.table].c[one.column] for one in entries if one.export]
        if not columns:
            continue
        rows = connection.execute(select(*columns).where(place.about(tables, participant))).mappings()
        if told := [{name: _plain(value) for name, value in row.items()} for row in rows]:
            found.setdefault(place.table, []).extend(told)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value
