"""Where roles and activations hold: in a space and all that stands below it. This is what the policy is made of."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from hemicycle.kernel.db.dialect import VIEWER, table_of
from hemicycle.kernel.graphql.sources import Row
from hemicycle.spaces.models import ActivationRow, RoleRow, SpaceRow, SpaceTree

Test = ColumnElement[bool]
tree, spaces, roles_, activations = map(table_of, (SpaceTree, SpaceRow, RoleRow, ActivationRow))
STAFF = ("moderator", "steward", "administrator")

# What a subquery of this module reads. Each is made once: to name the columns of a table anew for every predicate takes
# longer than all the rest of it. No subquery here holds another, so none takes its own table for one around it.
UP, ROOT = tree.alias("up"), spaces.alias("root")
ITS = {table: table.alias() for table in (spaces, roles_, activations)}


def holds(roles: frozenset[str], scope: ColumnElement[Any] | None) -> Test:
    """The viewer has been granted one of these roles in the space `scope` (None: the root) or above it."""
    if scope is not None:
        mine: Callable[[Row], Test] = lambda it: it.participant_id == VIEWER  # noqa: E731
        return _above(scope, roles_, "space_id", mine, lambda it: it.role.in_(sorted(roles)))
    it = ITS[roles_]
    return _at_root(roles_).where(it.c.participant_id == VIEWER, it.c.role.in_(sorted(roles))).exists()


def active(plugin: str, scope: ColumnElement[Any] | None) -> Test:
    """The plugin is on in this space (None: the root) or above it."""
    if scope is None:
        return _at_root(activations).where(ITS[activations].c.plugin == plugin).exists()
    return _above(scope, activations, "space_id", lambda it: it.plugin == plugin)


def below(scope: ColumnElement[Any], above: ColumnElement[Any]) -> Test:
    """The space `scope` is `above`, or stands below it."""
    return select(1).where(UP.c.descendant_id == scope, UP.c.ancestor_id == above).exists()


def under(scope: ColumnElement[Any], above: ColumnElement[Any]) -> Test:
    """The same, as a list of descendants: for pages of a whole subtree."""
    found = select(UP.c.descendant_id).where(UP.c.ancestor_id == above)
    around = getattr(above, "table", None)  # a value has none
    return scope.in_(found if around is None else found.correlate(around))


def readable(scope: ColumnElement[Any]) -> Test:
    """Nothing here or above is kept for members, or the viewer is one; nothing is a draft, or they prepare it."""
    closed = _above(scope, spaces, "id", lambda it: it.access == "MEMBERS")
    draft = _above(scope, spaces, "id", lambda it: it.state == "DRAFT")
    steward = holds(frozenset({"steward", "administrator"}), scope)
    return (~closed | invited(scope)) & (~draft | steward)


def invited(scope: ColumnElement[Any]) -> Test:
    """Someone gave the viewer a role here or above. Joining a public space opens nothing that is closed below."""

    def given(it: Row) -> Test:
        asked = (it.role == "member") & it.granted_by_id.is_distinct_from(it.participant_id)
        return and_(it.participant_id == VIEWER, or_(asked, it.role.in_(STAFF)))

    return _above(scope, roles_, "space_id", given)


def _at_root(table: Table) -> Select[Any]:
    """What of `table` stands on the root."""
    it = ITS[table]
    return select(1).select_from(it.join(ROOT, ROOT.c.id == it.c.space_id)).where(ROOT.c.parent_id.is_(None))


def _above(scope: ColumnElement[Any], table: Table, key: str, *tests: Callable[[Row], Test]) -> Test:
    """Something of `table` that stands on this space or on one above it."""
    it = ITS[table]
    # A written JOIN: inside LATERAL, SQLAlchemy takes commas and WHERE for a cartesian product.
    found = select(1).select_from(UP.join(it, it.c[key] == UP.c.ancestor_id))
    within = getattr(scope, "table", None)
    found = found.where(UP.c.descendant_id == scope, *(test(it.c) for test in tests))
    return found.correlate(within).exists() if within is not None else found.exists()
