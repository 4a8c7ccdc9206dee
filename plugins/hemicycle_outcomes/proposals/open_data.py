"""What anyone may take away of proposals: what they say and said, what they come from, and where they go."""

from typing import Any

from sqlalchemy import Select, select

from hemicycle.api import OpenData, WayBack, readable
from hemicycle_outcomes.dispositions.sight import dispositions
from hemicycle_outcomes.proposals.models import ProposalRow, ProposalVersionRow, SourceRow
from hemicycle_outcomes.proposals.sight import contributions, current, proposals, sources, versions, words


def _proposals() -> Select[Any]:
    it, goes = proposals.c, dispositions.c
    told = select(
        it.id, it.space_id, it.origin, it.state, it.theme, it.version, current("title")(it).label("title"),
        current("statement")(it).label("statement"), it.submitted_at, goes.destination, goes.unusable_because,
        goes.recipient, goes.motive, goes.decided_at, it.answer, it.answered_at, it.reason,
    )  # fmt: skip
    joined = proposals.outerjoin(dispositions, (goes.proposal_id == it.id) & goes.in_force)
    return told.select_from(joined).order_by(it.id)


def _versions() -> Select[Any]:
    it = versions.c
    told = select(it.proposal_id, it.number, *(words(name)(it).label(name) for name in _OWN_WORDS), it.at)
    return told.order_by(it.proposal_id, it.number)


def _sources() -> Select[Any]:
    it, said = sources.c, contributions.c
    joined = sources.join(contributions, said.id == it.contribution_id)
    told = select(it.proposal_id, it.contribution_id, it.role).select_from(joined)
    return told.where(said.state.in_(["PUBLISHED", "WITHDRAWN"]), readable(said.space_id)).order_by(it.id)


_PROPOSAL = {
    "id": "Its id.", "space_id": "The id of its space.", "origin": "PARTICIPANTS, or the EXECUTIVE itself.",
    "state": "Where it stands.", "theme": "Its theme.", "version": "The number of the version that stands.",
    "title": "What it is about.", "statement": "What it says, in Markdown.", "submitted_at": "When it was made.",
    "destination": "Where it goes, as it was decided.", "unusable_because": "Why it cannot be used.",
    "recipient": "Which other level it goes to.", "motive": "Why it goes there.",
    "decided_at": "When that was decided.", "answer": "What was answered, in Markdown.",
    "answered_at": "When it was answered.", "reason": "Why it was not retained.",
}  # fmt: skip
_OWN_WORDS = {
    "title": "What it was about.", "statement": "What was proposed, in Markdown.",
    "verbatim_of_id": "The id of the contribution whose very words these are.",
}  # fmt: skip
_VERSION = {
    "proposal_id": "The id of its proposal.", "number": "1 for the first one.", **_OWN_WORDS,
    "at": "When it was written.",
}  # fmt: skip
_SOURCE = {
    "proposal_id": "The id of a proposal.", "contribution_id": "The id of a contribution that it comes from.",
    "role": "VERBATIM, MERGED with others, or SPLIT into several.",
}  # fmt: skip
OPEN_DATA = [
    OpenData(
        "proposals", "Proposals, where each goes, and what was answered.", query=_proposals, columns=_PROPOSAL,
        on=ProposalRow,
        way_back=WayBack(ProposalRow, refs={"space_id": "spaces"}),
    ),
    OpenData(
        "proposal_versions", "What proposals say, in each of their versions.", query=_versions, columns=_VERSION,
        on=ProposalVersionRow,
        way_back=WayBack(
            ProposalVersionRow, refs={"proposal_id": "proposals", "verbatim_of_id": "contributions"},
            part_of="proposal_id",
        ),
    ),
    OpenData(
        "proposal_sources", "Which contributions proposals come from.", query=_sources, columns=_SOURCE,
        on=SourceRow,
        way_back=WayBack(
            SourceRow, refs={"proposal_id": "proposals", "contribution_id": "contributions"}, part_of="proposal_id"
        ),
    ),
]  # fmt: skip
