"""What anyone may take away of lineage."""

from typing import Any

from sqlalchemy import Select, select

from hemicycle.api import OpenData, WayBack, table_of
from hemicycle_outcomes.lineage.models import LineageRow
from hemicycle_outcomes.open_data import shown
from hemicycle_outcomes.proposals.sight import proposals

lineage = table_of(LineageRow)


def _lineage() -> Select[Any]:
    it = lineage.c
    joined = lineage.join(proposals, proposals.c.id == it.replacing_id)
    told = select(it.replaced_id, it.replacing_id, it.kind, it.at).select_from(joined)
    return told.where(shown(proposals.c)).order_by(it.id)


OPEN_DATA = [
    OpenData(
        "proposal_lineage", "Which proposals were replaced by which.", query=_lineage, on=LineageRow,
        columns={
            "replaced_id": "The id of the one that stands no more.",
            "replacing_id": "The id of the one that took its place, or a part of it.",
            "kind": "It was MERGED into that one, or SPLIT into several.", "at": "When.",
        },
        way_back=WayBack(
            LineageRow, refs={"replaced_id": "proposals", "replacing_id": "proposals"}, part_of="replaced_id"
        ),
    ),
]  # fmt: skip
