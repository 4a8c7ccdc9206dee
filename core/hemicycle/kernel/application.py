"""One application: modules put together over one database. Nothing of it is global."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from types import ModuleType
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy.exc import StatementError
from strawberry.types import ExecutionResult
from strawberry.types.base import StrawberryContainer

from hemicycle.kernel import idempotency
from hemicycle.kernel.access.actor import ANYONE, Actor
from hemicycle.kernel.access.choices import chosen
from hemicycle.kernel.access.policy import Access
from hemicycle.kernel.clock import Clock
from hemicycle.kernel.db.engine import Database, async_url
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.db.types import NotKept
from hemicycle.kernel.declarations import Action, Criterion, Event, Role, Supportable
from hemicycle.kernel.errors import StartupError, invalid
from hemicycle.kernel.events.broadcast import Broadcast
from hemicycle.kernel.graphql.checking import Checking, Documents
from hemicycle.kernel.graphql.checks import check
from hemicycle.kernel.graphql.compose import ComposedSchema
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.install import install
from hemicycle.kernel.graphql.limits import CONFIG
from hemicycle.kernel.graphql.pacing import Pacing
from hemicycle.kernel.graphql.parts import SchemaPart, members, resolved
from hemicycle.kernel.graphql.resolve import Resolving
from hemicycle.kernel.graphql.roots import Mutation, Query, Subscription, abilities_part, kernel_part
from hemicycle.kernel.graphql.sources import Mapping, mapping_of
from hemicycle.kernel.graphql.statements import Writer
from hemicycle.kernel.http.rate_limits import RateLimits
from hemicycle.kernel.mail import Mailer, mailer_for
from hemicycle.kernel.observability.observer import Observer
from hemicycle.kernel.outbound.client import Client, Outbound
from hemicycle.kernel.plugins import Plugins
from hemicycle.kernel.search.graphql import search_part
from hemicycle.kernel.settings import Settings

PLANS = 100  # of one document


class Application:
    """The modules of the core and the enabled plugins, their policy, their schema, and the database."""

    def __init__(
        self,
        settings: Settings,
        core: Sequence[ModuleType],
        given: Sequence[Any] = (),
        *,
        clock: Clock | None = None,
        mailer: Mailer | None = None,
        outbound: Outbound | None = None,
    ) -> None:
        """core: the core's modules, lowest first. given: plugins that are not installed (tests)."""
        self.plugins = Plugins(core, settings.plugins, given)
        self.declared = self.plugins.declarations()
        self.declared.add("kernel", idempotency.FORGET)
        self.attach(settings, clock=clock, mailer=mailer, outbound=outbound)
        parts = {"kernel": kernel_part(self.declared), "search": search_part(self.declared)}
        parts |= dict(self.plugins.ask("extend_schema", declared=self.declared))
        parts = resolved(parts)
        self._read_types(parts)
        parts["abilities"] = abilities_part(self.types, self.declared)
        self.access = self._policy()
        self.schema = ComposedSchema(
            parts,
            query=Query,
            mutation=Mutation,
            subscription=Subscription,
            extensions=[partial(Checking, Documents())],
            config=CONFIG,
        )
        self.writer = Writer(self.access, self.db.dialect)
        check(self)
        install(self)

    def attach(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        mailer: Mailer | None = None,
        outbound: Outbound | None = None,
    ) -> None:
        """Work with this database, clock and world outside from now on; what is composed stays.

        A restore does it, and tests again and again: the database must be of the same kind, and the plugins and actions
        the same. Of a database at the same address, what its engines have compiled stays too.
        """
        self.settings, self.clock = settings, clock or Clock()
        self.observer = Observer(settings)
        self.mailer = mailer or mailer_for(settings)
        self.outbound: Outbound = outbound or Client(settings.outbound.trusted, span=self.observer.span)
        self.plugin_settings = {name: self._settings_of(name) for name in self.plugins.loaded}
        known = getattr(self, "db", None)
        self.db = known if known and known.url == async_url(settings.database_url) else Database(settings.database_url)
        self.observer.watch(self.db)
        self.broadcast = Broadcast(self)
        self.rates, self.pacing = RateLimits(self.clock), Pacing()

    @asynccontextmanager
    async def started(self, *, worker: bool = False) -> AsyncIterator[None]:
        """While it serves or works (as a worker): plugins start up before that, and shut down after it."""
        try:
            await self.plugins.tell("start_up", app=self)
            async with self.observer.running(worker=worker):
                yield
        finally:
            await self.plugins.tell("shut_down", app=self)

    async def close(self) -> None:
        """Let go of the database."""
        await self.broadcast.close()
        await self.db.close()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """One transaction: committed when the block ends, undone when it raises. Then what was recorded is told."""
        try:
            async with self.db.turn(), Session(self) as session, session.begin():
                yield session
                await session.flush()
                await self.broadcast.announce(session)
        except StatementError as error:
            if isinstance(error.orig, NotKept):
                raise invalid(error.orig.column or "value", str(error.orig)) from None
            if isinstance(error.orig, ValueError):  # another type refused what it was given
                raise invalid("value", f"A value cannot be kept: {error.orig}.") from None
            raise
        self.broadcast.committed()

    def planned(self, info: Resolving, name: str, plan: Callable[[], Any]) -> Any:
        """The plan of these nodes, kept as long as their document is: @skip and @include are part of its key."""
        plans, variables = info.context.plans, cast("dict[str, Any]", info.variable_values)
        flags = frozenset((key, one) for key, one in variables.items() if isinstance(one, bool))
        key = (tuple(map(id, info.field_nodes)), name, flags)
        if key not in plans:
            if len(plans) >= PLANS:
                plans.clear()
            with self.observer.span("graphql.plan"):
                plans[key] = plan()
        return plans[key]

    async def execute(self, document: str, actor: Actor = ANYONE, **variables: Any) -> ExecutionResult:
        """Answer a document as this actor, without HTTP: for commands and tests."""
        return await self.schema.execute(document, variables, context_value=Context(self, actor))

    def type_of(self, declared: MappedField) -> type:
        """The type that a field's author annotated it with, bare of lists and nulls."""
        known: Any = self._annotated(declared)
        while isinstance(known, StrawberryContainer):
            known = known.of_type
        return cast("type", known)

    def public_events(self) -> list[Event]:
        """The events that are told in the activity of their space."""
        return [one for one in self.declared[Event].values() if one.public]

    def _annotated(self, declared: MappedField) -> Any:
        known = declared.type
        members = getattr(known, "types", None)  # a mutation's union: what it answers with comes first
        return members[0] if members else known

    def _settings_of(self, name: str) -> Any:
        kind, given = self.plugins.loaded[name].info.settings, self.settings.plugin.get(name, {})
        if kind is None and given:
            raise StartupError(f"settings: plugin.{name}: it takes no settings: remove {', '.join(given)}")
        try:
            return kind(**given) if kind else None
        except ValidationError as error:
            wrong = (f"plugin.{name}.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise StartupError("\n".join(f"settings: {one}: correct it" for one in wrong)) from None

    def _read_types(self, parts: dict[str, SchemaPart]) -> None:
        self.types: dict[str, type] = {}
        self.table_owners: dict[Any, str] = {}
        self.table_types: dict[Any, str] = {}
        self.member_owners: dict[tuple[str, str], str] = {}
        for owner, part in parts.items():
            for one in part.types:
                if not hasattr(one, "__mapping__"):
                    continue
                table = mapping_of(one).table
                if (first := self.types.get(one.__name__)) is not None:
                    known = self.table_owners[mapping_of(first).table]
                    raise StartupError(f"{owner} and {known} both own a type {one.__name__}: rename one")
                if table in self.table_owners:
                    raise StartupError(
                        f"{owner}: {table} is mapped by {self.table_types[table]} already: one type a table"
                    )
                self.types[one.__name__] = one
                self.table_owners[table], self.table_types[table] = owner, one.__name__
            for target, extension in part.extend.items():
                for member in members(extension):
                    self.member_owners[target.__name__, member] = owner
        self.names = {one: name for name, one in self.types.items()}
        self.mappings: dict[Any, Mapping] = {mapping_of(one).table: mapping_of(one) for one in self.types.values()}
        (self.scope_mapping,) = (one for one in self.mappings.values() if one.scope == "id")  # the type of spaces

    def _policy(self) -> Access:
        (_, scopes), *_ = self.plugins.ask("provide_scopes")
        return Access(
            scopes=scopes,
            roles=self.declared[Role],
            actions=chosen(self.declared, self.settings),
            criteria=self.declared[Criterion],
            owners={name: self.declared.owner_of(one) for name, one in self.declared[Action].items()},
            mappings=self.mappings,
            table_owners=self.table_owners,
            types=self.table_types,
            supportable=tuple(self.declared[Supportable].values()),
            optional=self.plugins.optional,
        )
