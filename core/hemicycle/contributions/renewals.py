"""What was imported before, and says something else there now: a new version of it here."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from hemicycle.contributions.models import CategoryRow, ContributionRow, VersionRow
from hemicycle.contributions.records import Accepted
from hemicycle.contributions.rules import withdraw
from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.clock import new_id
from hemicycle.kernel.db.dialect import chunks, table_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.search import index

contributions, versions, named = map(table_of, (ContributionRow, VersionRow, CategoryRow))


class _Stands(NamedTuple):
    """What stands here now."""

    number: int
    title: str | None
    text: str | None
    categories: list[str]


async def renew(session: Session, actor: Actor, found: Sequence[tuple[UUID, Accepted]]) -> int:
    """Write new versions of the published contributions among `found` whose words or categories differ: how many.

    What was withdrawn there is withdrawn here. What is hidden or withdrawn here stays as it is.
    """
    changed = 0
    for some in chunks(found):
        stands = await _standing(session, [key for key, _ in some])
        other = [(key, one) for key, one in some if key in stands and _differs(stands[key], one)]
        for key, _ in [pair for pair in other if pair[1].record.withdrawn]:
            await withdraw(session, actor, contribution=key)
        await _write(session, stands, [pair for pair in other if not pair[1].record.withdrawn])
        changed += len(other)
    return changed


async def _standing(session: Session, keys: Sequence[UUID]) -> dict[UUID, _Stands]:
    it, said = contributions.c, versions.c
    joined = contributions.join(versions, (said.contribution_id == it.id) & (said.number == it.version))
    chosen = select(it.id, it.version, said.title, said.text, it.categories).select_from(joined)
    rows = await session.execute(chosen.where(it.id.in_(keys), it.state == "PUBLISHED", said.text.is_not(None)))
    return {key: _Stands(*rest) for key, *rest in rows}


def _differs(stands: _Stands, one: Accepted) -> bool:
    return (stands.title, stands.text, stands.categories) != (one.title, one.text, one.columns["categories"])


async def _write(session: Session, stands: dict[UUID, _Stands], some: Sequence[tuple[UUID, Accepted]]) -> None:
    if not some:
        return
    rows: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    for key, one in some:
        number = stands[key].number + 1
        rows.append({"id": new_id(), "contribution_id": key, "number": number, "title": one.title, "text": one.text,
                     "at": session.now})  # fmt: skip
        marks.append({"key": key, "version": number, "categories": one.columns["categories"]})
    await session.execute(insert(versions), rows)
    mark = update(contributions).where(contributions.c.id == bindparam("key"))
    connection = await session.connection()
    await connection.execute(mark, marks)
    await session.execute(delete(named).where(named.c.contribution_id.in_([key for key, _ in some])))
    categories = [{"contribution_id": key, "category": name} for key, one in some for name in one.columns["categories"]]
    if categories:
        await session.execute(insert(named), categories)
    words = ((key, f"{one.title or ''}\n{one.text}") for key, one in some)
    await index.put_many(session, "Contribution", words)
