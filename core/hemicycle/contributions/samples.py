"""One contribution in each state, and a thread, for tests."""

from uuid import UUID

from hemicycle.contributions import moderation, rules
from hemicycle.contributions.models import FollowRow, ReportRow
from hemicycle.kernel.access.actor import SYSTEM, Actor
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Sample


async def _said(session: Session, world: dict[str, UUID], state: str = "PUBLISHED", space: str = "Space:OPEN") -> UUID:
    author = Actor(world["Participant:ACTIVE"])
    title = f"Sample contribution {state.lower()} in {space}"
    row = await rules.contribute(
        session,
        author,
        space=world[space],
        title=title,
        text="Sample words.",
        categories=["sample"],
        draft=state == "DRAFT",
    )
    if state == "HIDDEN":
        await moderation.hide(session, SYSTEM, contribution=row.id, reason="A sample reason.")
    elif state == "WITHDRAWN":
        await rules.withdraw(session, author, contribution=row.id)
    elif state == "PENDING":
        await rules.set_state(session, row, "PENDING")
    return row.id


def _sample(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        return await _said(session, world, state)

    return Sample(f"Contribution:{state}", f"A contribution, {state}, by Participant:ACTIVE.", make=make)


async def _for_members(session: Session, world: dict[str, UUID]) -> UUID:
    title = "Sample contribution among members"
    row = await rules.contribute(
        session, Actor(world["Participant:member"]), space=world["Space:MEMBERS"], title=title, text="Sample words."
    )
    return row.id


async def _reply(session: Session, world: dict[str, UUID]) -> UUID:
    row = await rules.contribute(
        session, Actor(world["Participant:member"]), space=world["Space:OPEN"], parent=world["Contribution:PUBLISHED"],
        text="A sample answer.", alignment="FOR",
    )  # fmt: skip
    return row.id


async def _report(session: Session, world: dict[str, UUID]) -> UUID:
    row = ReportRow(
        contribution_id=world["Contribution:PUBLISHED"], participant_id=world["Participant:member"],
        reason="A sample reason.", at=session.now,
    )  # fmt: skip
    session.add(row)
    return row.id


async def _follow(session: Session, world: dict[str, UUID]) -> UUID:
    row = FollowRow(participant_id=world["Participant:ACTIVE"], type="Space", object_id=world["Space:OPEN"])
    session.add(row)
    return row.id


SAMPLES = [
    *(_sample(state) for state in ("PUBLISHED", "DRAFT", "PENDING", "HIDDEN", "WITHDRAWN")),
    Sample("Contribution:MEMBERS", "A contribution in the space kept for members.", make=_for_members),
    Sample("Contribution:REPLY", "An answer.", make=_reply),
    Sample("Report", "A report by a member.", make=_report),
    Sample("Follow", "That Participant:ACTIVE follows a space.", make=_follow),
]
