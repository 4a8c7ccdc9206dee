"""What votes show in the example instance: its persons support, sign a petition, and vote in a poll."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Application, Example, ParticipantRow, Placed, Ref, Session
from hemicycle_votes import rules
from hemicycle_votes.models import SupportTallyRow
from hemicycle_votes.petitions import rules as petitions
from hemicycle_votes.petitions.models import PetitionRow
from hemicycle_votes.polls import casting, closing
from hemicycle_votes.polls import rules as polls
from hemicycle_votes.polls.models import ResultRow


async def load(app: Application, placed: Placed, said: dict[str, Any]) -> None:
    """All that the file says, each support, signature and ballot of something by another person."""
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
        for petition in said["petitions"]:
            await _petition(session, placed, petition, known)
        for poll in said["polls"]:
            await _poll(session, placed, poll, known)


async def _petition(session: Session, placed: Placed, said: dict[str, Any], people: Sequence[UUID]) -> None:
    """A petition that is open, and signed by so many persons."""
    author = Actor(placed.participants[said["author"]])
    row = await petitions.create(
        session, author, space=placed.spaces[said["space"]], title=said["title"], text=said["text"]
    )
    closes_at = session.now + timedelta(days=said["days"])
    await petitions.open_(session, SYSTEM, petition=row.id, needed=said["needed"], closes_at=closes_at)
    for person in people[: said["signatures"]]:
        await petitions.sign(session, Actor(person), petition=row.id)


async def _poll(session: Session, placed: Placed, said: dict[str, Any], people: Sequence[UUID]) -> None:
    """A poll that is voted in by so many persons for each ballot, counted and published."""
    options = [
        {"label": one["label"], "about": Ref("Contribution", placed.contributions[one["about"]])}
        for one in said["options"]
    ]
    row = await polls.create(
        session, SYSTEM, space=placed.spaces[said["space"]], question=said["question"],
        information=said["information"], method=said["method"], options=options,
        closes_at=session.now + timedelta(days=1),
    )  # fmt: skip
    await polls.open_poll(session, SYSTEM, poll=row.id)
    ids = {one.label: one.id for one in await polls.options_of(session, row.id)}
    voters = iter(people)
    for ballot in said["ballots"]:
        ranking = [[ids[label]] for label in ballot["ranking"]]
        for _ in range(ballot["voters"]):
            await casting.cast(session, Actor(next(voters)), poll=row.id, ranking=ranking, blank=not ranking)
    await closing.close_poll(session, SYSTEM, poll=row.id, reason=said["closed_because"])
    await closing.count_poll(session, SYSTEM, poll=row.id)
    await closing.publish(session, SYSTEM, poll=row.id)


async def tell(app: Application) -> dict[str, Any]:
    """How often something is supported or signed, and how many ballots were counted."""
    total = select(func.coalesce(func.sum(col(SupportTallyRow.supports)), 0))
    signatures = select(func.coalesce(func.sum(col(PetitionRow.signatures)), 0))
    ballots = select(func.coalesce(func.sum(col(ResultRow.ballots)), 0))
    async with app.db.read() as connection:
        return {
            "supports": (await connection.execute(total)).scalar_one(),
            "signatures": (await connection.execute(signatures)).scalar_one(),
            "ballots": (await connection.execute(ballots)).scalar_one(),
        }


EXAMPLE = Example(load, tell)
