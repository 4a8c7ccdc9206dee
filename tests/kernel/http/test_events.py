"""Server-sent events: subscriptions over plain HTTP."""

import asyncio
import json
from typing import Any

import pytest

from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.http import events
from hemicycle.kernel.http.asgi import asgi

EVENTS = {"Accept": "text/event-stream"}
EVERYTHING = {"Accept": "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"}


def heard(text: str) -> list[Any]:
    """(event, data) of each event, comments left out."""
    known = [dict(line.split(": ", 1) for line in event.split("\r\n")) for event in text.split("\r\n\r\n") if event]
    return [(one["event"], json.loads(one["data"]) if one["data"] else None) for one in known if "event" in one]


async def test_a_subscription_is_a_stream_of_events(client: Any, signed_in: Any) -> None:
    for accept in (EVENTS, EVERYTHING):
        response = await client.ask("subscription { count(to: 2) }", headers=signed_in("ada") | accept)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert heard(response.text) == [
            ("next", {"data": {"count": 0}}), ("next", {"data": {"count": 1}}), ("complete", None)
        ]  # fmt: skip


async def test_what_is_no_subscription_is_plain_for_whoever_takes_that(client: Any) -> None:
    response = await client.ask("{ who }", headers=EVERYTHING)
    assert response.headers["content-type"].startswith("application/graphql-response+json")
    response = await client.ask("{ who }", headers=EVENTS)
    assert heard(response.text) == [("next", {"data": {"who": "anyone"}}), ("complete", None)]


async def test_cookies_cannot_be_set_on_events(client: Any) -> None:
    response = await client.ask("mutation { bake }", headers=EVENTS)
    assert heard(response.text)[0] == ("next", {"data": {"bake": False}})
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    ("document", "code"), [("subscription { nope }", "VALIDATION_FAILED"), ("subscription {", "PARSE_FAILED")]
)
async def test_a_wrong_document_is_told_and_ends_the_stream(client: Any, document: str, code: str) -> None:
    response = await client.ask(document, headers=EVENTS)
    (first, answer), end = heard(response.text)
    assert (first, answer["errors"][0]["extensions"]["code"], end) == ("next", code, ("complete", None))
    assert "data" not in answer


async def test_a_stream_that_breaks_says_so_and_nothing_more(client: Any, world: Any) -> None:
    world.app.counting.breaks_at = 1
    response = await client.ask("subscription { count }", headers=EVENTS)
    assert [name for name, _ in heard(response.text)] == ["next", "next", "complete"]
    assert heard(response.text)[1][1]["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "core_secret" not in response.text


async def test_a_stream_ends_with_its_credential(client: Any, signed_in: Any, door: Any, world: Any) -> None:
    async def end() -> None:
        while not world.app.counting.open:  # noqa: ASYNC110  (what is waited for tells nobody)
            await asyncio.sleep(0)
        door.tokens.clear()
        world.clock.forward(minutes=1)

    ending = asyncio.create_task(end())
    response = await client.ask("subscription { count(to: 100000) }", headers=EVENTS | signed_in("ada"))
    await ending
    *_, (_, answer), last = heard(response.text)
    assert answer["errors"][0]["extensions"]["code"] == "SIGNED_OUT"
    assert last == ("complete", None)
    assert world.app.counting.open == 0


async def test_a_wrong_credential_is_refused_before_the_stream(client: Any) -> None:
    response = await client.ask("subscription { count }", headers=EVENTS | {"Authorization": "Bearer nobody"})
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("application/json")


async def test_a_get_starts_no_subscription(client: Any) -> None:
    for headers in (EVENTS, EVERYTHING):
        response = await client.get("/graphql", params={"query": "subscription { count }"}, headers=headers)
        assert "BAD_REQUEST" in response.text
        assert '"count"' not in response.text


async def test_silence_is_broken_by_comments(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events.TRANSPORT, "heartbeat_interval", 0.001)
    response = await client.ask("subscription { count(to: 5) }", headers=EVENTS)
    assert ": alive\r\n\r\n" in response.text
    assert len(heard(response.text)) == 6


async def _open(
    world: Any, web: Any, said: list[Any], headers: list[tuple[bytes, bytes]], *, blocked: bool = False
) -> None:
    """Hold a stream open, and keep what is said, until it is cancelled. blocked: the client reads nothing."""
    body = json.dumps({"query": "subscription { count(to: 100000) }"}).encode()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/graphql",
        "raw_path": b"/graphql", "query_string": b"", "root_path": "", "scheme": "http", "server": ("here", 80),
        "client": ("192.0.2.7", 1),
        "headers": [(b"content-type", b"application/json"), (b"accept", b"text/event-stream"), *headers],
    }  # fmt: skip
    given = [{"type": "http.request", "body": body}]

    async def receive() -> Any:
        return given.pop() if given else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        said.append(message)
        if blocked and message["type"] == "http.response.body":
            await asyncio.Event().wait()

    await web(scope, receive, send)


async def test_whoever_leaves_stops_their_stream_and_frees_their_place(world: Any, until: Any) -> None:
    web, said = asgi(world.app), list[Any]()
    ada = [(b"authorization", b"Bearer token-of-ada")]
    tasks = [asyncio.create_task(_open(world, web, [], ada)) for _ in range(LIMITS.streams)]
    await until(lambda: world.app.counting.open == LIMITS.streams)
    await _open(world, web, said, ada)  # one too many ends at once
    assert said[0]["status"] == 429
    assert b"TOO_MANY_SUBSCRIPTIONS" in said[1]["body"]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert world.app.counting.open == 0
    again = asyncio.create_task(_open(world, web, [], ada))
    await until(lambda: world.app.counting.open == 1)
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)


async def test_whoever_leaves_without_reading_leaves_nothing_open(world: Any, until: Any) -> None:
    said: list[Any] = []
    task = asyncio.create_task(_open(world, asgi(world.app), said, [], blocked=True))
    await until(lambda: len(said) == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert world.app.counting.open == 0
