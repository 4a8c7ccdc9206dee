"""What was decided in the example instance: a few commitments with their steps and evidence, generated, and said so."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemicycle.api import SYSTEM, Actor, Session, grant_role, new_participant, table_of
from hemicycle_outcomes.commitments import milestones, rules
from hemicycle_outcomes.commitments.models import CommitmentRow
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals import rules as proposals


async def load(session: Session, root: UUID, official: Actor, said: dict[str, Any], answer: str) -> None:
    """Decide what `said["decided"]` lists, each because of proposals that go where it comes from and are answered."""
    owner, verifier = (new_participant(session, said[role]) for role in ("owner", "verifier"))
    await session.flush()
    await grant_role(session, SYSTEM, space=root, participant=verifier.id, role="verifier")
    left = {kind: await _going_to(session, root, where) for kind, where in rules.DESTINATION.items()}
    for one in said["decided"]:
        taken = [left[one["kind"]].pop(0) for _ in range(one["proposals"])]
        for key in taken:
            await proposals.answer(session, official, proposal=key, text=answer)
        row = await _decide(session, official, root, owner.id, taken, one)
        for step in one["steps"]:
            await _take(session, row, step, Actor(verifier.id) if step == "verify" else official, one)


async def _going_to(session: Session, root: UUID, destination: str) -> list[UUID]:
    it = table_of(DispositionRow).c
    found = select(it.proposal_id).where(it.in_force, it.destination == destination, it.space_id == root)
    return list((await session.execute(found.order_by(it.proposal_id))).scalars())


async def _decide(
    session: Session, official: Actor, root: UUID, owner: UUID, taken: list[UUID], said: dict[str, Any]
) -> CommitmentRow:
    today, review = session.now.date(), said.get("review_in_days")
    row = await rules.decide(
        session, official, space=root, kind=said["kind"], title=said["title"], owner=owner, proposals=taken,
        due_on=today + timedelta(days=said["due_in_days"]),
        review_on=today + timedelta(days=review) if review else None,
    )  # fmt: skip
    for step in said.get("milestones", ()):
        added = await milestones.add(session, official, commitment=row.id, title=step["title"])
        await session.flush()
        for shown in step.get("evidence", ()):
            await milestones.add_evidence(session, official, commitment=row.id, milestone=added.id, **shown)
        if step["reached"]:
            await milestones.reach(session, official, milestone=added.id)
    return row


async def _take(session: Session, row: CommitmentRow, step: str, actor: Actor, said: dict[str, Any]) -> None:
    if step == "delay":
        later = row.due_on + timedelta(days=said["due_in_days"])
        await rules.delay(session, actor, commitment=row.id, due_on=later, reason=said["reason"])
    elif step == "abandon":
        await rules.abandon(session, actor, commitment=row.id, reason=said["reason"])
    else:
        take = {"start": rules.start, "deliver": rules.deliver, "verify": rules.verify}[step]
        await take(session, actor, commitment=row.id)
