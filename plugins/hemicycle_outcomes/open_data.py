"""What anyone may take away: proposals, where they go, what was answered, and what was decided because of them."""

from typing import Any

from sqlalchemy import Select, select

from hemicycle.api import OpenData, active, readable
from hemicycle_outcomes.commitments.sight import commitments, evidence, follow_ups, milestones
from hemicycle_outcomes.dispositions.sight import dispositions
from hemicycle_outcomes.proposals.sight import current, proposals, sources

PLUGIN = "outcomes"


def _proposals() -> Select[Any]:
    it, goes = proposals.c, dispositions.c
    told = select(
        it.id, it.space_id, it.state, it.theme, current("title")(it).label("title"),
        current("statement")(it).label("statement"), it.submitted_at, goes.destination, goes.unusable_because,
        goes.recipient, goes.motive, goes.decided_at, it.answer, it.answered_at, it.reason,
    )  # fmt: skip
    joined = proposals.outerjoin(dispositions, (goes.proposal_id == it.id) & goes.in_force)
    return told.select_from(joined).where(readable(it.space_id), active(PLUGIN, it.space_id)).order_by(it.id)


def _sources() -> Select[Any]:
    it, whole = sources.c, proposals.c
    told = select(it.proposal_id, it.contribution_id, it.role).select_from(
        sources.join(proposals, whole.id == it.proposal_id)
    )
    return told.where(readable(whole.space_id), active(PLUGIN, whole.space_id)).order_by(it.id)


def _commitments() -> Select[Any]:
    it = commitments.c
    told = select(it.id, it.space_id, it.kind, it.state, it.title, it.summary, it.due_on, it.review_on, it.reason,
                  it.decided_at, it.started_at, it.delivered_at, it.verified_at)  # fmt: skip
    return told.where(readable(it.space_id), active(PLUGIN, it.space_id)).order_by(it.id)


def _of_commitments(table: Any, *names: str) -> Any:
    """A table of parts of commitments, which anyone reads who reads the whole."""

    def query() -> Select[Any]:
        it, whole = table.c, commitments.c
        told = select(*(it[name] for name in names)).select_from(table.join(commitments, whole.id == it.commitment_id))
        return told.where(readable(whole.space_id), active(PLUGIN, whole.space_id)).order_by(it.id)

    return query


_MILESTONE = {
    "id": "Its id.", "commitment_id": "The id of its commitment.", "position": "1 for the first one.",
    "title": "What it is.", "state": "PLANNED or REACHED.", "due_on": "Until when.",
    "reached_at": "When it was reached.",
}  # fmt: skip
_EVIDENCE = {
    "id": "Its id.", "commitment_id": "The id of its commitment.", "milestone_id": "The id of its step.",
    "kind": "LINK, FIGURE or FILE.", "title": "What it shows.", "url": "Where it is.", "figure": "The number.",
    "unit": "Of what.", "source": "Where the number is from.", "sha256": "The SHA-256 of the file.",
    "at": "When it was added.",
}  # fmt: skip
_FOLLOW_UP = {"commitment_id": "The id of a commitment.", "proposal_id": "The id of a proposal that it follows from."}
OPEN_DATA = [
    OpenData(
        "proposals", "Proposals, where each goes, and what was answered.", query=_proposals,
        columns={
            "id": "Its id.", "space_id": "The id of its space.", "state": "Where it stands.", "theme": "Its theme.",
            "title": "What it is about.", "statement": "What it says, in Markdown.",
            "submitted_at": "When it was made.",
            "destination": "Where it goes, as it was decided.", "unusable_because": "Why it cannot be used.",
            "recipient": "Which other level it goes to.", "motive": "Why it goes there.",
            "decided_at": "When that was decided.", "answer": "What was answered, in Markdown.",
            "answered_at": "When it was answered.", "reason": "Why it was not retained.",
        },
    ),
    OpenData(
        "proposal_sources", "Which contributions proposals come from.", query=_sources,
        columns={
            "proposal_id": "The id of a proposal.", "contribution_id": "The id of a contribution that it comes from.",
            "role": "VERBATIM, MERGED with others, or SPLIT into several.",
        },
    ),
    OpenData(
        "commitments", "What was decided, and where it stands.", query=_commitments,
        columns={
            "id": "Its id.", "space_id": "The id of its space.", "kind": "MEASURE or WORKSTREAM.",
            "state": "Where it stands.", "title": "What was decided.", "summary": "In more words.",
            "due_on": "Until when it is to be done.", "review_on": "When it is looked at again.",
            "reason": "Why it comes later, or was given up.", "decided_at": "When it was decided.",
            "started_at": "When work began.", "delivered_at": "When it was said to be done.",
            "verified_at": "When somebody else saw that it was done.",
        },
    ),
    OpenData("commitment_milestones", "The steps of commitments.", columns=_MILESTONE,
             query=_of_commitments(milestones, *_MILESTONE)),
    OpenData("commitment_evidence", "What shows that something was done.", columns=_EVIDENCE,
             query=_of_commitments(evidence, *_EVIDENCE)),
    OpenData("commitment_proposals", "Which proposals a commitment follows from.", columns=_FOLLOW_UP,
             query=_of_commitments(follow_ups, *_FOLLOW_UP)),
]  # fmt: skip
