"""Who sees a disposition, whose it is, and which one is in force: SQL over its rows."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from hemicycle.api import VIEWER, Row, holds, readable, table_of
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals.sight import owned_by_id

Test = ColumnElement[bool]
TRIAGE = frozenset({"analyst", "reviewer", "decision_maker"})
DECIDED = ("DECIDED", "CONTESTED", "CONFIRMED", "CHANGED")
dispositions = table_of(DispositionRow)


def visible(row: Row) -> Test:
    """Decided ones, to whoever reads the space; until then, to those who work on them."""
    return readable(row.space_id) & or_(row.state.in_(DECIDED), holds(TRIAGE, row.space_id))


def owned(row: Row) -> Test:
    """One's own work, or a proposal of one's own: nobody reviews or decides on either."""
    return or_(row.analyst_id == VIEWER, owned_by_id(row.proposal_id))


def in_force(row: Row) -> ColumnElement[Any]:
    """The id of the disposition in force of a proposal."""
    found: ColumnElement[Any] = _of(row, lambda it: it.in_force).scalar_subquery()
    return found


def goes_to(row: Row, destinations: Any) -> Test:
    """The disposition in force of a proposal names one of these destinations."""
    found: Test = _of(row, lambda it: it.in_force & it.destination.in_(destinations)).exists()
    return found


def _of(row: Row, test: Any) -> Any:
    it = dispositions.alias().c
    return select(it.id).where(it.proposal_id == row.id, test(it)).correlate(row.id.table)
