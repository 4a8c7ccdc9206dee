"""How a proposal is made and worded, and what becomes of it: answered, begun, done, or not retained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hemicycle.api import Actor, RefusalCode, Refused, Session, SpaceRow, invalid, search_index
from hemicycle_outcomes.proposals.models import ProposalRow, ProposalVersionRow, SourceRow
from hemicycle_outcomes.proposals.sources import Said, read_sources
from hemicycle_outcomes.words import name_of, reason_of, text_of

TYPE = "Proposal"
NEXT = {
    "SUBMITTED": ("TRIAGED", "REPLACED"),
    "TRIAGED": ("RESPONDED", "REPLACED"),
    "RESPONDED": ("IN_PROGRESS", "NOT_RETAINED"),
    "IN_PROGRESS": ("DONE", "NOT_RETAINED"),
}
"""From each state, where a proposal may go; from the others, nowhere."""
EVENTS = {
    "TRIAGED": "outcomes.proposal_triaged",
    "RESPONDED": "outcomes.proposal_answered",
    "IN_PROGRESS": "outcomes.proposal_started",
    "DONE": "outcomes.proposal_done",
    "NOT_RETAINED": "outcomes.proposal_not_retained",
    "REPLACED": "outcomes.proposal_replaced",
}


@dataclass(frozen=True)
class Draft:
    """What a proposal is to say, and the role of each of its sources. A VERBATIM one brings its words."""

    sources: Mapping[UUID, str]
    title: str | None = None
    statement: str | None = None
    theme: str | None = None
    origin: str = "PARTICIPANTS"


async def make(
    session: Session, actor: Actor, *, space: UUID, sources: Sequence[dict[str, Any]] = (), title: str | None = None,
    statement: str | None = None, theme: str | None = None, origin: str = "PARTICIPANTS",
) -> ProposalRow:  # fmt: skip
    """Make a proposal of contributions (`{contribution, role}` each), or, for the executive, of none."""
    roles = {one["contribution"]: one["role"] for one in sources}
    if len(roles) < len(sources):
        raise invalid("sources", "A contribution is named twice: name each once.")
    (row,) = await make_many(session, actor, space=space, drafts=[Draft(roles, title, statement, theme, origin)])
    return row


async def make_many(session: Session, actor: Actor, *, space: UUID, drafts: Sequence[Draft]) -> list[ProposalRow]:
    """Make many proposals in one space, in the order given: all of them, or none."""
    place = await session.authorize(actor, "outcomes.make_proposal", SpaceRow, space, lock="share")
    if any(not one.sources and one.origin != "EXECUTIVE" for one in drafts):
        raise invalid("sources", "Name the contributions that it comes from: only the executive proposes without one.")
    wanted = dict.fromkeys(key for one in drafts for key in one.sources)
    said = await read_sources(session, actor, place.id, list(wanted))
    return await write(session, actor, place.id, [(one, _words(one, said)) for one in drafts])


async def write(
    session: Session, actor: Actor, space: UUID, checked: Sequence[tuple[Draft, tuple[str, str]]]
) -> list[ProposalRow]:
    """Write proposals that were checked, each with its words (title, statement) as first version, and its sources."""
    rows = [
        ProposalRow(
            space_id=space, origin=one.origin, analyst_id=actor.id, submitted_at=session.now,
            theme=name_of("theme", one.theme, longest=100) if one.theme else None,
        )
        for one, _ in checked
    ]  # fmt: skip
    session.add_all(rows)
    await session.flush()
    for row, (one, words) in zip(rows, checked, strict=True):
        verbatim = next((key for key, role in one.sources.items() if role == "VERBATIM"), None)
        session.add(_version(session, actor, row, words, verbatim))
        session.add_all(
            SourceRow(proposal_id=row.id, contribution_id=key, role=role) for key, role in one.sources.items()
        )
        session.record(actor, "outcomes.proposal_made", row)
    await session.flush()
    await search_index.put_many(
        session, TYPE, [(row.id, "\n".join(words)) for row, (_, words) in zip(rows, checked, strict=True)]
    )
    return rows


async def add_version(
    session: Session, actor: Actor, row: ProposalRow, words: tuple[str, str], *, amendment: UUID | None = None
) -> None:
    """Give the proposal the words (title, statement), as its version of that number."""
    session.add(_version(session, actor, row, words, amendment=amendment))
    await session.flush()
    await search_index.put(session, TYPE, row.id, *words)


async def revise(
    session: Session, actor: Actor, *, proposal: UUID, version: int, title: str, statement: str
) -> ProposalRow:
    """Other words, as a new version. `version`: the one that was changed."""
    row = await session.authorize(actor, "outcomes.revise_proposal", ProposalRow, proposal)
    check_version(row, version)
    row.version += 1
    await add_version(session, actor, row, (name_of("title", title), text_of("statement", statement)))
    session.record(actor, "outcomes.proposal_revised", row)
    return row


async def answer(session: Session, actor: Actor, *, proposal: UUID, text: str) -> ProposalRow:
    """TRIAGED → RESPONDED: the official answer, once."""
    row = await session.authorize(actor, "outcomes.answer_proposal", ProposalRow, proposal)
    row.answer, row.answered_at, row.answered_by_id = text_of("text", text), session.now, actor.id
    move(session, actor, row, "RESPONDED")
    return row


async def start(session: Session, actor: Actor, *, proposal: UUID) -> ProposalRow:
    """RESPONDED → IN_PROGRESS."""
    row = await session.authorize(actor, "outcomes.start_proposal", ProposalRow, proposal)
    move(session, actor, row, "IN_PROGRESS")
    return row


async def complete(session: Session, actor: Actor, *, proposal: UUID) -> ProposalRow:
    """IN_PROGRESS → DONE."""
    row = await session.authorize(actor, "outcomes.complete_proposal", ProposalRow, proposal)
    move(session, actor, row, "DONE")
    return row


async def give_up(session: Session, actor: Actor, *, proposal: UUID, reason: str) -> ProposalRow:
    """RESPONDED or IN_PROGRESS → NOT_RETAINED, with a public reason."""
    row = await session.authorize(actor, "outcomes.give_up_proposal", ProposalRow, proposal)
    row.reason = reason_of("reason", reason)
    move(session, actor, row, "NOT_RETAINED", reason=row.reason)
    return row


def move(session: Session, actor: Actor, row: ProposalRow, state: str, *, reason: str | None = None) -> None:
    """Let a proposal be in another state, and tell of it. Refused where it cannot go there from where it is."""
    if state not in NEXT.get(row.state, ()):
        raise Refused(RefusalCode.WRONG_STATE, f"This proposal is {row.state}: it cannot become {state}.")
    row.state = state
    session.record(actor, EVENTS[state], row, reason=reason)


def check_version(row: ProposalRow, version: int) -> None:
    """Refused if another version stands by now."""
    if row.version != version:
        raise Refused(
            RefusalCode.CONFLICT, f"Version {row.version} stands, not {version}: read it, then change that one."
        )


def _version(
    session: Session, actor: Actor, row: ProposalRow, words: tuple[str, str], verbatim_of: UUID | None = None,
    amendment: UUID | None = None,
) -> ProposalVersionRow:  # fmt: skip
    return ProposalVersionRow(
        proposal_id=row.id, number=row.version, title=words[0], statement=words[1], verbatim_of_id=verbatim_of,
        amendment_id=amendment, written_by_id=actor.id, at=session.now,
    )  # fmt: skip


def _words(draft: Draft, said: Mapping[UUID, Said]) -> tuple[str, str]:
    """What the proposal says: the words of its one VERBATIM source, or those that are given."""
    if "VERBATIM" in draft.sources.values():
        if len(draft.sources) > 1:
            raise invalid("sources", "A VERBATIM source stands alone: those that are put together are MERGED.")
        if draft.title is not None or draft.statement is not None:
            raise invalid("statement", "A VERBATIM source brings its own words: give no others.")
        (key,) = draft.sources
        return said[key].title, said[key].text
    if draft.title is None or draft.statement is None:
        lacking = "title" if draft.title is None else "statement"
        raise invalid(lacking, "Say what is proposed: a title and a statement.")
    return name_of("title", draft.title), text_of("statement", draft.statement)
