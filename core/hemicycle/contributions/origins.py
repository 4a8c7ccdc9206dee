"""What came from another system before, and whose words it is: so that a second import changes nothing."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, insert, select

from hemicycle.kernel.clock import secret_id
from hemicycle.kernel.db.dialect import chunks, table_of, texts
from hemicycle.kernel.db.session import Session
from hemicycle.participants.models import OriginRow, ParticipantRow
from hemicycle.participants.rules import name_of, sort_key

TYPE = "Participant"
AT_ONCE = 1000
origins = table_of(OriginRow)


class Author(NamedTuple):
    """What another system says of someone. kind: PERSON or STRUCTURE."""

    name: str
    kind: str = "PERSON"


async def authors_of(session: Session, system: str, wanted: Mapping[str, Author]) -> dict[str, UUID]:
    """Who they are here, by their ids in that system: those who came with an earlier import, and new ones."""
    found = await known_by_origin(session, TYPE, system, wanted.keys())
    new = {key: secret_id() for key in wanted if key not in found}
    if new:
        rows = [_person(session, key, wanted[author]) for author, key in new.items()]
        await session.execute(insert(table_of(ParticipantRow)), rows)
        await keep_origins(session, TYPE, system, new)
    return found | new


async def known_by_origin(session: Session, type_name: str, system: str, wanted: Iterable[str]) -> dict[str, UUID]:
    """What was imported before from a system, by its id there. type_name: its GraphQL type."""
    asked, found = texts(session.app.db.dialect), dict[str, UUID]()
    mine = and_(origins.c.type == type_name, origins.c.system == system, origins.c.external_id == asked.c.value)
    # An outer join, so that each id is looked up: planners without statistics read all of the system for each chunk.
    looked_up = select(asked.c.value, origins.c.object_id).select_from(asked.outerjoin(origins, mine))
    for some in chunks(sorted(wanted), AT_ONCE):
        rows = await session.execute(looked_up, {"texts": some})
        found |= {key: known for key, known in rows if known is not None}
    return found


async def keep_origins(session: Session, type_name: str, system: str, new: Mapping[str, UUID]) -> None:
    """Remember where these objects came from: what they are here, by their ids there."""
    rows = [{"type": type_name, "system": system, "external_id": it, "object_id": key} for it, key in new.items()]
    if rows:
        await session.execute(insert(origins), rows)


def _person(session: Session, key: UUID, author: Author) -> dict[str, Any]:
    name = name_of(author.name)
    return {
        "id": key, "kind": author.kind, "display_name": name, "sort_key": sort_key(name), "state": "ACTIVE",
        "created_at": session.now,
    }  # fmt: skip
