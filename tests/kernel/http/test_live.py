"""A real subscription of the core, over a real websocket: what is said is heard, and rights that end are felt."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
import websockets
from graphql import GraphQLError

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.http.asgi import SERVER, asgi
from hemicycle.participants.identity import sessions
from hemicycle.testing.world import World, open_world

HEARD = "subscription($space: ID!) { contributionPublished(space: $space) { title author { id } } }"


@pytest_asyncio.fixture
async def real(database_url: str) -> AsyncIterator[World]:
    """A world with samples, on SQLite and on PostgreSQL."""
    async with open_world(database_url) as made:
        yield made


@asynccontextmanager
async def listening(world: World, secret: str) -> AsyncIterator[Any]:
    """A websocket that listens to the open space, and a way to take the next message."""
    server = uvicorn.Server(uvicorn.Config(asgi(world.app), host="127.0.0.1", port=0, log_level="critical", **SERVER))
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110  (it tells nobody)
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with websockets.connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-transport-ws"]) as raw:  # type: ignore[list-item]

        async def hear() -> Any:
            async with asyncio.timeout(10):
                return json.loads(await raw.recv())

        init = {"type": "connection_init", "payload": {"authorization": f"Bearer {secret}"}}
        await raw.send(json.dumps(init))
        assert await hear() == {"type": "connection_ack"}
        asked = {"query": HEARD, "variables": {"space": world.gid("Space:OPEN")}}
        await raw.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        async with asyncio.timeout(10):
            while not world.app.broadcast._listeners:  # noqa: ASYNC110  (it tells nobody)
                await asyncio.sleep(0.01)
        yield hear
    server.should_exit = True
    await task


async def secret_of(world: World, who: str) -> str:
    """The secret of a new session."""
    async with world.app.write() as session:
        secret, _ = await sessions.begin(session, world.ids[f"Participant:{who}"], "BEARER")
    return secret


async def test_what_is_said_is_heard_by_whoever_may_read_it(real: World) -> None:
    async with listening(real, await secret_of(real, "member")) as hear:
        said = {"space": real.gid("Space:OPEN"), "text": "Words.", "kind": "IDEA"}
        for title, draft in (("First", False), ("Unsaid", True), ("Second", False)):
            answer = await real.change("contribute", "author", title=title, draft=draft, **said)
            assert answer["__typename"] == "Contribution", answer
        for title in ("First", "Second"):
            data = {"title": title, "author": {"id": real.gid("Participant:ACTIVE")}}
            heard = {"id": "1", "type": "next", "payload": {"data": {"contributionPublished": data}}}
            assert await hear() == heard


async def test_signing_out_elsewhere_is_felt(real: World) -> None:
    secret = await secret_of(real, "member")
    async with listening(real, secret) as hear:
        async with real.app.write() as session:
            await sessions.end(session, real.ids["Participant:member"])
        message = await hear()
        assert (message["id"], message["type"]) == ("1", "error")
        assert [one["extensions"]["code"] for one in message["payload"]] == ["SIGNED_OUT"]


async def test_signing_out_ends_what_that_session_listens_to_and_no_other(real: World) -> None:
    member = real.ids["Participant:member"]
    async with real.app.write() as session:
        (_, here), (_, there) = [await sessions.begin(session, member, "BEARER") for _ in range(2)]
    listen = real.app.broadcast.listen
    events = frozenset({"contribution.published"})
    async with (
        listen(events, Actor(member, session=here.id)) as ended,
        listen(events, Actor(member, session=there.id)) as other,
    ):
        async with real.app.write() as session:
            assert await sessions.end(session, member, only=here.id)
        said = {"space": real.gid("Space:OPEN"), "text": "Words.", "kind": "IDEA", "title": "It."}
        assert (await real.change("contribute", "author", **said))["__typename"] == "Contribution"
        async with asyncio.timeout(10):
            assert (await anext(other)).event == "contribution.published"
            with pytest.raises(GraphQLError, match="You signed out"):
                await anext(ended)
