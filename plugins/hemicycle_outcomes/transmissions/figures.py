"""Numbers about transmissions, each with the query that makes it."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from hemicycle.api import Figure, SpaceTree, readable, table_of
from hemicycle_outcomes.transmissions.models import STATES, TransmissionRow

tree, transmissions = map(table_of, (SpaceTree, TransmissionRow))
TOLD = ("wait to be sent", "were sent", "were acknowledged", "were answered", "found no answer")


def _figure(state: str, told: str) -> Figure:
    def query(space: ColumnElement[UUID]) -> Select[Any]:
        it, below = transmissions.alias(), tree.alias()
        joined = it.join(below, below.c.descendant_id == it.c.space_id)
        tests = below.c.ancestor_id == space, it.c.state == state, readable(it.c.space_id)
        return select(func.count()).select_from(joined).where(*tests)

    return Figure(f"transmissions_{state.lower()}", f"Transmissions to other levels that {told}.", query=query)


FIGURES = [_figure(state, told) for state, told in zip(STATES, TOLD, strict=True)]
