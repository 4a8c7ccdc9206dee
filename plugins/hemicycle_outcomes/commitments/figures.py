"""Numbers about commitments, each with the query that makes it."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from hemicycle.api import Figure, SpaceTree, readable, table_of
from hemicycle_outcomes.commitments.models import CommitmentRow

tree, commitments = map(table_of, (SpaceTree, CommitmentRow))
TOLD = {
    "DECIDED": "are decided",
    "STARTED": "have begun",
    "DELAYED": "are delayed",
    "DELIVERED": "are said to be done",
    "VERIFIED": "are verified",
    "ABANDONED": "were given up",
}


def _figure(state: str, told: str) -> Figure:
    def query(space: ColumnElement[UUID]) -> Select[Any]:
        it, below = commitments.alias(), tree.alias()
        joined = it.join(below, below.c.descendant_id == it.c.space_id)
        tests = below.c.ancestor_id == space, it.c.state == state, readable(it.c.space_id)
        return select(func.count()).select_from(joined).where(*tests)

    return Figure(f"commitments_{state.lower()}", f"Commitments that {told}.", query=query)


FIGURES = [_figure(state, told) for state, told in TOLD.items()]
