"""Where spaces are, and where people live: who says it, who checks it, who may know."""

from typing import Any
from uuid import UUID

from pydantic import Field, field_validator
from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from hemicycle.api import (
    Actor,
    Criterion,
    OpenData,
    ParticipantRow,
    RefusalCode,
    Refused,
    Row,
    Session,
    SpaceRow,
    Strict,
    readable,
    secret_id,
)
from hemicycle_territories import sets
from hemicycle_territories.models import KINDS, PlaceRow, ResidenceRow, TerritoryRow


def visible(row: Row) -> ColumnElement[bool]:
    """Whoever reads the instance."""
    return readable(row.space_id)


async def set_space(session: Session, actor: Actor, *, space: UUID, territory: UUID | None = None) -> SpaceRow:
    """Say which territory a space is about; without one, it is about that of the space above again."""
    row = await session.authorize(actor, "territories.place", SpaceRow, space)
    known = await session.get(PlaceRow, row.id)
    if known is not None:
        await session.delete(known)
        await session.flush()
    if territory is not None:
        await _territory(session, territory)
        session.add(PlaceRow(space_id=row.id, territory_id=territory))
    session.record(actor, "territories.placed", row)
    return row


async def declare(session: Session, actor: Actor, *, territory: UUID) -> UUID:
    """Say that one lives there, as closely or as vaguely as one likes. What was checked before is checked no more."""
    there = await session.authorize(actor, "territories.declare", TerritoryRow, territory, lock="share")
    assert actor.id is not None
    return await _live(session, actor, actor.id, there)


async def withdraw(session: Session, actor: Actor) -> ResidenceRow:
    """Say no longer where one lives."""
    mine = (await session.execute(select(col(ResidenceRow.id)).where(_of(actor.id)))).scalar()
    row = await session.authorize(actor, "territories.withdraw", ResidenceRow, mine)
    await session.delete(row)
    return row


async def verify(session: Session, actor: Actor, *, participant: UUID, territory: UUID) -> UUID:
    """Someone else than the person saw a proof that they live there."""
    there = await session.authorize(actor, "territories.verify", TerritoryRow, territory, lock="share")
    person = await session.get(ParticipantRow, participant)
    if person is None or person.kind != "PERSON" or person.state != "ACTIVE":
        raise Refused(RefusalCode.NOT_FOUND, "There is no such person who takes part: a structure lives nowhere.")
    if person.id == actor.id:
        raise Refused(RefusalCode.NOT_ALLOWED, "Nobody checks where they live themselves: ask someone else to.")
    return await _live(session, actor, person.id, there, checked=True)


async def _live(
    session: Session, actor: Actor, person: UUID, there: TerritoryRow, *, checked: bool = False
) -> UUID:  # fmt: skip
    if there.valid_to is not None:
        raise Refused(RefusalCode.WRONG_STATE, f"{there.name} ended on {there.valid_to}: name what took its place.")
    today = session.now.date()
    values = {
        "territory_id": there.id, "space_id": there.space_id, "declared_on": today,
        "verified_on": today if checked else None, "verified_by_id": actor.id if checked else None,
    }  # fmt: skip
    new = session.insert_once(ResidenceRow).values(id=secret_id(), participant_id=person, **values)
    new = new.on_conflict_do_update(index_elements=["participant_id"], set_=values).returning(col(ResidenceRow.id))
    key: UUID = (await session.execute(new)).scalar_one()
    row = await session.get_one(ResidenceRow, key, populate_existing=True)
    session.record(actor, "territories.verified" if checked else "territories.declared", row)
    return key


async def _territory(session: Session, key: UUID) -> TerritoryRow:
    row = await session.get(TerritoryRow, key)
    if row is None:
        raise Refused(RefusalCode.NOT_FOUND, "There is no territory under that id.")
    return row


def _of(person: UUID | None) -> ColumnElement[bool]:
    return col(ResidenceRow.participant_id) == person


class LivesIn(Strict):
    """Parameters of the criterion: territories as `KIND:CODE`; verified: only where someone checked it."""

    territories: list[str] = Field(min_length=1, max_length=100)
    verified: bool = False

    @field_validator("territories")
    @classmethod
    def _named(cls, value: list[str]) -> list[str]:
        for one in value:
            kind, _, code = one.partition(":")
            if kind not in KINDS or not code:
                raise ValueError(f"{one}: a territory is named KIND:CODE, as DEPARTMENT:18; kinds: {', '.join(KINDS)}")
        return value


def _lives_in(person: ColumnElement[UUID], given: LivesIn) -> ColumnElement[bool]:
    named = [(kind, code) for kind, _, code in (one.partition(":") for one in given.territories)]
    return sets.lives_in(person, named, verified=given.verified)


def _territories() -> Select[Any]:
    it = sets.territories.c
    told = [it[name] for name in _TERRITORY if name != "communes"]
    return select(*told, sets.commune_count(it).label("communes")).where(readable(it.space_id)).order_by(it.id)


def _communes() -> Select[Any]:
    it, whose = sets.members.c, sets.territories.c
    joined = sets.members.join(sets.territories, whose.id == it.territory_id)
    told = whose.scheme, whose.kind, whose.code, it.commune, it.valid_from, it.valid_to
    rows = select(*told).select_from(joined).where(readable(whose.space_id), whose.kind != "COMMUNE")
    return rows.order_by(whose.id, it.commune, it.valid_from)


_TERRITORY = {
    "scheme": "Whose code it has.", "kind": "What sort of territory.", "code": "Its code.", "name": "Its name.",
    "evidence": "How surely it is known.", "source": "Where it was found.",
    "partial": "Whether only some of its communes are known.", "vintage": "The year of the last file that named it.",
    "valid_from": "From which day on, as far as the files say.", "valid_to": "The first day on which it was no more.",
    "communes": "How many communes it has now.",
}  # fmt: skip
_COMMUNE = {
    "scheme": "Whose code the territory has.", "kind": "What sort of territory.", "code": "Its code.",
    "commune": "The code of a commune of it.", "valid_from": "From which day on.",
    "valid_to": "The first day on which it was its own no more.",
}  # fmt: skip
_LOADED = "They come from official files, or from your own: `hemicycle territories load` reads those here."
OPEN_DATA = [
    OpenData("territories", "Territories: sets of communes.", query=_territories, columns=_TERRITORY,
             way_back=_LOADED),
    OpenData("territory_communes", "Which communes a territory has.", query=_communes, columns=_COMMUNE,
             way_back=_LOADED),
]  # fmt: skip
CRITERIA = [
    Criterion(
        "territories.lives_in", "Lives in one of these territories, as they said or as someone checked.",
        test=_lives_in, parameters=LivesIn,
    )
]  # fmt: skip
