"""Who may vote in a poll: people, of whom all its criteria hold, and who are on its roll where there is one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, literal, or_, select
from sqlmodel import col

from hemicycle.api import (
    Actor,
    ParticipantRow,
    RefusalCode,
    Refused,
    Session,
    address_of,
    check_criterion,
    decode_id,
    describe_criterion,
    holder_of,
    invalid,
    meets,
    table_of,
)
from hemicycle_votes.polls.models import PollRow, RollRow

MOST = 10  # criteria of one poll


def checked(session: Session, criteria: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The criteria as they are kept. Refused if one is not known, or does not take its parameters."""
    if len(criteria) > MOST:
        raise invalid("criteria", f"A poll has {MOST} criteria at most, not {len(criteria)}.")
    kept = [{"criterion": one["criterion"], "parameters": one.get("parameters") or {}} for one in criteria]
    for at, one in enumerate(kept):
        asked = one["criterion"], one["parameters"]
        check_criterion(session.app, asked, f"criteria.{at}.criterion", f"criteria.{at}.parameters")
    return kept


async def voter_of(session: Session, poll: PollRow, person: UUID | None) -> str:
    """Under which name this person votes, once. Refused, saying why, if they may not."""
    who = await session.get(ParticipantRow, person) if person else None
    if who is None or who.kind != "PERSON" or who.state != "ACTIVE":
        raise Refused(
            RefusalCode.NOT_ALLOWED, "People vote who take part here: a structure says what it thinks in a reply."
        )
    asked = [(one["criterion"], one["parameters"]) for one in poll.criteria]
    for (name, _), true_of_them in zip(asked, await meets(session, who.id, asked), strict=True):
        if not true_of_them:
            told = describe_criterion(session.app, name)
            raise Refused(RefusalCode.NOT_ALLOWED, f"This poll is for those of whom this is true: {told}.")
    if not poll.by_roll:
        return who.id.hex
    line = await _line(session, poll.id, who.id)
    if line is None:
        raise Refused(RefusalCode.NOT_ALLOWED, "Not on the roll of this poll: ask those who hold it.")
    line.participant_id = who.id
    return line.id.hex


async def voter_on_paper(session: Session, poll: PollRow, entry: str) -> tuple[str, UUID | None]:
    """The name and, if known, the id of whoever voted on paper. entry: as on the roll; else a participant's id.

    Refused if something is asked of voters that is not true of them, or that nobody knows for want of an account.
    """
    if poll.by_roll:
        its = select(RollRow).where(col(RollRow.poll_id) == poll.id, col(RollRow.entry) == entry_of(entry))
        line = (await session.execute(its)).scalar_one_or_none()
        if line is None:
            raise invalid("voter", "Nobody is on the roll of this poll under that entry: copy it from the roll.")
        if line.participant_id is None:
            line.participant_id = await holder_of(session, line.entry)
        if line.participant_id is not None:
            return await voter_of(session, poll, line.participant_id), line.participant_id
        if poll.criteria:
            raise Refused(
                RefusalCode.NOT_ALLOWED,
                "This poll asks more of its voters than to be on the roll, and this one has no account that says so.",
            )
        return line.id.hex, None
    ref = decode_id(entry)
    if ref is None or ref.type != "Participant":
        raise invalid("voter", "This poll has no roll: say the id of a participant.")
    return await voter_of(session, poll, ref.key), ref.key


async def write_roll(session: Session, poll: PollRow, entries: Sequence[str]) -> int:
    """Put these on the roll, each once; how many are on it then. Refused if one is neither an address nor an id."""
    for at, entry in enumerate(entries):
        ref = decode_id(entry.strip())
        kept = entry_of(entry)
        if len(kept) > 254 or ("@" not in kept and (ref is None or ref.type != "Participant")):
            raise invalid(f"entries.{at}", "A line of a roll is an e-mail address, or the id of a participant.")
        person = ref.key if ref and ref.type == "Participant" else None
        if person is not None and await session.get(ParticipantRow, person) is None:
            raise invalid(f"entries.{at}", "There is no participant with this id.")
        if "@" in kept:  # whoever has this address: their line is theirs, to be told and erased
            person = await holder_of(session, kept)
        await session.add_once(RollRow(poll_id=poll.id, entry=kept, participant_id=person))
    poll.by_roll = True
    await session.flush()
    return await size(session, poll.id)


async def size(session: Session, poll: UUID) -> int:
    """How many lines its roll has."""
    lines = select(func.count()).select_from(RollRow).where(col(RollRow.poll_id) == poll)
    found: int = (await session.execute(lines)).scalar_one()
    return found


async def drop_roll(session: Session, poll: PollRow) -> None:
    """The roll goes when it has served."""
    await session.execute(delete(RollRow).where(col(RollRow.poll_id) == poll.id))


def entry_of(text: str) -> str:
    """A line of a roll, as it is kept: an address in small letters, an id as it is."""
    plain = text.strip()
    return plain.lower() if "@" in plain else plain


async def check(session: Session, actor: Actor, poll: PollRow) -> str | None:
    """Why this person may not vote; None if they may."""
    try:
        await voter_of(session, poll, actor.id)
    except Refused as refused:
        return refused.message
    return None


async def _line(session: Session, poll: UUID, person: UUID) -> RollRow | None:
    it = table_of(RollRow).c
    # A line that is someone's stays theirs, also where their address has become another one's.
    mine = or_(it.participant_id == person, it.participant_id.is_(None) & (it.entry == address_of(literal(person))))
    found = await session.execute(
        select(RollRow).where(it.poll_id == poll, mine).order_by(it.participant_id.is_(None), it.id)
    )
    return found.scalars().first()
