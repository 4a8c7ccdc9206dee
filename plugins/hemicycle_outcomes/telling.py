"""Whoever wrote what a proposal comes from, or stands behind it, is told of each decision by mail."""

from uuid import UUID

from sqlalchemy import select, union

from hemicycle.api import Application, ContributionRow, Handler, Occurrence, table_of
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals.models import CoAuthorRow, SourceRow
from hemicycle_outcomes.transmissions.models import TransmissionRow

EVENTS = (
    "proposal_answered", "proposal_not_retained", "disposition_decided", "disposition_confirmed",
    "disposition_changed", "transmission_sent", "transmission_acknowledged", "transmission_answered",
    "transmission_silent",
)  # fmt: skip
OF = {"Disposition": DispositionRow, "Transmission": TransmissionRow}


async def tell_authors(app: Application, happened: Occurrence) -> None:
    """Put a mail to each of them in the queue, but to whoever did it."""
    async with app.write() as session:
        proposal: UUID | None = happened.subject_id
        if happened.subject_type in OF:
            table = table_of(OF[happened.subject_type])
            found = select(table.c.proposal_id).where(table.c.id == happened.subject_id)
            proposal = (await session.execute(found)).scalar()
        said, source, other = map(table_of, (ContributionRow, SourceRow, CoAuthorRow))
        wrote = select(said.c.author_id).join(source, source.c.contribution_id == said.c.id)
        agreed = select(other.c.participant_id).where(other.c.proposal_id == proposal, other.c.state == "ACCEPTED")
        everyone = union(wrote.where(source.c.proposal_id == proposal), agreed)
        for person in (await session.execute(everyone)).scalars().all():
            if person != happened.actor_id:
                argument = f"{happened.id.hex}:{person.hex}"
                await session.enqueue("participant.notify", argument, once=f"notify:{argument}")


HANDLERS = [
    Handler(
        f"outcomes.tell_{event}", "Tell those who wrote it.", event=f"outcomes.{event}", run=tell_authors, outward=True
    )
    for event in EVENTS
]
