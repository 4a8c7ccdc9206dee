"""What votes show in the example instance: how many of its persons support which contribution."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from hemicycle.api import Actor, Application, Example, ParticipantRow, Placed, Ref
from hemicycle_votes import rules
from hemicycle_votes.models import SupportTallyRow


async def load(app: Application, placed: Placed, said: dict[str, Any]) -> None:
    """All supports of the file, each by another person."""
    people = list(placed.participants.values())
    persons = select(col(ParticipantRow.id)).where(
        col(ParticipantRow.id).in_(people), col(ParticipantRow.kind) == "PERSON"
    )
    async with app.write() as session:
        real = set((await session.execute(persons)).scalars())
        known = [one for one in people if one in real]
        for first, (key, supporters) in enumerate(said["supports"].items()):
            target = Ref("Contribution", placed.contributions[key])
            for at in range(first, first + supporters):
                await rules.support(session, Actor(known[at % len(known)]), target=target)


async def tell(app: Application) -> dict[str, Any]:
    """How often something is supported."""
    total = select(func.coalesce(func.sum(col(SupportTallyRow.supports)), 0))
    async with app.db.read() as connection:
        return {"supports": (await connection.execute(total)).scalar_one()}


EXAMPLE = Example(load, tell)
