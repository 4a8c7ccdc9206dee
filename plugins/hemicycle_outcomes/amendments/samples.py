"""One amendment in each state, for tests."""

from uuid import UUID

from hemicycle.api import SYSTEM, Actor, Sample, Session
from hemicycle_outcomes.amendments import rules


def _sample(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        proposal = world["Proposal:SUBMITTED"]
        row = await rules.propose(
            session, Actor(world["Participant:member"]), proposal=proposal, version=1, statement="Sample amendment.",
            reason="A sample reason.",
        )  # fmt: skip
        await session.flush()
        if state == "REJECTED":
            await rules.reject(session, SYSTEM, amendment=row.id, decision="A sample decision.")
        elif state == "WITHDRAWN":
            await rules.withdraw(session, Actor(world["Participant:member"]), amendment=row.id)
        return row.id

    return Sample(f"Amendment:{state}", f"An amendment, {state}, by a member.", make=make)


SAMPLES = [_sample(state) for state in ("PROPOSED", "REJECTED", "WITHDRAWN")]
