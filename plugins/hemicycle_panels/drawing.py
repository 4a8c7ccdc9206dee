"""The draw, step by step: seal the pool, commit the lottery, promise the number, draw, and close. Each step is public.

It takes two people: whoever committed the lottery or promised the number does not enter it.
"""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from hemicycle.api import VIEWER, Actor, Application, RefusalCode, Refused, Row, Session
from hemicycle_panels.beacons import Commitments, Secrets, beacon_of, promise_source, steps_of
from hemicycle_panels.committing import JOB
from hemicycle_panels.models import CandidacyRow, DrawRow, MemberRow, PanelRow
from hemicycle_panels.pool import check_pool, college_of, count_values, features_of, households_of, lots_of, profile_of
from hemicycle_panels.signing import chain_of
from hemicycle_panels.transcript.alternates import alternates
from hemicycle_panels.transcript.merkle import leaf, path, root


def prepared(row: Row) -> ColumnElement[bool]:
    """The viewer committed the lottery, or promised the number: somebody else enters it."""
    return or_(row.committed_by_id == VIEWER, row.promised_by_id == VIEWER)


async def close_pool(session: Session, actor: Actor, *, panel: UUID) -> PanelRow:
    """CALL_OPEN → POOL_CLOSED: everyone in the pool is sealed in a tree of hashes whose root is published."""
    row = await session.authorize(actor, "panels.close_pool", PanelRow, panel)
    colleges, quotas = await lots_of(session, row)
    mine = select(CandidacyRow).where(col(CandidacyRow.panel_id) == row.id).with_for_update()
    pool = list((await session.execute(mine)).scalars())
    check_pool(colleges, quotas, pool)
    features = features_of(colleges, quotas)
    sealed = []
    for one in pool:
        one.salt = secrets.token_hex(32)
        sealed.append((leaf(one.salt, one.id.hex, profile_of(colleges, features, one)), one))
    sealed.sort(key=lambda pair: pair[0])
    for number, (_, one) in enumerate(sealed):
        one.number = number
    count_values(quotas, pool)
    draw = DrawRow(
        id=row.id, space_id=row.space_id, pool_size=len(sealed), root=root([one for one, _ in sealed]),
        leaves=[one.hex() for one, _ in sealed], profiles=[profile_of(colleges, features, one) for _, one in sealed],
        households=households_of([one for _, one in sealed]) if row.one_per_household else None,
        key=_fingerprint(session.app), closed_at=session.now, closed_by_id=actor.id,
    )  # fmt: skip
    session.add(draw)
    row.state = "POOL_CLOSED"
    await session.flush()
    session.record(actor, "panels.pool_closed", row, reason=draw.root)
    return row


async def commit(session: Session, actor: Actor, *, draw: UUID) -> DrawRow:
    """POOL_CLOSED → COMPUTING: a job computes the lottery, writes the first lines, and says COMMITTED."""
    row = await session.authorize(actor, "panels.commit", DrawRow, draw)
    chain_of(session.app, key=row.key)  # better now than in an hour
    row.state, row.committed_by_id, row.problem, row.progress = "COMPUTING", actor.id, None, None
    await session.enqueue(JOB, row.id.hex, once=row.id.hex)
    session.record(actor, "panels.lottery_asked", await _panel(session, row))
    return row


async def promise(
    session: Session, actor: Actor, *, draw: UUID, source: str = "balls", commitments: Commitments = ()
) -> DrawRow:
    """Name the source of the number before it comes: for the panel, or for the seats that were given up since."""
    row = await session.authorize(actor, "panels.promise", DrawRow, draw)
    steps = steps_of(session.app, row)
    if row.state == "COMMITTED":
        vacant, row.state = [], "PROMISED"
    else:
        vacant, row.state = await vacancies(session, row.id), "REPLACING"
        if not vacant:
            raise Refused(RefusalCode.CONFLICT, "Every seat is taken: there is nobody to replace.")
    promise_source(steps, source, commitments, vacant)
    row.transcript, row.source, row.promised_by_id = steps.chain.transcript.decode(), source, actor.id
    session.record(actor, "panels.beacon_promised", await _panel(session, row), reason=steps.commitment)
    return row


async def draw_panel(
    session: Session, actor: Actor, *, draw: UUID, balls: str | None = None, reveals: Secrets = ()
) -> PanelRow:
    """PROMISED → DRAWN: the number that came names one of the panels of the lottery."""
    row = await session.authorize(actor, "panels.draw", DrawRow, draw)
    steps = steps_of(session.app, row)
    beacon, told = beacon_of(steps, balls, reveals)
    numbers = steps.draw(beacon)
    row.transcript, row.state, row.drawn_by_id = steps.chain.transcript.decode(), "DRAWN", actor.id
    panel = await _panel(session, row)
    panel.state = "DRAWN"
    await _seat(session, row, numbers)
    session.record(actor, "panels.drawn", panel, reason=told)
    return panel


