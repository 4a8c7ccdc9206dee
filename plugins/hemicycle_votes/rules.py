"""Who may support what, how often, and what becomes of it."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlmodel import SQLModel, col

from hemicycle.api import (
    ANYONE,
    VIEWER,
    Actor,
    Figure,
    OpenData,
    ParticipantRow,
    Ref,
    RefusalCode,
    Refused,
    Row,
    Session,
    SpaceTree,
    Supportable,
    check_space_state,
    readable,
    table_of,
)
from hemicycle_votes.models import SupportRow, SupportTallyRow, ThresholdRow

Test = ColumnElement[bool]
supports, tallies, tree = map(table_of, (SupportRow, SupportTallyRow, SpaceTree))


def visible(row: Row) -> Test:
    """One's own, and the public ones, to whoever sees what is supported (`about`). The others are only counted."""
    return or_(row.participant_id == VIEWER, row.public.is_(True))


def counted(row: Row) -> Test:
    """Counts, to whoever reads the space."""
    return readable(row.space_id)


def support_count(type_name: str) -> Callable[[Row], ColumnElement[int]]:
    """How many people support an object of this type; nobody yet is zero."""

    def expression(row: Row) -> ColumnElement[int]:
        it = tallies.alias().c
        its = select(it.supports).where(it.type == type_name, it.object_id == row.id).correlate(row.id.table)
        return func.coalesce(its.scalar_subquery(), 0)

    return expression


def viewer_supports(type_name: str) -> Callable[[Row], Test]:
    """The viewer supports this object."""

    def expression(row: Row) -> Test:
        it = supports.alias().c
        mine = select(1).where(it.participant_id == VIEWER, it.type == type_name, it.object_id == row.id)
        return mine.correlate(row.id.table).exists()

    return expression


async def support(session: Session, actor: Actor, *, target: Ref, public: bool | None = None) -> SupportTallyRow:
    """Support something, as a person, while its space is open. A second time only changes whether it is public."""
    row, space_id = await _target(session, actor, target)
    await check_space_state(session, space_id, "OPEN", told="one supports")
    person = await session.get(ParticipantRow, actor.id) if actor.id else None
    if person is None or person.kind != "PERSON":
        raise Refused(RefusalCode.NOT_ALLOWED, "Only people are counted: a structure says what it thinks in a reply.")
    mine = SupportRow(
        participant_id=person.id, type=target.type, object_id=target.key, space_id=space_id, public=bool(public),
        at=datetime.combine(session.now.date(), time(), UTC),
    )  # fmt: skip
    if not await session.add_once(mine):
        if public is not None:
            await session.execute(update(SupportRow).where(*_of(person.id, target)).values(public=public))
        return await _tally(session, target)
    tally = await _count(session, target, space_id, 1)
    session.record(ANYONE, "votes.supported", tally)  # that it happened; who did is in no journal
    if tally.supports in session.app.plugin_settings["votes"].thresholds:
        await _reached(session, row, target, tally.supports)
    return tally


async def withdraw(session: Session, actor: Actor, *, target: Ref) -> SupportTallyRow:
    """Take one's support back, at any time: what one shows of one's opinions is one's own."""
    mine = (await session.execute(select(col(SupportRow.id)).where(*_of(actor.id, target)))).scalar()
    row = await session.authorize(actor, "votes.withdraw", SupportRow, mine)
    await session.delete(row)
    tally = await _count(session, target, row.space_id, -1)
    session.record(ANYONE, "votes.withdrawn", tally)
    return tally


async def _target(session: Session, actor: Actor, target: Ref) -> tuple[SQLModel, UUID]:
    """What is to be supported, and the space that it lives in."""
    known: Supportable | None = session.app.declared[Supportable].get(target.type)
    if known is None:
        names = ", ".join(sorted(session.app.declared[Supportable]))
        raise Refused(RefusalCode.NOT_FOUND, f"A {target.type} cannot be supported; what can: {names}.")
    row: SQLModel = await session.authorize(actor, "votes.support", known.on, target.key, lock="share")
    scope = session.app.mappings[table_of(known.on)].scope
    assert scope is not None, f"{target.type} is supportable, and lives in no space: say @mapped(…, scope=…)"
    return row, getattr(row, scope)


async def _count(session: Session, target: Ref, space_id: UUID, step: int) -> SupportTallyRow:
    """One more, or one less."""
    fresh = SupportTallyRow(type=target.type, object_id=target.key, space_id=space_id, supports=max(step, 0))
    new = session.insert_once(SupportTallyRow).values(**fresh.model_dump())
    more = {"supports": tallies.c.supports + step}
    await session.execute(new.on_conflict_do_update(index_elements=["type", "object_id"], set_=more))
    return await _tally(session, target)


async def _tally(session: Session, target: Ref) -> SupportTallyRow:
    known = select(SupportTallyRow).where(
        col(SupportTallyRow.type) == target.type, col(SupportTallyRow.object_id) == target.key
    )
    row: SupportTallyRow = (await session.execute(known.execution_options(populate_existing=True))).scalar_one()
    return row


async def _reached(session: Session, row: SQLModel, target: Ref, number: int) -> None:
    """Tell, the first time that so many people support it."""
    first = ThresholdRow(type=target.type, object_id=target.key, number=number, at=session.now)
    if await session.add_once(first):
        session.record(ANYONE, "votes.threshold_reached", row, reason=str(number))


def _of(person: UUID | None, target: Ref) -> tuple[Test, ...]:
    it = SupportRow
    return col(it.participant_id) == person, col(it.type) == target.type, col(it.object_id) == target.key


def _public() -> Select[Any]:
    it = tallies.c
    return select(it.type, it.object_id, it.supports).where(readable(it.space_id)).order_by(it.object_id)


def _in_subtree(space: ColumnElement[UUID]) -> Select[Any]:
    joined = tallies.join(tree, tree.c.descendant_id == tallies.c.space_id)
    below = tree.c.ancestor_id == space, readable(tree.c.descendant_id)
    return select(func.coalesce(func.sum(tallies.c.supports), 0)).select_from(joined).where(*below)


OPEN_DATA = OpenData(
    "supports", "How many people support what.", query=_public,
    columns={
        "type": "What sort of object.", "object_id": "Its id.", "supports": "How many people support it.",
    },
    on=SupportTallyRow, people=["supports"],
    way_back="They are counts of people, who do not come: nobody supports by an import.",
)  # fmt: skip
FIGURES = [Figure("supports", "How often people supported something.", query=_in_subtree)]
