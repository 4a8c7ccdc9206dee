"""Territories as sets of communes, in SQL: which lie in which, which cross, where spaces and people are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, and_, func, or_, select

from hemicycle.api import VIEWER, Row, SpaceTree, active, holds, table_of
from hemicycle_territories.models import MemberRow, PlaceRow, ResidenceRow, TerritoryRow

Test = ColumnElement[bool]
Key = ColumnElement[UUID]
territories, members, places, residences, tree = map(
    table_of, (TerritoryRow, MemberRow, PlaceRow, ResidenceRow, SpaceTree)
)
CHECKERS = frozenset({"administrator"})


def communes_of(territory: Key) -> Select[Any]:
    """The codes of the communes that are this territory's now."""
    it = members.alias().c
    mine = select(it.commune).where(it.territory_id == territory, it.valid_to.is_(None))
    return mine.correlate(*_outside(territory))


def has_commune(territory: Key, code: Any) -> Test:
    """The commune of that code is this territory's now."""
    it = members.alias().c
    mine = select(1).where(it.territory_id == territory, it.commune == code, it.valid_to.is_(None))
    return mine.correlate(*_outside(territory, code)).exists()


def meets(row: Row, other: Key) -> Test:
    """They share a commune now. Found by the communes of `other`: few, where it is small."""
    it, theirs = members.alias(), members.alias()
    shared = select(it.c.territory_id).select_from(it.join(theirs, it.c.commune == theirs.c.commune))
    shared = shared.where(theirs.c.territory_id == other, it.c.valid_to.is_(None), theirs.c.valid_to.is_(None))
    found: Test = row.id.in_(shared.correlate(*_outside(other)))
    return found


def inside(inner: Key, outer: Key) -> Test:
    """Every commune of the one is the other's too. Of a territory known in part, nobody can say so, but of itself."""
    known = territories.alias().c
    whole = select(1).where(known.id == inner, known.partial.is_(False)).correlate(*_outside(inner)).exists()
    it = members.alias()
    left = select(1).select_from(it).where(it.c.territory_id == inner, it.c.valid_to.is_(None))
    left = left.where(~has_commune(outer, it.c.commune))
    some = communes_of(inner).exists()
    return or_(inner == outer, and_(whole, some, ~left.correlate(*_outside(inner, outer)).exists()))


def covers(row: Row, holder: Key) -> Test:
    """`row` lies in `holder`, and is another one."""
    return and_(row.id != holder, meets(row, holder), inside(row.id, holder))


def covered_by(row: Row, holder: Key) -> Test:
    """`holder` lies in `row`, and is another one."""
    return and_(row.id != holder, meets(row, holder), inside(holder, row.id))


def crosses(row: Row, holder: Key) -> Test:
    """They share communes, and as far as is known neither lies in the other."""
    return and_(row.id != holder, meets(row, holder), ~inside(row.id, holder), ~inside(holder, row.id))


def commune_in(row: Row, holder: Key) -> Test:
    """`row` is one of the communes of `holder`."""
    found: Test = and_(row.kind == "COMMUNE", row.code.in_(communes_of(holder)))
    return found


def commune_count(row: Row) -> ScalarSelect[int]:
    """How many communes it has now, as far as they are known."""
    it = members.alias().c
    mine = select(func.count()).where(it.territory_id == row.id, it.valid_to.is_(None))
    return mine.correlate(row.id.table).scalar_subquery()


def place_of(space: Key) -> ScalarSelect[UUID]:
    """The territory of a space: its own, or that of the nearest space above that has one."""
    it, up = places.alias(), tree.alias()
    found = select(it.c.territory_id).select_from(it.join(up, up.c.ancestor_id == it.c.space_id))
    found = found.where(up.c.descendant_id == space, ~_nearer(it, space))
    return found.correlate(*_outside(space)).scalar_subquery()


def spaces_in(territory: Key) -> Select[Any]:
    """The spaces whose territory is this one, or lies inside it."""
    it, up = places.alias(), tree.alias()
    found = select(up.c.descendant_id).select_from(it.join(up, up.c.ancestor_id == it.c.space_id))
    found = found.where(inside(it.c.territory_id, territory), ~_nearer(it, up.c.descendant_id))
    return found.correlate(*_outside(territory))


def people_in(territory: Key) -> Select[Any]:
    """Those who live there, as far as the viewer may know: oneself, and all for whoever checks."""
    it = residences.alias().c
    lives = select(it.participant_id).where(seen(it), inside(it.territory_id, territory))
    return lives.where(active("territories", it.space_id)).correlate(*_outside(territory))


def seen(residence: Row) -> Test:
    """One's own; all of them, for whoever checks."""
    return or_(residence.participant_id == VIEWER, holds(CHECKERS, residence.space_id))


def lives_in(person: Key, named: Sequence[tuple[str, str]], *, verified: bool) -> Test:
    """A person lives in one of these territories (kind, code), or in one that lies inside it."""
    it, known = residences.alias(), territories.alias()
    wanted = or_(*(and_(known.c.kind == kind, known.c.code == code) for kind, code in named))
    checked = [it.c.verified_on.is_not(None)] if verified else []
    lives = select(1).select_from(it.join(known, inside(it.c.territory_id, known.c.id)))
    lives = lives.where(it.c.participant_id == person, wanted, active("territories", it.c.space_id), *checked)
    return lives.correlate(*_outside(person)).exists()


def _nearer(place: FromClause, space: Key) -> Test:
    """Between this place's space and `space`, or there, another space has a territory of its own."""
    it, up, above = places.alias(), tree.alias(), tree.alias()
    found = select(1).select_from(it.join(up, up.c.ancestor_id == it.c.space_id))
    found = found.join(above, above.c.descendant_id == it.c.space_id)
    found = found.where(up.c.descendant_id == space, above.c.ancestor_id == place.c.space_id)
    found = found.where(it.c.space_id != place.c.space_id)
    return found.correlate(place, *_outside(space)).exists()


def _outside(*columns: Any) -> list[FromClause]:
    """The tables that these columns belong to: what a subquery must not list again. A parameter belongs to none."""
    return [table for one in columns if (table := getattr(one, "table", None)) is not None]
