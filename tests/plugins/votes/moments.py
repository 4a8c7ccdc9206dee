"""A stranger's plugin with a type of its own that may be supported, in states of its own."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from hemicycle.api import (
    Code,
    Node,
    Sample,
    SchemaPart,
    Session,
    Supportable,
    Utc,
    column,
    hookimpl,
    mapped,
    new_id,
    readable,
)


class MomentRow(SQLModel, table=True):
    __tablename__ = "moments_moment"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    state: str = Field(sa_type=Code)
    at: datetime = Field(sa_type=Utc)


@mapped(MomentRow, "A moment of a show.", visible=lambda row: readable(row.space_id), scope="space_id")
class Moment(Node):
    at: datetime = column("When.")


@hookimpl
def declare_supportable() -> list[Supportable]:
    return [Supportable("Moment", "A moment of a show.", on=MomentRow, states=["SHOWN"])]


@hookimpl
def extend_schema() -> SchemaPart:
    return SchemaPart(types=(Moment,))


@hookimpl
def declare_samples() -> list[Sample]:
    return [_sample(state) for state in ("SHOWN", "CUT")]


def _sample(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        row = MomentRow(space_id=world["Space:OPEN"], state=state, at=session.now)
        session.add(row)
        return row.id

    return Sample(f"Moment:{state}", f"A moment, {state}.", make=make)
