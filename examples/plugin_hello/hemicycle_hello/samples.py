"""One row of each type and state, for tests."""

from uuid import UUID

from hemicycle.api import Actor, Sample, Session
from hemicycle_hello import rules


async def _sample(session: Session, world: dict[str, UUID]) -> UUID:
    author, target = Actor(world["Participant:member"]), world["Contribution:PUBLISHED"]
    row = await rules.greet(session, author, contribution=target)
    return row.id


SAMPLES = [Sample("Greeting", "A greeting by Participant:member on Contribution:PUBLISHED.", make=_sample)]
