"""The policy of one application: declarations of roles and actions, turned into SQL predicates."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, Uuid, and_, bindparam, false, or_, select, true
from sqlmodel import SQLModel

from hemicycle.kernel.access.actor import ANYONE, Actor
from hemicycle.kernel.db.dialect import VIEWER, table_of
from hemicycle.kernel.declarations import Action, Criterion, Role, Supportable
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.graphql.sources import Mapping, Row

Test = ColumnElement[bool]
R = TypeVar("R", bound=SQLModel)


class Scopes(Protocol):
    """What the module that owns the tree of spaces tells the kernel."""

    def holds(self, roles: frozenset[str], scope: ColumnElement[Any] | None) -> Test:
        """The viewer has been granted one of `roles` in the space `scope` (None: the root) or above it."""

    def active(self, plugin: str, scope: ColumnElement[Any] | None) -> Test:
        """`plugin` is active in the space `scope` (None: the root) or above it."""

    def below(self, scope: ColumnElement[Any], above: ColumnElement[Any]) -> Test:
        """The space `scope` is `above`, or stands below it."""


@dataclass(frozen=True)
class Access:
    """Visibility, activation and permission, each one SQL predicate over (row, viewer)."""

    scopes: Scopes
    roles: Map[str, Role]
    actions: Map[str, Action]
    criteria: Map[str, Criterion]
    owners: Map[str, str]  # action -> the module that declares it
    mappings: Map[FromClause, Mapping]
    table_owners: Map[FromClause, str]
    types: Map[FromClause, str]  # table -> the name of its GraphQL type
    supportable: Sequence[Supportable]
    optional: frozenset[str]  # the plugins: they answer only where they are active
    questions: dict[tuple[Any, ...], Select[Any]] = field(default_factory=dict)  # written once: few, whoever asks

    def visible(self, mapping: Mapping, row: Row, seen_by: frozenset[str] = frozenset()) -> Test:
        """THE predicate: lists, counts, `node`, to-ones and search have no other way to a row.

        seen_by: plugins that look through it, at objects of theirs that do not say themselves where they live.
        """
        asking = seen_by | (self.optional & {self.table_owners[mapping.table]})
        tests: list[Test] = []
        if mapping.scope is not None:
            tests = [self.scopes.active(owner, row[mapping.scope]) for owner in sorted(asking)]
            asking = frozenset()
        if mapping.about is not None:
            seen = self._sees(row[mapping.about[0]], row[mapping.about[1]])
            tests.append(seen if mapping.own is None else or_(self._own(mapping, row), seen))
        if mapping.visible_through is None:  # and nobody is left to ask for: checked at start
            assert mapping.visible is not None
            return and_(mapping.visible(row), *tests)
        key, parent = mapping.visible_through
        other = self.mappings[table_of(parent)]
        through = other.table.alias()
        parents = select(1).where(through.c.id == row[key], self.visible(other, through.c, asking))
        return and_(parents.correlate(row[key].table).exists(), *tests)

    def _sees(self, type_name: ColumnElement[Any], key: ColumnElement[Any]) -> Test:
        """The viewer sees the object, of whatever type that may be supported, that two columns name."""
        ways: list[Test] = []
        for one in self.supportable:
            mapping = self.mappings[table_of(one.on)]
            it = mapping.table.alias()
            found = select(1).where(it.c.id == key, self.visible(mapping, it.c))
            ways.append(and_(type_name == one.name, found.correlate(key.table).exists()))
        return or_(false(), *ways)

    def active(self, owner: str, mapping: Mapping, row: Row) -> Test | None:
        """Whether the plugin `owner` is on where the row lives; None if that cannot be asked."""
        if owner not in self.optional or mapping.scope is None:
            return None
        return self.scopes.active(owner, row[mapping.scope])

    def may(self, name: str, mapping: Mapping, row: Row) -> Test:
        """Whether the viewer has this action on the row, whatever the row's state."""
        action = self.actions[name]
        ways: list[Test] = list(self._by_role(action, row[mapping.scope] if mapping.scope else None))
        if action.own:
            ways.append(self._own(mapping, row))
        tests = [or_(false(), *ways), *self._criteria(action)]
        if action.not_own:
            tests.append(self._own(mapping, row).is_not(true()))
        owner = self.owners[name]
        on = self.active(owner, mapping, row)
        if on is None and owner in self.optional and mapping.visible is not None:  # a row of no space, as a person is
            on = self.scopes.active(owner, None)
        return and_(*tests, true() if on is None else on)

    def acts_on(self, name: str, table: FromClause) -> Sequence[str] | None:
        """In which states of its rows the action may be done to this table (none: in all); None if not at all."""
        action = self.actions[name]
        if action.on is Supportable:
            return next((one.states for one in self.supportable if table_of(one.on) is table), None)
        return action.states if getattr(action.on, "__table__", None) is table else None

    def can(self, name: str, mapping: Mapping, row: Row) -> Test:
        """Whether the viewer may do it now: they have the action, and the row's state allows it."""
        may, states = self.may(name, mapping, row), self.acts_on(name, mapping.table)
        return and_(may, row.state.in_(list(states))) if states else may

    async def authorize(self, session: Any, actor: Actor, name: str, target: type[R], key: UUID | None, lock: str) -> R:
        """See `session.Session.authorize`."""
        if actor == ANYONE and key is None:  # nobody is signed in, and it is about whoever is
            self._refuse(actor, "")
        mapping = self.mappings[table_of(target)]
        if (states := self.acts_on(name, mapping.table)) is None:
            raise RuntimeError(f"the action {name} is not declared on {mapping.table}")
        asked = name, mapping.table, actor.system, lock
        if (question := self.questions.get(asked)) is None:  # to write it takes longer than to ask it
            question = self.questions.setdefault(asked, self._question(name, mapping, target, actor.system, lock))
        found = (await session.execute(question, {"viewer": actor.id, "asked": key})).one_or_none()
        if found is None:
            raise Refused(RefusalCode.NOT_FOUND, f"There is no {self._called(mapping)} under that id, or none for you.")
        if not found[1]:
            whose = ", and nobody has it on what is their own" if self.actions[name].not_own else ""
            self._refuse(actor, f"You may not do this here: it takes the action {name}{whose}.")
        if states and found[0].state not in states:
            allowed = ", ".join(states)
            raise Refused(
                RefusalCode.WRONG_STATE, f"This {self._called(mapping)} is {found[0].state}; {name} takes {allowed}."
            )
        row_: R = found[0]
        return row_

    def _question(self, name: str, mapping: Mapping, target: type[R], system: bool, lock: str) -> Select[Any]:
        """The row `asked`, if it is seen, and whether the viewer has the action there."""
        row = mapping.table.c
        question: Any = select(target, true() if system else self.may(name, mapping, row))
        question = question.where(row.id == bindparam("asked", type_=Uuid()))
        if not system:
            question = question.where(self.visible(mapping, row))
        locked: Select[Any] = question.with_for_update(read=lock == "share", key_share=lock == "change", of=target)
        return locked

    async def authorize_alone(self, session: Any, actor: Actor, name: str) -> None:
        """For an action on nothing: on the whole instance, where its plugin is active at the root."""
        if actor.system:
            return
        action, owner = self.actions[name], self.owners[name]
        tests = [or_(false(), *self._by_role(action, None)), *self._criteria(action)]
        if owner in self.optional:
            tests.append(self.scopes.active(owner, None))
        verdict = select(and_(*tests))
        if not (await session.execute(verdict, {"viewer": actor.id})).scalar_one():
            self._refuse(actor, f"You may not do this: it takes the action {name}.")

    def holding(self, roles: Iterable[str], scope: ColumnElement[Any] | None) -> Test:
        """The viewer has one of these roles, or one that includes it, in the space."""
        return or_(false(), *self._ways(frozenset(roles), scope))

    def wider(self, roles: Iterable[str]) -> frozenset[str]:
        """These roles and every role that includes one of them."""
        found = set(roles)
        while more := {one.name for one in self.roles.values() if found.intersection(one.includes)} - found:
            found |= more
        return frozenset(found)

    def _by_role(self, action: Action, scope: ColumnElement[Any] | None) -> Iterable[Test]:
        return self._ways(frozenset(action.roles), scope)

    def _ways(self, roles: frozenset[str], scope: ColumnElement[Any] | None) -> Iterable[Test]:
        every = self.wider(roles)
        implied = [test for name in sorted(every) if (test := self.roles[name].implied) is not None]
        granted = frozenset(name for name in every if self.roles[name].implied is None)
        yield from (test() for test in implied)
        if granted:
            yield self.scopes.holds(granted, scope)

    def _own(self, mapping: Mapping, row: Row) -> Test:
        assert mapping.own is not None  # checked at start
        return mapping.own(row) if callable(mapping.own) else row[mapping.own] == VIEWER

    def _criteria(self, action: Action) -> Iterable[Test]:
        for name, parameters in action.criteria:
            criterion = self.criteria[name]
            given = criterion.parameters(**parameters) if criterion.parameters else None
            yield criterion.test(VIEWER, given)

    def _called(self, mapping: Mapping) -> str:
        return spoken(self.types[mapping.table])

    def _refuse(self, actor: Actor, message: str) -> None:
        if actor.id is None:
            raise Refused(RefusalCode.SIGN_IN_FIRST, "Sign in first.")
        raise Refused(RefusalCode.NOT_ALLOWED, message)


def spoken(type_name: str) -> str:
    """What a person calls an object of this GraphQL type: `SupportTally` is a `support tally`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type_name).lower()
