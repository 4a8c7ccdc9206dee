"""A digest, with a letter to Participant:ACTIVE, for tests."""

from datetime import timedelta
from uuid import UUID

from hemicycle.api import Sample, Session
from hemicycle_outcomes.digests.models import DigestItemRow, DigestRow, LetterRow


async def _digest(session: Session, world: dict[str, UUID]) -> UUID:
    row = DigestRow(
        space_id=world["Space"], since=session.now - timedelta(days=7), until=session.now, batches=1, letters=1,
        planned_at=session.now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    session.add(DigestItemRow(digest_id=row.id, proposal_id=world["Proposal:IN_PROGRESS"]))
    session.add(LetterRow(digest_id=row.id, participant_id=world["Participant:ACTIVE"], batch=1, state="SENT"))
    return row.id


SAMPLES = [Sample("Digest", "A digest, with a letter to Participant:ACTIVE.", make=_digest)]
