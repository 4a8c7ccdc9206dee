"""Who wants to be drawn: with consent, once, until the pool closes."""

import hashlib
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import (
    ANYONE,
    Actor,
    ParticipantRow,
    RefusalCode,
    Refused,
    Session,
    check_space_state,
    describe_criterion,
    invalid,
    meets,
    speaks_for,
    table_of,
)
from hemicycle_panels.models import CandidacyRow, CollegeRow, PanelRow, QuotaRow

KINDS = {"CITIZENS": "PERSON", "ELECTED_MEMBERS": "PERSON", "STRUCTURES": "STRUCTURE"}
"""What sort of participant a college takes."""


async def apply(
    session: Session, actor: Actor, *, panel: UUID, college: str, features: list[dict[str, str]], consent: bool,
    household: str | None = None, as_structure: UUID | None = None,
) -> CandidacyRow:  # fmt: skip
    """Be a candidate for a college whose seats are drawn. features: a value of each feature that has quotas.

    household: any words that those who live together agree on; kept as a hash, where one of a household comes at most.
    """
    row = await session.authorize(actor, "panels.apply", PanelRow, panel, lock="share")
    await check_space_state(session, row.space_id, "OPEN", "CLOSED", told="one applies")
    if not consent:
        raise invalid("consent", "Without your consent nothing about you is kept: say yes, or do not apply.")
    if row.call_ends_at is not None and row.call_ends_at <= session.now:
        raise Refused(RefusalCode.EXPIRED, "The call has ended: its organisers close the pool.")
    person = await _candidate(session, actor, as_structure)
    known = select(CollegeRow).where(col(CollegeRow.panel_id) == row.id, col(CollegeRow.kind) == college)
    its = (await session.execute(known)).scalar_one_or_none()
    if its is None or its.method != "LOTTERY":
        raise invalid("college", f"This panel draws no seats for {college}: choose another college.")
    if person.kind != KINDS[college]:
        raise invalid("college", f"The college {college} is for a {KINDS[college]}, and this is a {person.kind}.")
    await _check_criterion(session, row, person)
    mine = CandidacyRow(
        panel_id=row.id, space_id=row.space_id, college_id=its.id, participant_id=person.id,
        features=await _features(session, its, features), household=_household(row, household),
        on=datetime.combine(session.now.date(), time(), UTC),
    )  # fmt: skip
    if not await session.add_once(mine):
        raise Refused(RefusalCode.ALREADY_DONE, "You are a candidate already: withdraw first, to change what you said.")
    session.record(ANYONE, "panels.applied", row)  # that someone did; who is in no journal
    return await session.get_one(CandidacyRow, mine.id)


async def withdraw(session: Session, actor: Actor, *, candidacy: UUID) -> PanelRow:
    """Take one's candidacy back, while the call is open: nothing of it stays."""
    mine = await session.authorize(actor, "panels.withdraw", CandidacyRow, candidacy)
    row = await session.get_one(PanelRow, mine.panel_id, with_for_update={"read": True})
    if row.state != "CALL_OPEN":
        raise Refused(
            RefusalCode.WRONG_STATE,
            f"This panel is {row.state}: the pool is sealed. If you are drawn, decline the seat.",
        )
    await session.delete(mine)
    session.record(ANYONE, "panels.withdrawn", row)
    return row


def _household(row: PanelRow, said: str | None) -> str | None:
    """What those who live together have in common, in this panel alone; nobody reads what they wrote."""
    if not row.one_per_household or not said or not said.strip():
        return None
    words = " ".join(said.casefold().split())
    return hashlib.sha256(f"hemicycle-household-v1|{row.id.hex}|{words}".encode()).hexdigest()


async def _candidate(session: Session, actor: Actor, structure: UUID | None) -> ParticipantRow:
    """Oneself, or a structure that one speaks for."""
    if structure is not None:
        it = table_of(ParticipantRow).alias().c
        theirs = select(it.id).where(it.id == structure, speaks_for(it.id))
        if not actor.system and (await session.execute(theirs, {"viewer": actor.id})).first() is None:
            raise Refused(RefusalCode.NOT_ALLOWED, "You do not speak for this structure: ask one of its members.")
    person = await session.get(ParticipantRow, structure or actor.id) if structure or actor.id else None
    if person is None or person.state != "ACTIVE":
        raise Refused(RefusalCode.NOT_FOUND, "There is no such participant who takes part.")
    return person


async def _check_criterion(session: Session, row: PanelRow, person: ParticipantRow) -> None:
    if row.criterion is None:
        return
    [true_of_them] = await meets(session, person.id, [(row.criterion, row.criterion_parameters)])
    if not true_of_them:
        told = describe_criterion(session.app, row.criterion)
        raise Refused(RefusalCode.NOT_ALLOWED, f"This panel is for those of whom this is true: {told}.")


async def _features(session: Session, college: CollegeRow, given: list[dict[str, str]]) -> dict[str, str]:
    """What they say of themselves: one value of each feature that has quotas, and nothing more."""
    allowed = dict[str, list[str]]()
    quotas = select(QuotaRow).where(col(QuotaRow.college_id) == college.id).order_by(col(QuotaRow.id))
    for quota in (await session.execute(quotas)).scalars():
        allowed.setdefault(quota.feature, []).append(quota.value)
    said = {one["feature"]: one["value"] for one in given}
    if missing := [name for name in allowed if name not in said]:
        raise invalid("features", f"Say this too: {', '.join(missing)}.")
    for at, one in enumerate(given):
        if one["value"] not in allowed.get(one["feature"], ()):
            known = ", ".join(allowed.get(one["feature"], ())) or f"none: there is no {one['feature']}"
            raise invalid(
                f"features.{at}.value", f"{one['feature']}: {one['value']} is no value of it; there are: {known}."
            )
    return said
