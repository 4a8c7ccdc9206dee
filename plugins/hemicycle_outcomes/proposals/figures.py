"""Numbers about proposals, each with the query that makes it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from hemicycle.api import Figure, Row, SpaceTree, readable, table_of
from hemicycle_outcomes.proposals.models import ProposalRow

tree, proposals = map(table_of, (SpaceTree, ProposalRow))
STATES = {
    "submitted": "Proposals that wait for a destination.",
    "answered": "Proposals that have an official answer.",
    "in_progress": "Proposals about which something is being done.",
    "done": "Proposals that are done.",
    "not_retained": "Proposals that will not be done.",
}


def counted(space: ColumnElement[UUID], *tests: Callable[[Row], ColumnElement[bool]]) -> Select[Any]:
    """How many proposals of the space and below stand, and pass these tests, as far as the viewer reads them."""
    it, below = proposals.alias(), tree.alias()
    joined = it.join(below, below.c.descendant_id == it.c.space_id)
    standing = it.c.state != "REPLACED", readable(it.c.space_id), *(test(it.c) for test in tests)
    return select(func.count()).select_from(joined).where(below.c.ancestor_id == space, *standing)


def _figure(state: str, told: str) -> Figure:
    def test(row: Row) -> ColumnElement[bool]:
        answered: ColumnElement[bool] = row.answered_at.is_not(None)
        return answered if state == "answered" else row.state == state.upper()

    return Figure(f"proposals_{state}", told, query=lambda space: counted(space, test))


FIGURES = [
    Figure("proposals", "Proposals; those that others stand for left aside.", query=counted),
    *(_figure(state, told) for state, told in STATES.items()),
]
