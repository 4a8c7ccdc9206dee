"""What anyone may take away of commitments: what was decided, step by step, and what shows that it was done."""

from typing import Any

from sqlalchemy import Select, case, select

from hemicycle.api import OpenData, ParticipantRow, WayBack, invalid, table_of
from hemicycle_outcomes.commitments.milestones import address_of, check_kind
from hemicycle_outcomes.commitments.models import CommitmentRow, EvidenceRow, FollowUpRow, MilestoneRow
from hemicycle_outcomes.commitments.sight import commitments, evidence, follow_ups, milestones
from hemicycle_outcomes.open_data import columns_of, shown
from hemicycle_outcomes.proposals.sight import proposals

participants = table_of(ParticipantRow)
_COMMITMENT = {
    "id": "Its id.", "space_id": "The id of its space.", "kind": "MEASURE or WORKSTREAM.",
    "state": "Where it stands.", "title": "What was decided.", "summary": "In more words.",
    "due_on": "Until when it is to be done.", "review_on": "When it is looked at again.",
    "reason": "Why it comes later, or was given up.", "decided_at": "When it was decided.",
    "started_at": "When work began.", "delivered_at": "When it was said to be done.",
    "verified_at": "When somebody else saw that it was done.",
}  # fmt: skip
_OWNER = {
    "person": "Who answers for it: a pseudonym that holds in this space alone.",
    "structure": "The name of the structure that answers for it.",
}  # fmt: skip
_MILESTONE = {
    "id": "Its id.", "commitment_id": "The id of its commitment.", "space_id": "The id of its space.",
    "position": "1 for the first one.", "title": "What it is.", "state": "PLANNED or REACHED.",
    "due_on": "Until when.", "reached_at": "When it was reached.",
}  # fmt: skip
_EVIDENCE = {
    "id": "Its id.", "commitment_id": "The id of its commitment.", "milestone_id": "The id of its step.",
    "kind": "LINK, FIGURE or FILE.", "title": "What it shows.", "url": "Where it is.", "figure": "The number.",
    "unit": "Of what.", "source": "Where the number is from.", "sha256": "The SHA-256 of the file.",
    "at": "When it was added.",
}  # fmt: skip
_FOLLOW_UP = {"commitment_id": "The id of a commitment.", "proposal_id": "The id of a proposal that it follows from."}


def _commitments() -> Select[Any]:
    it, who = commitments.c, participants.c
    told = select(
        *(it[name] for name in _COMMITMENT),
        case((who.kind == "PERSON", it.owner_id)).label("person"),
        case((who.kind == "STRUCTURE", who.display_name)).label("structure"),
    )  # fmt: skip
    joined = commitments.join(participants, who.id == it.owner_id)
    return told.select_from(joined).order_by(it.id)


def _follow_ups() -> Select[Any]:
    it, made, of = follow_ups.c, commitments.c, proposals.c
    joined = follow_ups.join(commitments, made.id == it.commitment_id).join(proposals, of.id == it.proposal_id)
    told = select(it.commitment_id, it.proposal_id).select_from(joined)
    return told.where(shown(made), shown(of)).order_by(it.id)


def _commitment(values: dict[str, Any]) -> CommitmentRow:
    if values["person"] is None:
        raise invalid("person", "It says of nobody that they answer for it.")
    return CommitmentRow(owner_id=values["person"], **{name: values[name] for name in _COMMITMENT if name != "id"})


def _shows(values: dict[str, Any]) -> EvidenceRow:
    check_kind(**{name: values[name] for name in ("kind", "url", "figure", "source", "sha256")})
    if values["url"] is not None:
        address_of(values["url"])
    return EvidenceRow(**values)


OPEN_DATA = [
    OpenData(
        "commitments", "What was decided, and where it stands.", query=_commitments, columns=_COMMITMENT | _OWNER,
        on=CommitmentRow, pseudonyms={"person": "space_id"},
        way_back=WayBack(
            CommitmentRow, refs={"space_id": "spaces"}, people={"person": "structure"}, row=_commitment
        ),
    ),
    OpenData(
        "commitment_milestones", "The steps of commitments.", columns=_MILESTONE,
        query=columns_of(milestones, _MILESTONE), on=MilestoneRow,
        way_back=WayBack(
            MilestoneRow, refs={"commitment_id": "commitments", "space_id": "spaces"}, part_of="commitment_id"
        ),
    ),
    OpenData(
        "commitment_evidence", "What shows that something was done.", columns=_EVIDENCE,
        query=columns_of(evidence, _EVIDENCE), on=EvidenceRow,
        way_back=WayBack(
            EvidenceRow, refs={"commitment_id": "commitments", "milestone_id": "commitment_milestones"},
            part_of="commitment_id", row=_shows,
        ),
    ),
    OpenData(
        "commitment_proposals", "Which proposals a commitment follows from.", query=_follow_ups, columns=_FOLLOW_UP,
        way_back=WayBack(
            FollowUpRow, refs={"commitment_id": "commitments", "proposal_id": "proposals"}, part_of="commitment_id"
        ),
    ),
]  # fmt: skip
