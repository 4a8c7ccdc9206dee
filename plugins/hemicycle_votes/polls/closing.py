"""The end of a poll: the envelopes are opened into the box, shuffled; then it is counted, and published."""

import asyncio
import json
from collections.abc import Sequence
from random import SystemRandom
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Application, RefusalCode, Refused, Session, invalid, secret_id, table_of
from hemicycle_votes.counting import CannotCount, Rankings, Result, count
from hemicycle_votes.pictures import draw
from hemicycle_votes.polls import ballots, casting, eligibility, envelopes, keys, rules
from hemicycle_votes.polls.models import BallotRow, EnvelopeRow, PollRow, ResultRow, TrackerRow, VoterRow

FEWEST = 5  # ballots: of fewer, in a CONFIDENTIAL poll, nothing is told but how many
chance = SystemRandom()


async def close_poll(session: Session, actor: Actor, *, poll: UUID, reason: str) -> PollRow:
    """OPEN → CLOSED before its time, for a public reason."""
    row = await session.authorize(actor, "votes.close_poll", PollRow, poll)
    if not reason.strip():
        raise invalid("reason", "Say why it closes before its time: everyone reads it.")
    await _open_envelopes(session, row)
    session.record(actor, "votes.poll_closed_early", row, reason=reason.strip())
    return row


async def close_on_time(app: Application, argument: str) -> None:
    """The timer that closes a poll. A second time it changes nothing."""
    async with app.write() as session:
        row = await session.get(PollRow, UUID(argument), with_for_update=True)
        if row is not None and row.state == "OPEN" and row.closes_at <= session.now:
            await _open_envelopes(session, row)
            session.record(SYSTEM, "votes.poll_closed", row)


async def count_poll(session: Session, actor: Actor, *, poll: UUID, lot: str | None = None) -> PollRow:
    """CLOSED → COUNTED. lot: the text of the lot that breaks ties, where the poll has said that one does."""
    row = await session.authorize(actor, "votes.count_poll", PollRow, poll)
    if row.secrecy == "BELENIOS":
        raise Refused(RefusalCode.CONFLICT, "This poll was held with Belenios: bring its result with importPollResult.")
    if (row.tie_break == "LOT") != bool(lot and lot.strip()):
        wanted = "Say the text of the lot." if row.tie_break == "LOT" else "Ties are broken by the order here: no lot."
        raise invalid("lot", wanted)
    box = (await session.execute(select(col(BallotRow.choice)).where(col(BallotRow.poll_id) == row.id))).scalars().all()
    options = await rules.options_of(session, row.id)
    profile = ballots.profile(row, options, box)
    try:
        result = await asyncio.to_thread(
            count, profile, ballots.method_of(row), ballots.options_of(row, lot and lot.strip())
        )
    except CannotCount as error:
        raise Refused(RefusalCode.CONFLICT, str(error)) from None
    _write(session, row, result, lot)
    session.record(actor, "votes.poll_counted", row)
    return row


async def import_result(session: Session, actor: Actor, *, poll: UUID, votes: list[int], blank: int = 0) -> PollRow:
    """CLOSED → COUNTED for a poll held with Belenios: how many votes each option had, in their order."""
    row = await session.authorize(actor, "votes.count_poll", PollRow, poll)
    if row.secrecy != "BELENIOS":
        raise Refused(RefusalCode.CONFLICT, "The ballots of this poll are here: countPoll counts them.")
    options = await rules.options_of(session, row.id)
    if len(votes) != len(options) or min(votes) < 0 or blank < 0:
        raise invalid("votes", f"Say {len(options)} numbers from 0 on, one for each option, in their order.")
    cast: dict[tuple[tuple[int, ...], ...], int] = {((place,),): number for place, number in enumerate(votes) if number}
    if blank:
        cast[()] = blank
    result = count(
        Rankings(tuple(one.label for one in options), cast), ballots.method_of(row), ballots.options_of(row, "-")
    )
    _write(session, row, result, None)
    session.record(actor, "votes.poll_counted", row)
    return row


async def publish(session: Session, actor: Actor, *, poll: UUID) -> PollRow:
    """COUNTED → PUBLISHED: the result, the ballots and the receipts are for everyone who sees the poll."""
    row = await session.authorize(actor, "votes.publish_poll", PollRow, poll)
    row.state = "PUBLISHED"
    session.record(actor, "votes.poll_published", row)
    return row


async def _open_envelopes(session: Session, row: PollRow) -> None:
    """All into the box, in one transaction: ballots in one list and receipts in another, each shuffled; no envelope
    is left, and the key goes once this is committed."""
    voter, sealed = table_of(VoterRow).c, table_of(EnvelopeRow).c
    its = select(sealed.sealed, voter.voter, voter.participant_id).where(
        sealed.poll_id == row.id, voter.id == sealed.voter_id
    )
    waiting = (await session.execute(its)).all()
    private = await keys.read(session.app, row) if waiting else None
    try:
        opened = await asyncio.to_thread(_unsealed, private, row, waiting)
    except envelopes.NotSealed as error:
        raise Refused(
            RefusalCode.CONFLICT, f"An envelope cannot be opened: {error}. Nothing was changed: restore the database."
        ) from None
    trackers, box = list[dict[str, Any]](), list[dict[str, Any]]()
    for one, (tracker, choice) in zip(waiting, opened, strict=True):
        trackers.append({"id": secret_id(), "poll_id": row.id, "space_id": row.space_id, "tracker": tracker})
        whose = one.participant_id if row.secrecy == "OPEN" else None
        box.append({
            "id": secret_id(), "poll_id": row.id, "space_id": row.space_id, "participant_id": whose, "choice": choice,
        })  # fmt: skip
    for kind, rows in ((TrackerRow, trackers), (BallotRow, box)):
        chance.shuffle(rows)
        if rows:
            await session.execute(insert(table_of(kind)), rows)
    await rules.drop_envelopes(session, row)
    await eligibility.drop_roll(session, row)
    # Under which name someone voted has served: who is erased from now on leaves nothing but a number.
    mine = update(VoterRow).where(col(VoterRow.poll_id) == row.id)
    await session.execute(mine.values(voter=col(VoterRow.tracker)).execution_options(synchronize_session=False))
    row.state = "CLOSED"
    await session.enqueue(rules.DESTROY_JOB, str(row.id))


def _unsealed(private: Any, row: PollRow, waiting: Sequence[Any]) -> list[tuple[str, ballots.Choice]]:
    """The receipt and the ballot of each envelope."""
    found = []
    for one in waiting:
        plain = envelopes.unseal(private, one.sealed, casting.about(row, one.voter))
        found.append((plain[: casting.TRACKER].decode(), json.loads(plain[casting.TRACKER :])))
    return found


def _write(session: Session, row: PollRow, result: Result, lot: str | None) -> None:
    few = row.secrecy == "CONFIDENTIAL" and result.ballots < FEWEST
    said = result.as_json() | ({"lot": lot.strip()} if lot else {})
    session.add(ResultRow(
        id=row.id, space_id=row.space_id, ballots=result.ballots, withheld=few,
        quorum_reached=result.ballots >= row.quorum, counted_at=session.now,
        data=None if few else said, svg=None if few else draw(result),
    ))  # fmt: skip
    row.state = "COUNTED"
