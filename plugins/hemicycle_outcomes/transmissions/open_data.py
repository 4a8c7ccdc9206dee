"""What anyone may take away of transmissions."""

from typing import Any

from hemicycle.api import OpenData, WayBack, invalid, table_of
from hemicycle_outcomes.open_data import columns_of
from hemicycle_outcomes.transmissions.graphql import TransmissionChannel
from hemicycle_outcomes.transmissions.models import TransmissionRow

_COLUMNS = {
    "id": "Its id.", "proposal_id": "The id of its proposal.", "space_id": "The id of its space.",
    "recipient": "The other level.", "state": "Where it stands.", "channel": "How it was sent.",
    "at": "When it was decided.", "sent_at": "When it was sent.", "silent_at": "When no answer counts as silence.",
    "acknowledged_at": "When the other level said that it has it.",
    "answer": "What the other level answered, in Markdown.", "answered_at": "When it answered.",
}  # fmt: skip


def _row(values: dict[str, Any]) -> TransmissionRow:
    if (channel := values["channel"]) is not None and channel not in TransmissionChannel.__members__:
        known = ", ".join(TransmissionChannel.__members__)
        raise invalid("channel", f"There is no channel {channel}; there are: {known}.")
    return TransmissionRow(**values)


OPEN_DATA = [
    OpenData(
        "transmissions", "What was handed on to other levels of government, and what came back.", columns=_COLUMNS,
        query=columns_of(table_of(TransmissionRow), _COLUMNS), on=TransmissionRow,
        way_back=WayBack(
            TransmissionRow, refs={"proposal_id": "proposals", "space_id": "spaces"}, part_of="proposal_id", row=_row
        ),
    ),
]  # fmt: skip
