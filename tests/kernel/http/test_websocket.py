"""graphql-transport-ws, as a client sees it: a real server on a free port, and the client of `websockets`."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
import websockets

from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.http.asgi import SERVER, asgi
from hemicycle.kernel.http.guard import MINUTE
from hemicycle.testing.world import World
from tests.kernel.http.sockets import Socket

PROTOCOL = "graphql-transport-ws"
LONG = "subscription { count(to: 100000) }"


@pytest_asyncio.fixture
async def server(world: World) -> AsyncIterator[str]:
    """The address of a running server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(asgi(world.app), host="127.0.0.1", port=port, log_level="critical", **SERVER)
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:
        assert not task.done(), task
        await asyncio.sleep(0.01)
    yield f"ws://127.0.0.1:{port}/graphql"
    running.should_exit = True
    await task


@pytest.fixture
def connect(server: str) -> Any:
    """`async with connect() as ws`: a new connection."""

    @asynccontextmanager
    async def connect(protocols: list[str] | None = None, query: str = "", **headers: str) -> AsyncIterator[Socket]:
        wanted: Any = [PROTOCOL] if protocols is None else protocols
        async with websockets.connect(
            server + query, subprotocols=wanted or None, additional_headers=headers, close_timeout=2, max_size=2**24
        ) as raw:
            yield Socket(raw)

    return connect


async def test_the_subprotocol_is_agreed_upon(connect: Any) -> None:
    async with connect(["foo", PROTOCOL]) as ws:
        assert ws.raw.subprotocol == PROTOCOL


@pytest.mark.parametrize("protocols", [[], ["foo"], ["graphql-ws"]])
async def test_another_subprotocol_is_closed(connect: Any, protocols: list[str]) -> None:
    async with connect(protocols) as ws:
        assert ws.raw.subprotocol is None
        assert await ws.closed() == 4406


