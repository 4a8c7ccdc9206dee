"""One transmission in each state, for tests."""

from uuid import UUID

from hemicycle.api import SYSTEM, Sample, Session
from hemicycle_outcomes.proposals.models import ProposalRow
from hemicycle_outcomes.transmissions import rules


def _sample(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        proposal = await session.get_one(ProposalRow, world["Proposal:SUBMITTED"])
        row = rules.write(session, SYSTEM, proposal, "A sample level")
        await session.flush()
        if state != "TO_SEND":
            await rules.send(session, SYSTEM, transmission=row.id, channel="POST")
        if state == "ACKNOWLEDGED":
            await rules.acknowledge(session, SYSTEM, transmission=row.id)
        elif state == "ANSWERED":
            await rules.note_answer(session, SYSTEM, transmission=row.id, text="A sample answer.")
        elif state == "SILENT":
            row.state = state
        return row.id

    return Sample(f"Transmission:{state}", f"A transmission, {state}.", make=make)


SAMPLES = [_sample(state) for state in ("TO_SEND", "SENT", "ACKNOWLEDGED", "ANSWERED", "SILENT")]