async def replace(
    session: Session, actor: Actor, *, draw: UUID, balls: str | None = None, reveals: Secrets = ()
) -> PanelRow:
    """REPLACING → DRAWN: each seat that was promised goes to an alternate of the same profile, by this number."""
    row = await session.authorize(actor, "panels.replace", DrawRow, draw)
    steps, panel = steps_of(session.app, row), await _panel(session, row)
    beacon, told = beacon_of(steps, balls, reveals)
    seated = (await session.execute(select(MemberRow).where(col(MemberRow.panel_id) == row.id))).scalars().all()
    by_number = {one.number: one for one in seated if one.number is not None}
    sitting = {number for number, one in by_number.items() if one.state != "REPLACED"}
    gone = {number for number, one in by_number.items() if one.state == "REPLACED"}
    steps.announce(beacon)
    assert row.profiles is not None
    for leaves in steps.replaces:
        others = alternates(row.profiles, steps.terms["features"], steps.terms["quotas"], sitting, leaves, gone)
        if not others:
            raise Refused(
                RefusalCode.CONFLICT, f"Nobody in the pool can take the seat of number {leaves} and keep the quotas."
            )
        comes = steps.replace(beacon, leaves, others)
        by_number[leaves].state = "REPLACED"
        await _seat(session, row, [comes])
        await _part_households(session, row, comes, sitting - {leaves})
        sitting, gone = sitting - {leaves} | {comes}, gone | {leaves}
    row.transcript, row.state, row.drawn_by_id = steps.chain.transcript.decode(), "DRAWN", actor.id
    session.record(actor, "panels.replaced", panel, reason=told)
    return panel


async def close_draw(session: Session, actor: Actor, *, draw: UUID) -> DrawRow:
    """DRAWN → CLOSED: the last line of the transcript. Nobody is replaced any more."""
    row = await session.authorize(actor, "panels.close_draw", DrawRow, draw)
    steps = steps_of(session.app, row)
    steps.close()
    row.transcript, row.state = steps.chain.transcript.decode(), "CLOSED"
    session.record(actor, "panels.draw_closed", await _panel(session, row), reason=steps.chain.head)
    return row


async def vacancies(session: Session, panel: UUID) -> list[int]:
    """The numbers of those who were drawn, and declined, resigned or were erased; sorted."""
    its = select(MemberRow).where(col(MemberRow.panel_id) == panel).order_by(col(MemberRow.number))
    free = list[int]()
    for one in (await session.execute(its)).scalars():
        if one.participant_id is None and one.state in ("DRAWN", "ACCEPTED", "ACTIVE"):
            one.state = "RESIGNED"  # who was erased does not come
        if one.state in ("DECLINED", "RESIGNED") and one.number is not None:
            free.append(one.number)
    return free


def proof(leaves: list[str], number: int, salt: str, id_: UUID, profile: list[str], top: str) -> dict[str, Any]:
    """What shows that a person is in the pool: all that their leaf was made of, and the way from it to the root."""
    way = path([bytes.fromhex(one) for one in leaves], number)
    return {"id": id_.hex, "profile": profile, "salt": salt, "number": number, "path": way, "root": top}


async def _seat(session: Session, row: DrawRow, numbers: list[int]) -> None:
    """A seat for each number; whoever was erased meanwhile has left it already."""
    theirs = select(CandidacyRow).where(col(CandidacyRow.panel_id) == row.id, col(CandidacyRow.number).in_(numbers))
    known = {one.number: one for one in (await session.execute(theirs)).scalars()}
    colleges, quotas = await lots_of(session, await _panel(session, row))
    for number in numbers:
        one = known.get(number)
        college = one.college_id if one else college_of(colleges, features_of(colleges, quotas), row, number)
        session.add(MemberRow(
            panel_id=row.id, space_id=row.space_id, college_id=college, number=number,
            state="DRAWN" if one else "DECLINED", participant_id=one.participant_id if one else None,
        ))  # fmt: skip


async def _part_households(session: Session, row: DrawRow, comes: int, sitting: set[int]) -> None:
    """Whoever lives with someone who sits does not come: the next number finds somebody else."""
    homes = row.households
    if homes is not None and homes[comes] is not None and homes[comes] in {homes[one] for one in sitting}:
        its = select(MemberRow).where(col(MemberRow.panel_id) == row.id, col(MemberRow.number) == comes)
        (await session.execute(its)).scalar_one().state = "DECLINED"


async def _panel(session: Session, row: DrawRow) -> PanelRow:
    return await session.get_one(PanelRow, row.id)


def _fingerprint(app: Application) -> str:
    chain = chain_of(app)
    from hemicycle_panels.transcript.chain import fingerprint

    return fingerprint(chain.public)
