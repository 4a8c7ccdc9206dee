"""A web application to knock at: the core, and a plugin with people, fields that fail, and a count to subscribe to."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
import strawberry
from graphql import GraphQLError
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from hemicycle.api import (
    Actor,
    Mutation,
    Query,
    RefusalCode,
    Refused,
    Routes,
    SchemaPart,
    Subscription,
    hookimpl,
)
from hemicycle.kernel.graphql import checks
from hemicycle.kernel.graphql.context import Info
from hemicycle.kernel.http.asgi import asgi
from hemicycle.kernel.http.rate_limits import RateLimits
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World, open_world

PEOPLE: dict[str, UUID] = {"ada": uuid4(), "grace": uuid4()}


def _of(kind: Any) -> Any:
    return Annotated[kind, strawberry.argument(description="An argument.")]


@strawberry.type
class OnQuery:
    @strawberry.field(description="Who asks.")
    def who(self, info: Info) -> str:
        return next((name for name, key in PEOPLE.items() if key == info.context.actor.id), "anyone")

    @strawberry.field(description="From where.")
    def address(self, info: Info) -> str:
        return info.context.address

    @strawberry.field(description="What was said, again.")
    def echo(self, text: _of(str), number: _of(int) = 1) -> str:
        return text * number

    @strawberry.field(description="What fails.")
    def fails(self, info: Info, how: _of(str)) -> str | None:
        raise {
            "unexpected": ValueError("no such table: core_secret in /srv/instance/models.py"),
            "unknown": GraphQLError("Secret words without a code"),
            "refused": Refused(RefusalCode.SIGN_IN_FIRST, "Sign in first."),
            "locked": OperationalError("INSERT INTO core_secret", {}, sqlite3.OperationalError("database is locked")),
            "full": OperationalError(
                "INSERT INTO core_secret", {}, sqlite3.OperationalError("database or disk is full")
            ),
            "lost": ConnectionRefusedError("127.0.0.1:5432"),
        }[how]

    @strawberry.field(description="Breaks its promise not to be null.")
    def never_null(self) -> str:
        return None  # type: ignore[return-value]


@strawberry.type
class OnMutation:
    @strawberry.mutation(description="Set a cookie, or delete it.")
    def bake(self, info: Info, value: _of(str | None) = None) -> bool:
        info.context.cookies["hemicycle"] = value
        return info.context.can_set_cookies


@strawberry.type
class OnSubscription:
    @strawberry.subscription(description="Count, and tell who listens.")
    async def count(self, info: Info, to: _of(int) = 3) -> AsyncIterator[int]:
        state = info.context.app.counting
        state.open += 1
        try:
            for number in range(to):
                await asyncio.sleep(0.01)
                if number == state.breaks_at:
                    raise ValueError("core_secret broke")
                yield number
        finally:
            state.open -= 1


class hemicycle_door:  # noqa: N801  (it stands for a module)
    """A plugin that knows people by their tokens."""

    tokens: dict[str, UUID] = {}
    calls: list[str] = []

    @staticmethod
    @hookimpl
    async def identify_actor(credential: str) -> Actor | None:
        if credential == "broken":
            raise ValueError("core_secret cannot be read")
        known = hemicycle_door.tokens.get(credential)
        return Actor(known) if known else None

    @staticmethod
    @hookimpl
    def extend_schema() -> SchemaPart:
        return SchemaPart(extend={Query: OnQuery, Mutation: OnMutation, Subscription: OnSubscription})

    @staticmethod
    @hookimpl
    def add_routes() -> list[Routes]:
        async def page(request: Request) -> Response:
            return PlainTextResponse(
                request.app.state.hemicycle.settings.name, headers={"Referrer-Policy": "no-referrer"}
            )

        async def broken(request: Request) -> Response:
            raise ValueError("core_secret in /srv/instance")

        return [Routes("door", [Route("/page", page), Route("/broken", broken)])]

    @staticmethod
    @hookimpl
    async def start_up() -> None:
        hemicycle_door.calls.append("start_up")

    @staticmethod
    @hookimpl
    async def shut_down() -> None:
        hemicycle_door.calls.append("shut_down")


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> type[hemicycle_door]:
    """The plugin, as new."""
    monkeypatch.setattr(hemicycle_door, "tokens", {f"token-of-{name}": key for name, key in PEOPLE.items()})
    monkeypatch.setattr(hemicycle_door, "calls", [])
    return hemicycle_door


@asynccontextmanager
async def opened(made: dict[str, Databases], factory: pytest.TempPathFactory, **settings: Any) -> AsyncIterator[World]:
    """A world with the plugin, on SQLite alone: what stands before the database does not depend on which it is.

    Its subscription and its mutation stand for real ones: the check that each declares its permission is off.
    """
    if "sqlite" not in made:
        made["sqlite"] = Databases("sqlite", factory.mktemp("sqlite"))
    with made["sqlite"].fresh() as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "_unguarded", lambda app: ())
        async with open_world(url, given=[hemicycle_door], samples=False, **settings) as world:
            yield world


@pytest_asyncio.fixture(scope="module")
async def usual(made_databases: dict[str, Databases], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One world with the usual settings for all tests of a module: nothing here is written."""
    async with opened(made_databases, tmp_path_factory) as world:
        yield world


@pytest.fixture
def chosen() -> dict[str, Any]:
    """Settings of the application: override it with `@pytest.mark.parametrize("chosen", [{…}])`."""
    return {}


@pytest_asyncio.fixture
async def world(
    door: Any,
    usual: World,
    chosen: dict[str, Any],
    made_databases: dict[str, Databases],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    """A world with the plugin and these settings, in which nobody has asked anything yet."""
    async with AsyncExitStack() as held:
        made = opened(made_databases, tmp_path_factory, **chosen)
        world = await held.enter_async_context(made) if chosen else usual
        world.app.counting = SimpleNamespace(open=0, breaks_at=None)  # type: ignore[attr-defined]
        world.app.rates = RateLimits(world.app.clock)
        yield world


class Client(httpx2.AsyncClient):
    """Asks in one word."""

    async def ask(
        self, document: str, /, *, headers: dict[str, str] | None = None, **variables: Any
    ) -> httpx2.Response:
        body = {"query": document, "variables": variables}
        return await self.post("/graphql", json=body, headers=headers)


@pytest_asyncio.fixture
async def client(world: World) -> AsyncIterator[Client]:
    """A client of the whole web application, at 192.0.2.7."""
    transport = httpx2.ASGITransport(app=asgi(world.app), client=("192.0.2.7", 4711), raise_app_exceptions=True)
    async with Client(transport=transport, base_url="http://instance.example") as made:
        yield made


@pytest.fixture
def until() -> Any:
    """`await until(lambda: …)`: wait for what another task does."""

    async def until(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110  (what is waited for tells nobody)
                await asyncio.sleep(0.01)

    return until


def bearer(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer token-of-{name}"}


@pytest.fixture
def signed_in() -> Any:
    """`signed_in("ada")`: the headers of someone with a token."""
    return bearer
