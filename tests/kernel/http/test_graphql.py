"""GraphQL over HTTP: media types, statuses, methods, bodies. (The public audit runs among the judges.)"""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hemicycle.kernel.graphql.errors import CODES
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.http.asgi import asgi
from hemicycle.testing.world import World

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"


def code(response: Any) -> str:
    """The code of the first error; each error of every answer has a documented one."""
    errors = response.json()["errors"]
    assert all(one["extensions"]["code"] in CODES for one in errors)
    return errors[0]["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{JSON};q=0.9, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.1, {JSON};q=0.9", JSON),
        (f"{GRAPHQL}, {JSON}, {EVENTS}, multipart/mixed", GRAPHQL),
        ("text/html, */*;q=0.8", JSON),
        (f"{GRAPHQL}; charset=utf-8", GRAPHQL),
    ],
)
async def test_the_client_chooses_the_media_type(client: Any, accept: str | None, answered: str) -> None:
    if accept is None:
        del client.headers["accept"]
    response = await client.ask("{ who }", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.headers["content-type"]) == (200, f"{answered}; charset=utf-8")
    assert response.json() == {"data": {"who": "anyone"}}


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{JSON};q=0", f"{JSON};q=nonsense"])
async def test_an_answer_that_nobody_takes_is_refused(client: Any, accept: str) -> None:
    response = await client.ask("{ who }", headers={"Accept": accept})
    assert (response.status_code, code(response)) == (406, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"query": "{ who"}, "PARSE_FAILED"),
        ({"query": "{ nobody }"}, "VALIDATION_FAILED"),
        ({"query": 'query($n: Int!) { echo(text: "a", number: $n) }', "variables": {"n": "b"}}, "BAD_VARIABLES"),
        ({"query": 'query($n: Int!) { echo(text: "a", number: $n) }'}, "BAD_VARIABLES"),
        ({"query": "{ who }" + " who" * 2000}, "PARSE_FAILED"),
    ],
)
async def test_a_wrong_document_has_the_status_of_its_media_type(client: Any, body: Any, wrong: str) -> None:
    for media, status in ((JSON, 200), (GRAPHQL, 400)):
        response = await client.post("/graphql", json=body, headers={"Accept": media})
        assert (response.status_code, code(response)) == (status, wrong)
        assert "data" not in response.json()
        assert response.headers["cache-control"] == "no-store"


async def test_an_error_of_a_field_leaves_the_rest(client: Any) -> None:
    response = await client.ask('{ who fails(how: "unexpected") }', headers={"Accept": GRAPHQL})
    assert response.status_code == 200
    assert response.json()["data"] == {"who": "anyone", "fails": None}


async def test_a_null_that_may_not_be_is_our_fault_and_still_a_result(client: Any) -> None:
    response = await client.ask("{ neverNull }", headers={"Accept": GRAPHQL})
    assert (response.status_code, response.json()["data"], code(response)) == (200, None, "INTERNAL")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"1", b'"{ who }"', b"{}", b'{"query": null}', b'{"query": ""}', b'{"query": " "}',
        b'{"query": 1}', b'{"query": "{ who }", "variables": 1}', b'{"query": "{ who }", "variables": []}',
        b'{"query": "{ who }", "extensions": "no"}', b'{"query": "{ who }", "operationName": 1}',
        b'{"query": "{ who }", "operationName": "Other"}', b'{"query": "fragment A on Query { who }"}',
        b'{"query": "{ echo(text: \\"\\ud800\\") }"}', b"\xef\xbb\xbf{}", b'{"query": "\xff"}', b"[" * 100_000,
        b'[{"query": "{ who }"}]', b'[{"query": "{ who }"}, {"query": "{ who }"}]',
    ],
)  # fmt: skip
async def test_what_is_not_one_operation_in_json_is_refused(client: Any, body: bytes) -> None:
    response = await client.post("/graphql", content=body, headers={"Content-Type": JSON})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert "data" not in response.json()


@pytest.mark.parametrize(
    "kind",
    [
        None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a",
        "application/graphql", "application/json; charset=utf-16", "application/jsonp", "text/plain; application/json",
    ],
)  # fmt: skip
async def test_only_json_in_utf8_is_read(client: Any, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    response = await client.post("/graphql", content=b'{"query": "{ who }"}', headers=headers)
    assert (response.status_code, code(response)) == (415, "BAD_REQUEST")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", 'application/json; charset="UTF-8"']
)
async def test_json_may_be_said_in_several_ways(client: Any, kind: str) -> None:
    body = json.dumps({"query": '{ echo(text: "ça 😀") }'}, ensure_ascii=False).encode()
    response = await client.post("/graphql", content=body, headers={"Content-Type": kind})
    assert response.json() == {"data": {"echo": "ça 😀"}}


async def test_the_operation_is_chosen_by_name(client: Any) -> None:
    body = {"query": "query A { who } query B { address }", "operationName": "B"}
    assert (await client.post("/graphql", json=body)).json() == {"data": {"address": "192.0.2.7"}}


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: Any) -> None:
    response = await client.ask("{ who }", text="a" * LIMITS.body)
    assert (response.status_code, code(response)) == (413, "TOO_LARGE")


async def test_a_body_that_grows_too_large_is_refused_while_it_arrives(client: Any) -> None:
    sent = 0

    async def long() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 2**16
            yield b" " * 2**16

    response = await client.post("/graphql", content=long(), headers={"Content-Type": JSON})
    assert (response.status_code, code(response)) == (413, "TOO_LARGE")
    assert sent <= LIMITS.body + 2**17


async def test_whoever_leaves_in_the_middle_of_a_body_is_no_failure_of_ours(world: World) -> None:
    given = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"{", "more_body": True}]
    said: list[Any] = []

    async def receive() -> Any:
        return given.pop()

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "client": ("192.0.2.7", 1),
        "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    await asgi(world.app)(scope, receive, send)
    assert said[0]["status"] == 400
    assert b"BAD_REQUEST" in said[1]["body"]


async def test_the_largest_body_is_read(client: Any) -> None:
    body = json.dumps({"query": "{ who }"}).encode()
    response = await client.post("/graphql", content=body.ljust(LIMITS.body), headers={"Content-Type": JSON})
    assert response.json() == {"data": {"who": "anyone"}}


async def test_get_answers_queries(client: Any) -> None:
    asked = {"query": "query($t: String!) { echo(text: $t) }", "variables": '{"t": "again"}'}
    assert (await client.get("/graphql", params=asked)).json() == {"data": {"echo": "again"}}


@pytest.mark.parametrize("asked", [{}, {"query": "{ who }", "variables": "{"}, {"query": "{ who }", "variables": "[]"}])
async def test_a_get_without_an_operation_is_refused(client: Any, asked: dict[str, str]) -> None:
    response = await client.get("/graphql", params=asked)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_get_changes_nothing(client: Any, accept: str) -> None:
    response = await client.get("/graphql", params={"query": "mutation { bake }"}, headers={"Accept": accept})
    assert (response.status_code, response.headers["allow"], code(response)) == (405, "POST", "FORBIDDEN")
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused(client: Any, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_a_subscription_is_not_one_answer(client: Any) -> None:
    response = await client.ask("subscription { count }", headers={"Accept": GRAPHQL})
    assert (response.status_code, code(response)) == (405, "BAD_REQUEST")
    assert EVENTS in response.json()["errors"][0]["message"]


async def test_long_messages_are_cut(client: Any) -> None:
    response = await client.ask(f"{{ {'x' * 10_000} }}")
    assert len(response.json()["errors"][0]["message"]) == LIMITS.message + 1
