"""What anyone may take away of amendments. Nobody is named who is a person."""

from typing import Any

from sqlalchemy import Select, case, select

from hemicycle.api import OpenData, ParticipantRow, WayBack, table_of
from hemicycle_outcomes.amendments.models import AmendmentRow

amendments, participants = table_of(AmendmentRow), table_of(ParticipantRow)
_COLUMNS = {
    "id": "Its id.", "proposal_id": "The id of its proposal.", "space_id": "The id of its space.",
    "version": "The version of the proposal that it would change.",
    "title": "The title that it would give.", "statement": "The words that it would give, in Markdown.",
    "reason": "Why.", "state": "PROPOSED, ACCEPTED, REJECTED or WITHDRAWN.",
    "decision": "Why it was accepted or rejected.", "decided_at": "When that was decided.",
    "at": "When it was proposed.",
}  # fmt: skip
_AUTHOR = {
    "person": "Who proposes it: a pseudonym that holds in this space alone.",
    "structure": "The name of the structure that proposes it.",
}  # fmt: skip


def _amendments() -> Select[Any]:
    it, who = amendments.c, participants.c
    standing = it.state != "WITHDRAWN"
    told = select(
        *(it[name] for name in _COLUMNS),
        case((standing & (who.kind == "PERSON"), it.author_id)).label("person"),
        case((standing & (who.kind == "STRUCTURE"), who.display_name)).label("structure"),
    )  # fmt: skip
    joined = amendments.outerjoin(participants, who.id == it.author_id)
    return told.select_from(joined).order_by(it.id)


def _row(values: dict[str, Any]) -> AmendmentRow:
    return AmendmentRow(author_id=values["person"], **{name: values[name] for name in _COLUMNS if name != "id"})


OPEN_DATA = [
    OpenData(
        "amendments", "Other words that people propose for proposals, and what was decided.", query=_amendments,
        columns=_COLUMNS | _AUTHOR, on=AmendmentRow, pseudonyms={"person": "space_id"},
        way_back=WayBack(
            AmendmentRow, refs={"proposal_id": "proposals", "space_id": "spaces"}, part_of="proposal_id",
            people={"person": "structure"}, row=_row,
        ),
    ),
]  # fmt: skip
