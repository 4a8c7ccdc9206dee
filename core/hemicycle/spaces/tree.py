"""Where roles and activations hold: in a space and all that stands below it. This is what the policy is made of."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from hemicycle.kernel.db.dialect import VIEWER, table_of
from hemicycle.kernel.graphql.sources import Row
from hemicycle.spaces.models import ActivationRow, RoleRow, SpaceRow, SpaceTree

Test = ColumnElement[bool]
tree, spaces, roles_, activations = map(table_of, (SpaceTree, SpaceRow, RoleRow, ActivationRow))
STAFF = ("moderator", "steward", "administrator")


def holds(roles: frozenset[str], scope: ColumnElement[Any] | None) -> Test:
    """The viewer has been granted one of these roles in the space `scope` (None: the root) or above it."""
    if scope is not None:
        mine: Callable[[Row], Test] = lambda it: it.participant_id == VIEWER  # noqa: E731
        return _above(scope, roles_, "space_id", mine, lambda it: it.role.in_(sorted(roles)))
    it, root = roles_.alias(), spaces.alias()
    found = select(1).select_from(it.join(root, root.c.id == it.c.space_id)).where(root.c.parent_id.is_(None))
    return found.where(it.c.participant_id == VIEWER, it.c.role.in_(sorted(roles))).exists()


def active(plugin: str, scope: ColumnElement[Any] | None) -> Test:
    """The plugin is on in this space (None: the root) or above it."""
    if scope is None:
        it, root = activations.alias(), spaces.alias()
        found = select(1).select_from(it.join(root, root.c.id == it.c.space_id)).where(root.c.parent_id.is_(None))
        return found.where(it.c.plugin == plugin).exists()
    return _above(scope, activations, "space_id", lambda it: it.plugin == plugin)


def below(scope: ColumnElement[Any], above: ColumnElement[Any]) -> Test:
    """The space `scope` is `above`, or stands below it."""
    it = tree.alias()
    return select(1).where(it.c.descendant_id == scope, it.c.ancestor_id == above).exists()


def under(scope: ColumnElement[Any], above: ColumnElement[Any]) -> Test:
    """The same, as a list of descendants: for pages of a whole subtree."""
    it = tree.alias()
    found = select(it.c.descendant_id).where(it.c.ancestor_id == above)
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


def _above(scope: ColumnElement[Any], table: Any, key: str, *tests: Callable[[Row], Test]) -> Test:
    """Something of `table` that stands on this space or on one above it."""
    up, it = tree.alias(), table.alias()
    # A written JOIN: inside LATERAL, SQLAlchemy takes commas and WHERE for a cartesian product.
    found = select(1).select_from(up.join(it, it.c[key] == up.c.ancestor_id))
    within = getattr(scope, "table", None)
    found = found.where(up.c.descendant_id == scope, *(test(it.c) for test in tests))
    return found.correlate(within).exists() if within is not None else found.exists()
