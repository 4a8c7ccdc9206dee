"""Panels in each state, with a small pool, for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, ParticipantRow, Ref, Sample, Session, new_participant
from hemicycle_panels import candidacy, committing, computing, drawing, links, meetings, opinion, rules, seats
from hemicycle_panels.models import (
    CandidacyRow,
    CollegeRow,
    DissentRow,
    MemberRow,
    PanelRow,
    SessionRow,
)

DRAWS = ("POOL_CLOSED", "COMPUTING", "COMMITTED", "PROMISED", "DRAWN", "REPLACING", "CLOSED")
PANELS = ("DRAWN", "CONVENED", "OPINION_ADOPTED", "DELIVERED", "DISSOLVED")
COLLEGES: list[dict[str, Any]] = [
    {"kind": "CITIZENS", "seats": 2, "method": "LOTTERY", "quotas": [
        {"feature": "age", "value": "young", "minimum": 1, "maximum": 1},
        {"feature": "age", "value": "old", "minimum": 1, "maximum": 1},
    ]},
    {"kind": "ELECTED_MEMBERS", "seats": 6, "method": "DESIGNATION"},
]  # fmt: skip


async def designed(session: Session, world: dict[str, UUID], title: str, space: str = "Space:OPEN") -> PanelRow:
    """A panel, DESIGNED."""
    return await rules.create(
        session, SYSTEM, space=world[space], title=title, question="What to do?",
        colleges=COLLEGES, lottery_size=4,
    )  # fmt: skip


async def called(session: Session, world: dict[str, UUID], title: str, space: str = "Space:OPEN") -> PanelRow:
    """A panel, CALL_OPEN."""
    row = await designed(session, world, title, space)
    await rules.open_call(
        session, SYSTEM, panel=row.id, text="A sample call.", ends_at=session.now + timedelta(days=30)
    )
    return row


async def drawn(session: Session, world: dict[str, UUID], title: str, until: str) -> PanelRow:
    """A panel whose draw stands there: prepared by the steward, the number entered by the administrator.

    Participant:ACTIVE is in the pool where nobody is drawn yet.
    """
    row = await called(session, world, title)
    if until == "POOL_CLOSED":
        await _apply(session, row, Actor(world["Participant:ACTIVE"]), "young")
    for person in await _candidates(session):
        await _apply(session, row, Actor(person.id), "old" if (person.display_name or "")[-1] in "12" else "young")
    steward, administrator = Actor(world["Participant:steward"]), Actor(world["Participant:administrator"])
    await drawing.close_pool(session, steward, panel=row.id)
    if until == "POOL_CLOSED":
        return row
    draw = await drawing.commit(session, steward, draw=row.id)
    if until == "COMPUTING":
        return row
    asked = await committing.question(session, row.id)
    assert asked is not None
    await committing.write(session, draw, computing.answer(asked))
    if until == "COMMITTED":
        return row
    await drawing.promise(session, steward, draw=row.id)
    if until == "PROMISED":
        return row
    await drawing.draw_panel(session, administrator, draw=row.id, balls="123")
    await session.flush()
    if until == "DRAWN":
        return row
    member = await _member(session, row.id, "DRAWN")
    assert member is not None
    await seats.decline(session, SYSTEM, member=member)
    await drawing.promise(session, steward, draw=row.id)
    if until == "REPLACING":
        return row
    await drawing.replace(session, administrator, draw=row.id, balls="456")
    await drawing.close_draw(session, steward, draw=row.id)
    return row


async def lived(session: Session, world: dict[str, UUID], state: str) -> PanelRow:
    """A panel that was drawn, in one of the states that follow."""
    row = await drawn(session, world, f"Sample panel {state.lower()}", "DRAWN")
    if state == "DRAWN":
        return row
    await session.flush()
    while member := await _member(session, row.id, "DRAWN"):
        await seats.accept(session, SYSTEM, member=member)
        await session.flush()
    await rules.convene(session, SYSTEM, panel=row.id)
    if state == "CONVENED":
        return row
    await opinion.adopt(
        session, SYSTEM, panel=row.id, title="A sample opinion", text="Sample words.", votes_for=1, votes_against=0,
        abstentions=0, dissents=[{"text": "Sample dissent.", "members": 1}],
    )  # fmt: skip
    await session.flush()
    if state == "OPINION_ADOPTED":
        return row
    await opinion.deliver(session, SYSTEM, panel=row.id, to="The sample assembly")
    await drawing.close_draw(session, SYSTEM, draw=row.id)
    if state == "DISSOLVED":
        await rules.dissolve(session, SYSTEM, panel=row.id)
    return row


async def _apply(session: Session, row: PanelRow, who: Actor, age: str) -> None:
    features = [{"feature": "age", "value": age}]
    await candidacy.apply(session, who, panel=row.id, college="CITIZENS", features=features, consent=True)


async def _candidates(session: Session) -> list[ParticipantRow]:
    """Five people who are candidates of every panel; they are made once."""
    theirs = select(ParticipantRow).where(col(ParticipantRow.display_name).startswith("Sample candidate"))
    known = list((await session.execute(theirs)).scalars())
    if not known:
        known = [new_participant(session, f"Sample candidate {number}") for number in range(1, 6)]
        await session.flush()
    return known


async def _member(session: Session, panel: UUID, state: str) -> UUID | None:
    its = select(col(MemberRow.id)).where(col(MemberRow.panel_id) == panel, col(MemberRow.state) == state)
    return (await session.execute(its.order_by(col(MemberRow.number)))).scalars().first()


def _panel(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        if state == "DESIGNED":
            return (await designed(session, world, "Sample panel designed")).id
        if state == "CALL_OPEN":
            row = await called(session, world, "Sample panel called")
            await _apply(session, row, Actor(world["Participant:ACTIVE"]), "young")
            return row.id
        if state == "MEMBERS":
            return (await called(session, world, "Sample panel among members", "Space:MEMBERS")).id
        if state == "POOL_CLOSED":
            return (await drawn(session, world, "Sample panel sealed", "POOL_CLOSED")).id
        return (await lived(session, world, state)).id

    return Sample(f"Panel:{state}", f"A panel, {state}.", make=make)


def _draw(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        if known := world.get(f"Panel:{state}"):
            return known  # a draw has the id of its panel
        return (await drawn(session, world, f"Sample panel, its draw {state.lower()}", state)).id

    return Sample(f"PanelDraw:{state}", f"A draw, {state}.", make=make)


def _of_panel(name: str, told: str, row: type, column: str = "panel_id", panel: str = "Panel:CALL_OPEN") -> Sample:
    """The first row of a panel."""

    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        its = getattr(row, "__table__").c  # noqa: B009  (SQLModel does not declare it)
        found = select(its.id).where(its[column] == world[panel]).order_by(its.id)
        key: UUID = (await session.execute(found.limit(1))).scalar_one()
        return key

    return Sample(name, told, make=make)


async def _sealed(session: Session, world: dict[str, UUID]) -> UUID:
    mine = select(col(CandidacyRow.id)).where(
        col(CandidacyRow.panel_id) == world["Panel:POOL_CLOSED"],
        col(CandidacyRow.participant_id) == world["Participant:ACTIVE"],
    )
    return (await session.execute(mine)).scalar_one()


async def _quota(session: Session, world: dict[str, UUID]) -> UUID:
    return (await rules.quotas_of(session, world["Panel:CALL_OPEN"]))[0].id


def _designated(state: str, who: str, panel: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        row = await seats.designate(
            session, SYSTEM, panel=world[panel], college="ELECTED_MEMBERS", participant=world[who]
        )
        if state == "DECLINED":
            await seats.decline(session, SYSTEM, member=row.id)
        elif state != "DRAWN":
            await seats.accept(session, SYSTEM, member=row.id, show_name=True)
        if state == "RESIGNED":
            await seats.resign(session, SYSTEM, member=row.id)
        return row.id

    return Sample(f"PanelMember:{state}", f"A seat of {who} in {panel}, {state}.", make=make)


async def _replaced(session: Session, world: dict[str, UUID]) -> UUID:
    found = await _member(session, world["PanelDraw:CLOSED"], "REPLACED")
    assert found is not None
    return found


def _session(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        panel = await session.get_one(PanelRow, world["Panel:CONVENED"])
        row = SessionRow(
            panel_id=panel.id, space_id=panel.space_id, at=session.now - timedelta(days=1), place="Sample hall",
            agenda="A sample agenda.",
        )  # fmt: skip
        session.add(row)
        await session.flush()
        if state == "HELD":
            await meetings.publish_minutes(session, SYSTEM, panel_session=row.id, minutes="Sample minutes.", present=1)
        if state == "CANCELLED":
            await meetings.cancel(session, SYSTEM, panel_session=row.id, reason="A sample reason.")
        return row.id

    return Sample(f"PanelSession:{state}", f"A session of yesterday of Panel:CONVENED, {state}.", make=make)


async def _opinion(_: Session, world: dict[str, UUID]) -> UUID:
    return world["Panel:OPINION_ADOPTED"]


async def _link(session: Session, world: dict[str, UUID]) -> UUID:
    target = Ref("Contribution", world["Contribution:PUBLISHED"])
    return (await links.link(session, SYSTEM, panel=world["Panel:CALL_OPEN"], target=target)).id


SAMPLES = [
    *(_panel(state) for state in ("DESIGNED", "CALL_OPEN", "MEMBERS", "POOL_CLOSED", *PANELS)),
    *(_draw(state) for state in DRAWS),
    _of_panel("PanelCollege", "The first college of Panel:CALL_OPEN.", CollegeRow),
    Sample("PanelQuota", "The first quota of Panel:CALL_OPEN.", make=_quota),
    _of_panel("PanelCandidacy:CALL_OPEN", "The candidacy of Participant:ACTIVE in Panel:CALL_OPEN.", CandidacyRow),
    Sample("PanelCandidacy:SEALED", "The candidacy of Participant:ACTIVE in Panel:POOL_CLOSED.", make=_sealed),
    _designated("DRAWN", "Participant:ACTIVE", "Panel:DRAWN"),
    _designated("ACCEPTED", "Participant:member", "Panel:DRAWN"),
    _designated("DECLINED", "Participant:moderator", "Panel:DRAWN"),
    _designated("ACTIVE", "Participant:ACTIVE", "Panel:CONVENED"),
    _designated("RESIGNED", "Participant:member", "Panel:CONVENED"),
    Sample("PanelMember:REPLACED", "A seat of PanelDraw:CLOSED that someone else has.", make=_replaced),
    *(_session(state) for state in ("PLANNED", "HELD", "CANCELLED")),
    Sample("PanelOpinion", "The opinion of Panel:OPINION_ADOPTED.", make=_opinion),
    _of_panel("PanelDissent", "A dissent from it.", DissentRow, panel="Panel:OPINION_ADOPTED"),
    Sample("PanelLink", "That Panel:CALL_OPEN works on Contribution:PUBLISHED.", make=_link),
]
