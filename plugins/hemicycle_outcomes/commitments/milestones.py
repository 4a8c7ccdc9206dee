"""The steps of a commitment, and what shows that they, or the whole, were done."""

import math
import re
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from hemicycle.api import Actor, RefusalCode, Refused, Session, invalid
from hemicycle_outcomes.commitments.models import CommitmentRow, EvidenceRow, MilestoneRow
from hemicycle_outcomes.words import name_of

MOST_STEPS = 100
LONGEST_ADDRESS = 2000
SHA256 = re.compile(r"[0-9a-f]{64}")


async def add(
    session: Session, actor: Actor, *, commitment: UUID, title: str, due_on: date | None = None
) -> MilestoneRow:
    """One more step, after the last one."""
    on = await session.authorize(actor, "outcomes.add_milestone", CommitmentRow, commitment)
    last = select(func.max(col(MilestoneRow.position))).where(col(MilestoneRow.commitment_id) == on.id)
    position = ((await session.execute(last)).scalar() or 0) + 1
    if position > MOST_STEPS:
        raise Refused(RefusalCode.CONFLICT, f"A commitment has {MOST_STEPS} milestones at most: make two of it.")
    row = MilestoneRow(
        commitment_id=on.id, space_id=on.space_id, position=position, title=name_of("title", title), due_on=due_on
    )
    session.add(row)
    session.record(actor, "outcomes.milestone_added", row, reason=row.title)
    return row


async def reach(session: Session, actor: Actor, *, milestone: UUID) -> MilestoneRow:
    """PLANNED → REACHED, while the commitment is not given up."""
    row = await session.authorize(actor, "outcomes.reach_milestone", MilestoneRow, milestone)
    on = await session.get_one(CommitmentRow, row.commitment_id, with_for_update={"read": True})
    if on.state == "ABANDONED":
        raise Refused(RefusalCode.WRONG_STATE, "The commitment is ABANDONED: none of its milestones is reached now.")
    row.state, row.reached_at = "REACHED", session.now
    session.record(actor, "outcomes.milestone_reached", row, reason=row.title)
    return row


async def add_evidence(
    session: Session, actor: Actor, *, commitment: UUID, kind: str, title: str, milestone: UUID | None = None,
    url: str | None = None, figure: float | None = None, unit: str | None = None, source: str | None = None,
    sha256: str | None = None,
) -> EvidenceRow:  # fmt: skip
    """Show that a commitment, or a step of it, was done: LINK (url), FIGURE (figure, source) or FILE (sha256)."""
    on = await session.authorize(actor, "outcomes.add_evidence", CommitmentRow, commitment, lock="share")
    if milestone is not None:
        step = await session.get(MilestoneRow, milestone)
        if step is None or step.commitment_id != on.id:
            raise invalid("milestone", "It is no milestone of this commitment.")
    check_kind(kind, url=url, figure=figure, source=source, sha256=sha256)
    row = EvidenceRow(
        commitment_id=on.id, milestone_id=milestone, kind=kind, title=name_of("title", title), figure=figure,
        url=address_of(url) if url is not None else None,
        unit=name_of("unit", unit, longest=100) if unit is not None else None,
        source=name_of("source", source) if source is not None else None, sha256=sha256,
        added_by_id=actor.id, at=session.now,
    )  # fmt: skip
    session.add(row)
    session.record(actor, "outcomes.evidence_added", row, space=on.space_id, reason=row.title)
    return row


def check_kind(kind: str, *, url: str | None, figure: float | None, source: str | None, sha256: str | None) -> None:
    """Refused if the evidence lacks what its kind is made of, or has what belongs to another kind."""
    if kind == "LINK" and url is None:
        raise invalid("url", "A LINK has an address: give it.")
    if (kind == "FIGURE") != (figure is not None):
        raise invalid("figure", "A FIGURE has a number; the other kinds have none.")
    if figure is not None and not math.isfinite(figure):
        raise invalid("figure", "Give a finite number.")
    if kind == "FIGURE" and source is None:
        raise invalid("source", "A FIGURE says where it comes from: name its source.")
    if (kind == "FILE") != (sha256 is not None):
        raise invalid("sha256", "A FILE is known by the SHA-256 of its bytes; the other kinds have none.")
    if sha256 is not None and not SHA256.fullmatch(sha256):
        raise invalid("sha256", "Write the SHA-256 as 64 hexadecimal digits, in small letters.")


def address_of(url: str) -> str:
    """An address that a page may link to. Refused otherwise."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        known = False
    if not known or len(url) > LONGEST_ADDRESS or not url.isprintable() or any(map(str.isspace, url)):
        raise invalid("url", f"Give an http(s) address of {LONGEST_ADDRESS} characters at most, without a user's name.")
    return url
