"""A support that is public, one that is not, and their count, for tests."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import Actor, Ref, Sample, Session
from hemicycle_votes import rules
from hemicycle_votes.models import SupportRow, SupportTallyRow


def _sample(name: str, who: str, *, public: bool) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        target = Ref("Contribution", world["Contribution:PUBLISHED"])
        await rules.support(session, Actor(world[who]), target=target, public=public)
        mine = col(SupportRow.participant_id) == world[who], col(SupportRow.object_id) == target.key
        return (await session.execute(select(col(SupportRow.id)).where(*mine))).scalar_one()

    return Sample(name, f"That {who} supports Contribution:PUBLISHED.", make=make)


async def _tally(session: Session, world: dict[str, UUID]) -> UUID:
    its = col(SupportTallyRow.object_id) == world["Contribution:PUBLISHED"]
    return (await session.execute(select(col(SupportTallyRow.id)).where(its))).scalar_one()


SAMPLES = [
    _sample("Support:PUBLIC", "Participant:member", public=True),
    _sample("Support:PSEUDONYMOUS", "Participant:ACTIVE", public=False),
    Sample("SupportTally", "How many support Contribution:PUBLISHED: two.", make=_tally),
]
