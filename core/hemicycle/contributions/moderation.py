"""Reports, decisions and second looks. Every decision has a reason, and its author learns of it."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.contributions.models import ContributionRow, ReportRow
from hemicycle.contributions.rules import mark_published, set_state, withdraw
from hemicycle.kernel.access.actor import SYSTEM, Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Job, Occurrence
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.text import clean
from hemicycle.participants.rules import reason_of


async def report(session: Session, actor: Actor, *, contribution: UUID, reason: str) -> ContributionRow:
    """Tell the moderators, once."""
    row = await session.authorize(actor, "contribution.report", ContributionRow, contribution, lock="share")
    assert actor.id is not None
    said = ReportRow(contribution_id=row.id, participant_id=actor.id, reason=_why(reason), at=session.now)
    if not await session.add_once(said):
        raise Refused(RefusalCode.ALREADY_DONE, "You have reported this: a moderator will look at it.")
    session.record(actor, "contribution.reported", row)
    return row


async def approve(session: Session, actor: Actor, *, contribution: UUID) -> ContributionRow:
    """PENDING → PUBLISHED, by someone else than its author."""
    row = await session.authorize(actor, "contribution.approve", ContributionRow, contribution)
    await set_state(session, row, "PUBLISHED")
    mark_published(session, row)
    session.record(actor, "contribution.published", row)
    return row


async def hide(session: Session, actor: Actor, *, contribution: UUID, reason: str) -> ContributionRow:
    """PUBLISHED or PENDING → HIDDEN, with a reason."""
    row = await session.authorize(actor, "contribution.hide", ContributionRow, contribution)
    why = _why(reason)
    await set_state(session, row, "HIDDEN")
    session.record(actor, "contribution.hidden", row, reason=why)
    return row


async def restore(session: Session, actor: Actor, *, contribution: UUID, reason: str) -> ContributionRow:
    """HIDDEN → PUBLISHED, with a reason, by someone else than its author."""
    row = await session.authorize(actor, "contribution.restore", ContributionRow, contribution)
    why = _why(reason)
    await set_state(session, row, "PUBLISHED")
    mark_published(session, row)
    session.record(actor, "contribution.restored", row, reason=why)
    return row


async def ask_review(session: Session, actor: Actor, *, contribution: UUID, reason: str) -> ContributionRow:
    """The author of something hidden asks for another look."""
    row = await session.authorize(actor, "contribution.ask_review", ContributionRow, contribution, lock="share")
    session.record(actor, "contribution.review_asked", row, reason=_why(reason), private=True)
    return row


async def tell_author(app: Application, happened: Occurrence) -> None:
    """Put the mail to the author in the queue, unless they decided it themselves."""
    async with app.write() as session:
        row = await session.get(ContributionRow, happened.subject_id)
        if row is None or happened.actor_id == row.author_id or "participant.notify" not in app.declared[Job]:
            return
        argument = f"{happened.id.hex}:{row.author_id.hex}"
        await session.enqueue("participant.notify", argument, once=f"notify:{argument}")


async def withdraw_erased(app: Application, happened: Occurrence) -> None:
    """Whoever went took back all that they wrote: their words are gone already, and the tombstones follow here."""
    mine = col(ContributionRow.author_id) == happened.subject_id
    left = select(col(ContributionRow.id)).where(mine, col(ContributionRow.state).not_in(["WITHDRAWN", "DISCARDED"]))
    while True:
        async with app.write() as session:
            some = (await session.execute(left.limit(100))).scalars().all()
            for key in some:
                await withdraw(session, SYSTEM, contribution=key)
            if not some:  # what is erased here leaves the database's files too
                await session.enqueue("identity.maintain", once=f"maintain:{happened.id.hex}")
                return


def _why(reason: str) -> str:
    try:
        return reason_of(clean(reason, longest=2000))
    except ValueError as error:
        raise invalid("reason", f"The reason cannot be kept: {error}.") from None
