"""Merging and splitting: what is replaced stays readable, and says what stands for it.

A proposal that was replaced never lives again, and only one that lives can replace another: so lineage has no circle.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from hemicycle.api import Actor, RefusalCode, Refused, Session, invalid
from hemicycle_outcomes.commitments.rules import take_over
from hemicycle_outcomes.dispositions import rules as dispositions
from hemicycle_outcomes.lineage.models import LineageRow
from hemicycle_outcomes.proposals.models import CoAuthorRow, ProposalRow, SourceRow
from hemicycle_outcomes.proposals.rules import Draft, add_version, move, write
from hemicycle_outcomes.proposals.sources import check_spaces, sources_of
from hemicycle_outcomes.transmissions.rules import check_none_sent
from hemicycle_outcomes.words import name_of, text_of

MOST_PARTS = 20


async def merge(
    session: Session, actor: Actor, *, primary: UUID, proposals: Sequence[UUID], title: str | None = None,
    statement: str | None = None,
) -> ProposalRow:  # fmt: skip
    """Put others into the primary one: it takes their sources and co-authors, and, if given, new words.

    The primary keeps its disposition; those of the others end with them.
    """
    others = list(dict.fromkeys(proposals))
    rows = {  # in one order, so that two who merge wait for each other
        key: await session.authorize(actor, "outcomes.merge_proposals", ProposalRow, key)
        for key in sorted({primary, *others})
    }
    row = rows[primary]
    if not others or primary in others:
        raise invalid("proposals", "Name the others that go into the primary one: at least one, and not itself.")
    await check_spaces(session, row.space_id, {one.space_id for one in rows.values()})
    roles = await sources_of(session, *others)
    if title is not None or statement is not None:
        if title is None or statement is None:
            raise invalid("statement", "New words are a title and a statement, both.")
        row.version += 1
        await add_version(session, actor, row, (name_of("title", title), text_of("statement", statement)))
        mine = col(SourceRow.proposal_id) == row.id, col(SourceRow.role) == "VERBATIM"
        await session.execute(update(SourceRow).where(*mine).values(role="MERGED"))
    for key in roles:
        await session.add_once(SourceRow(proposal_id=row.id, contribution_id=key, role="MERGED"))
    for key in others:
        await _take_co_authors(session, rows[key], row)
        await _replace(session, actor, rows[key], [row], "MERGED")
    return row


async def split(session: Session, actor: Actor, *, proposal: UUID, parts: Sequence[dict[str, Any]]) -> ProposalRow:
    """Put several in the place of one. parts: `{title, statement, theme, contributions}` each.

    A part has the sources that it names, or all of them; each source goes into one part at least.
    """
    row = await session.authorize(actor, "outcomes.split_proposal", ProposalRow, proposal)
    if not 2 <= len(parts) <= MOST_PARTS:
        raise invalid("parts", f"A proposal is split into 2 to {MOST_PARTS} others.")
    roles = await sources_of(session, row.id)
    made, left = [], set(roles)
    for number, part in enumerate(parts):
        chosen = list(dict.fromkeys(part.get("contributions") or roles))
        if foreign := [key for key in chosen if key not in roles]:
            raise invalid(f"parts.{number}.contributions", f"{len(foreign)} of these are no source of the proposal.")
        left -= set(chosen)
        words = name_of("title", part["title"]), text_of("statement", part["statement"])
        draft = Draft(dict.fromkeys(chosen, "SPLIT"), theme=part.get("theme") or row.theme, origin=row.origin)
        (new,) = await write(session, actor, row.space_id, [(draft, words)])
        await _take_co_authors(session, row, new)
        made.append(new)
    if left:
        raise invalid("parts", f"{len(left)} sources went into no part: each goes into one at least.")
    await _replace(session, actor, row, made, "SPLIT")
    return row


async def _replace(session: Session, actor: Actor, row: ProposalRow, by: Sequence[ProposalRow], kind: str) -> None:
    """Let others stand for a proposal."""
    await check_none_sent(session, row.id)
    await dispositions.end(session, row.id, f"The proposal was {kind.lower()}.")
    if row.state == "REPLACED" or any(one.state == "REPLACED" for one in by):
        raise Refused(RefusalCode.WRONG_STATE, "What was replaced takes no part in it any more.")
    move(session, actor, row, "REPLACED")
    for one in by:
        await take_over(session, row, one)
    session.add_all(LineageRow(replaced_id=row.id, replacing_id=one.id, kind=kind, at=session.now) for one in by)
    await session.flush()


async def _take_co_authors(session: Session, old: ProposalRow, new: ProposalRow) -> None:
    """Whoever stood behind the old one stands behind the new one."""
    mine = select(CoAuthorRow).where(col(CoAuthorRow.proposal_id) == old.id)
    for one in (await session.execute(mine)).scalars().all():
        await session.add_once(CoAuthorRow(
            proposal_id=new.id, space_id=new.space_id, participant_id=one.participant_id, state=one.state
        ))  # fmt: skip