async def test_init_is_acknowledged(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
    async with connect() as ws:
        await ws.begin(other="things")


async def test_ping_is_answered_also_before_init(connect: Any) -> None:
    async with connect() as ws:
        await ws.say({"type": "ping"})
        assert await ws.hear() == {"type": "pong"}
        await ws.begin()
        await ws.say({"type": "ping", "payload": {"any": "thing"}})
        assert await ws.hear() == {"type": "pong"}


async def test_pong_is_ignored(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.say({"type": "pong"})
        await ws.say({"type": "ping"})
        assert await ws.hear() == {"type": "pong"}


async def test_a_second_init_closes(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.say({"type": "connection_init"})
        assert await ws.closed() == 4429


async def test_no_init_closes(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(LIMITS), "init_seconds", 0.1)
    async with connect() as ws:
        await ws.say({"type": "ping"})
        assert await ws.closed() == 4408


async def test_nothing_is_answered_before_init(connect: Any, world: Any) -> None:
    async with connect() as ws:
        await ws.ask(LONG)
        assert await ws.closed() == 4401
    assert world.app.counting.open == 0


WRONG: list[Any] = [
    "not json", "", "1", "[]", "null", b"\x00\x01", {"no": "type"}, {"type": "nope"}, {"type": ["ping"]}, "[" * 100_000,
    {"type": "subscribe"}, {"type": "subscribe", "id": "1"}, {"type": "subscribe", "id": "1", "payload": []},
    {"type": "subscribe", "id": 1, "payload": {"query": "{ who }"}},
    {"type": "subscribe", "id": "", "payload": {"query": "{ who }"}},
    {"type": "subscribe", "id": "1", "payload": {}}, {"type": "subscribe", "id": "1", "payload": {"query": 1}},
    {"type": "subscribe", "id": "1", "payload": {"query": "{ who }", "variables": [1]}},
    {"type": "subscribe", "id": "1", "payload": {"query": "{ who }", "operationName": 1}},
    {"type": "subscribe", "id": "x" * 256, "payload": {"query": "{ who }"}},
]  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
async def test_a_message_that_is_none_closes(connect: Any, message: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.say(message)
        assert await ws.closed() == 4400


@pytest.mark.parametrize("payload", [[], "Bearer token-of-ada", {"authorization": 1}])
async def test_a_wrong_payload_of_init_closes(connect: Any, payload: Any) -> None:
    async with connect() as ws:
        await ws.say({"type": "connection_init", "payload": payload})
        assert await ws.closed() == 4400


async def test_a_message_that_is_too_large_closes(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.ask("{ who }", text="x" * LIMITS.body)
        assert await ws.closed() == 1009


async def test_a_subscription_runs_to_its_end(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.ask("subscription { count(to: 3) }")
        heard = await ws.all()
    assert [one["payload"] for one in heard[:-1]] == [{"data": {"count": number}} for number in range(3)]
    assert heard[-1] == {"id": "1", "type": "complete"}


async def test_queries_and_mutations_are_answered_once_and_free_their_id(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        for query, data in (("{ who }", {"who": "anyone"}), ("mutation { bake }", {"bake": False})):
            await ws.ask(query)
            assert await ws.all() == [
                {"id": "1", "type": "next", "payload": {"data": data}}, {"id": "1", "type": "complete"}
            ]  # fmt: skip


async def test_a_known_id_closes(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.ask(LONG)
        await ws.ask(LONG)
        assert await ws.closed() == 4409


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nope }", "VALIDATION_FAILED"),
        ("subscription {", "PARSE_FAILED"),
        ("subscription { count(to: 1) " + "count " * 1000 + "}", "TOO_MANY_TOKENS"),
        ("subscription($n: Int!) { count(to: $n) }", "BAD_VARIABLES"),
        ("fragment A on Query { who }", "BAD_REQUEST"),
    ],
)
async def test_a_document_that_cannot_be_answered_is_an_error_and_no_end(connect: Any, query: str, code: str) -> None:
    async with connect() as ws:
        await ws.begin()
        assert await ws.refused(query) == code
        await ws.ask("{ who }")
        assert (await ws.all())[0]["payload"] == {"data": {"who": "anyone"}}


async def test_an_error_of_a_field_comes_with_the_data(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.ask('{ who fails(how: "unexpected") }')
        (answer, end) = await ws.all()
    assert (answer["payload"]["data"], end["type"]) == ({"who": "anyone", "fails": None}, "complete")
    assert answer["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "core_secret" not in json.dumps(answer)


async def test_a_stream_that_breaks_ends_in_an_error(connect: Any, world: Any) -> None:
    world.app.counting.breaks_at = 2
    async with connect() as ws:
        await ws.begin()
        await ws.ask(LONG)
        heard = await ws.all()
    assert [one["type"] for one in heard] == ["next", "next", "error"]
    assert heard[-1]["payload"][0]["extensions"]["code"] == "INTERNAL"
    assert "core_secret" not in json.dumps(heard)


async def test_complete_stops_a_subscription(connect: Any, world: Any, until: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.ask(LONG)
        assert (await ws.hear())["type"] == "next"
        await ws.say({"id": "1", "type": "complete"})
        await until(lambda: world.app.counting.open == 0)
        await ws.ask("{ who }", "2")
        heard = await ws.all("2")
        assert [one["type"] for one in heard] == ["next", "complete"]
        await ws.say({"type": "ping"})
        assert await ws.hear() == {"type": "pong"}  # and nothing of the first


async def test_an_unknown_complete_is_ignored(connect: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        await ws.say({"id": "zz", "type": "complete"})
        await ws.say({"type": "ping"})
        assert await ws.hear() == {"type": "pong"}


async def test_leaving_stops_every_subscription(connect: Any, world: Any, until: Any) -> None:
    async with connect() as ws:
        await ws.begin()
        for number in range(3):
            await ws.ask(LONG, str(number))
        await until(lambda: world.app.counting.open == 3)
    await until(lambda: world.app.counting.open == 0)


async def test_operations_at_once_are_bounded(connect: Any, world: Any) -> None:
    """N7: of 2,000 subscriptions, a few live."""
    async with connect() as ws:
        await ws.begin()
        for number in range(2000):
            await ws.ask(LONG, str(number))
        errors: set[str] = set()
        while len(errors) < 2000 - LIMITS.operations:
            message = await ws.hear()
            if message["type"] == "error":
                assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
                errors.add(message["id"])
        assert world.app.counting.open <= LIMITS.operations


async def test_each_operation_is_counted(connect: Any, world: Any) -> None:
    """N8: what guards HTTP guards websockets."""
    most = world.app.settings.limits.requests_per_minute
    async with connect() as ws:
        await ws.begin()
        assert world.app.rates.allow("requests 127.0.0.1", most, MINUTE, most - 1)
        assert await ws.refused("{ who }") == "RATE_LIMITED"


async def test_a_token_of_init_says_who_asks(connect: Any) -> None:
    for payload in ({"authorization": "Bearer token-of-ada"}, {"Authorization": "bearer token-of-ada"}):
        async with connect() as ws:
            await ws.begin(**payload)
            await ws.ask("{ who }")
            assert (await ws.all())[0]["payload"] == {"data": {"who": "ada"}}


async def test_a_token_or_a_cookie_of_the_handshake_says_who_asks(connect: Any) -> None:
    for headers in ({"Authorization": "Bearer token-of-ada"}, {"Cookie": "hemicycle=token-of-ada"}):
        async with connect(**headers) as ws:
            await ws.begin()
            await ws.ask("{ who }")
            assert (await ws.all())[0]["payload"] == {"data": {"who": "ada"}}


@pytest.mark.parametrize("said", ["Bearer nobody", "token-of-ada", "Basic token-of-ada", ""])
async def test_a_token_that_is_not_valid_closes(connect: Any, said: str) -> None:
    async with connect() as ws:
        await ws.say({"type": "connection_init", "payload": {"authorization": said}})
        assert await ws.closed() == 4403
        assert ws.raw.close_reason.startswith("UNAUTHENTICATED")


async def test_a_token_and_a_cookie_close(connect: Any) -> None:
    async with connect(Cookie="hemicycle=token-of-ada") as ws:
        await ws.say({"type": "connection_init", "payload": {"authorization": "Bearer token-of-ada"}})
        assert await ws.closed() == 4403


async def test_a_failure_while_it_begins_says_nothing_of_itself(connect: Any) -> None:
    async with connect() as ws:
        await ws.say({"type": "connection_init", "payload": {"authorization": "Bearer broken"}})
        assert await ws.closed() == 1011
        assert "core_secret" not in ws.raw.close_reason


async def test_each_operation_asks_anew_who_it_is(connect: Any, door: Any) -> None:
    async with connect() as ws:
        await ws.begin(authorization="Bearer token-of-ada")
        door.tokens.clear()
        assert await ws.refused("{ who }") == "UNAUTHENTICATED"


async def test_a_stream_ends_with_its_credential(connect: Any, door: Any, world: Any, until: Any) -> None:
    async with connect() as ws:
        await ws.begin(authorization="Bearer token-of-ada")
        await ws.ask(LONG)
        world.clock.forward(minutes=1)
        assert (await ws.hear())["type"] == "next"  # still valid
        door.tokens.clear()
        world.clock.forward(minutes=1)
        heard = await ws.all()
        assert [one["extensions"]["code"] for one in heard[-1]["payload"]] == ["SIGNED_OUT"]
        await until(lambda: world.app.counting.open == 0)


async def test_a_token_in_the_address_is_refused(connect: Any) -> None:
    with pytest.raises(websockets.InvalidStatus, match="403"):
        async with connect(query="?token=token-of-ada"):
            pass


@pytest.mark.parametrize("chosen", [{"cors_origins": ["https://front.example"]}])
@pytest.mark.parametrize(
    ("origin", "may"),
    [
        ("https://front.example", True),
        ("here", True),
        ("https://evil.example", False),
        ("null", False),
        ("http://127.0.0.1:1", False),
        ("https://front.example.evil.example", False),
        ("https://sub.front.example", False),
    ],
)
async def test_a_page_of_another_site_does_not_connect(connect: Any, server: str, origin: str, may: bool) -> None:
    headers = {"Origin": server.removesuffix("/graphql").replace("ws:", "http:") if origin == "here" else origin}
    if may:
        async with connect(**headers) as ws:
            await ws.begin()
        return
    with pytest.raises(websockets.InvalidStatus, match="403"):
        async with connect(**headers):
            pass


async def test_connections_of_one_person_are_bounded(connect: Any) -> None:
    async with AsyncExitStack() as open_:
        for _ in range(LIMITS.streams):
            ws = await open_.enter_async_context(connect())
            await ws.begin(authorization="Bearer token-of-ada")
        async with connect() as one_more:
            await one_more.say({"type": "connection_init", "payload": {"authorization": "Bearer token-of-ada"}})
            assert await one_more.closed() == 4403
            assert one_more.raw.close_reason.startswith("TOO_MANY_SUBSCRIPTIONS")
        async with connect() as other:
            await other.begin(authorization="Bearer token-of-grace")
    async with connect() as later:
        await later.begin(authorization="Bearer token-of-ada")
