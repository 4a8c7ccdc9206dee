"""What anyone may take away of dispositions: every one that was decided, with what became of a contestation."""

from hemicycle.api import OpenData, WayBack
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.dispositions.sight import dispositions
from hemicycle_outcomes.open_data import columns_of

_COLUMNS = {
    "id": "Its id.", "proposal_id": "The id of its proposal.", "space_id": "The id of its space.",
    "state": "DECIDED, CONTESTED, CONFIRMED or CHANGED.", "in_force": "Whether it is the one that counts.",
    "destination": "Where the proposal goes.", "unusable_because": "Why it cannot be used.",
    "duplicate_of_id": "The id of the proposal that says the same.", "recipient": "Which other level it goes to.",
    "motive": "Why it goes there.", "previous_id": "The id of the one that it took the place of.",
    "proposed_at": "When it was proposed.", "reviewed_at": "When it was reviewed.", "review": "What the reviewer said.",
    "decided_at": "When it was decided.", "contestation": "Why it was contested.",
    "contested_at": "When it was contested.", "answer": "What was answered to that.",
    "answered_at": "When that was answered.",
}  # fmt: skip
_REFS = {
    "proposal_id": "proposals", "space_id": "spaces", "duplicate_of_id": "proposals", "previous_id": "dispositions",
}  # fmt: skip
OPEN_DATA = [
    OpenData(
        "dispositions", "Where proposals go, and why: all that was decided on it.", columns=_COLUMNS,
        query=columns_of(dispositions, _COLUMNS), on=DispositionRow,
        way_back=WayBack(DispositionRow, refs=_REFS, part_of="proposal_id"),
    ),
]  # fmt: skip
