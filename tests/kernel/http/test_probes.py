"""The twelve probes that scanners of GraphQL servers try first, and what else is sent to see whether it works."""

import json
from typing import Any

import pytest
from graphql import build_schema, get_introspection_query

from hemicycle.kernel.graphql.errors import CODES
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.http.guard import MINUTE

FORM = "application/x-www-form-urlencoded"
COOKIE = {"Cookie": "hemicycle=token-of-ada"}


def codes(response: Any) -> list[str]:
    """The codes of the errors of an answer that gives no data; each is documented."""
    answer = response.json()
    assert not answer.get("data"), answer
    found = [one["extensions"]["code"] for one in answer["errors"]]
    assert set(found) <= CODES.keys()
    return found


async def test_aliases(client: Any) -> None:
    document = "{" + " ".join(f"alias{number}: __typename" for number in range(101)) + "}"
    assert codes(await client.ask(document)) == ["TOO_MANY_ALIASES"]


@pytest.mark.parametrize("times", [1, 10, 11])
async def test_batches(client: Any, times: int) -> None:
    """N10 (CVE-2026-33756)."""
    assert codes(await client.post("/graphql", json=[{"query": "{ who }"}] * times)) == ["BAD_REQUEST"]


async def test_introspection_in_circles(client: Any) -> None:
    circle = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
    assert codes(await client.ask(circle)) == ["VALIDATION_FAILED"]


async def test_directives(client: Any) -> None:
    assert codes(await client.ask("{ __typename " + "@aa" * 10 + "}")) == ["TOO_MANY_DIRECTIVES"]
    many = await client.ask("{" + " ".join(f"a{number}: __typename @aa" for number in range(10)) + "}")
    assert codes(many) == ["VALIDATION_FAILED"] * LIMITS.errors


@pytest.mark.parametrize(
    "document",
    ["{ wha }", "{ echo(txt: 1) }", "{ ... on Queri { who } }", "query($a: Strin) { who }", "{ who @skp(if: true) }"],
)
async def test_nothing_is_suggested(client: Any, document: str) -> None:
    response = await client.ask(document)
    assert set(codes(response)) == {"VALIDATION_FAILED"}
    assert "did you mean" not in response.text.lower()


async def test_nothing_is_suggested_for_variables(client: Any) -> None:
    body = {
        "query": "query($f: ContributionFilter) { contributions(filter: $f) { totalCount } }",
        "variables": {"f": {"knd": ["IDEA"]}},
    }
    response = await client.post("/graphql", json=body)
    assert codes(response) == ["BAD_VARIABLES"]
    assert "did you mean" not in response.text.lower()


async def test_changes_by_get(client: Any) -> None:
    response = await client.get("/graphql", params={"query": "mutation { bake }"}, headers=COOKIE)
    assert response.status_code in (403, 405)
    assert "set-cookie" not in response.headers


async def test_queries_by_get_of_another_site(client: Any) -> None:
    """A page of another site can have a browser send a GET with its cookie; it cannot add a header."""
    asked = {"query": "{ who }"}
    assert codes(await client.get("/graphql", params=asked, headers=COOKIE)) == ["FORBIDDEN"]
    own = COOKIE | {"GraphQL-Require-Preflight": "1"}
    assert (await client.get("/graphql", params=asked, headers=own)).json() == {"data": {"who": "ada"}}


@pytest.mark.parametrize("chosen", [{"production": True}])
async def test_no_explorer_in_production(client: Any) -> None:
    for path in ("/", "/graphiql", "/playground", "/console", "/altair", "/voyager", "/graphql"):
        response = await client.get(path, headers={"Accept": "text/html,application/xhtml+xml"})
        assert response.status_code >= 400
        assert "<script" not in response.text
        assert "graphiql" not in response.text.lower()


async def test_introspection_tells_what_is_published(client: Any) -> None:
    """It is on, by decision: and it tells neither less nor more than the schema that anyone may read."""
    told = (await client.ask(get_introspection_query())).json()["data"]["__schema"]["types"]
    published = build_schema((await client.get("/schema.graphql")).text)
    assert {one["name"] for one in told} == set(published.type_map)


@pytest.mark.parametrize("body", ["query=%7B__typename%7D", "query=mutation+%7Bbake%7D"])
async def test_forms(client: Any, body: str) -> None:
    response = await client.post("/graphql", content=body, headers=COOKIE | {"Content-Type": FORM})
    assert response.status_code in (403, 415)
    codes(response)


async def test_traces(client: Any) -> None:
    for headers in ({"X-Apollo-Tracing": "1"}, {"Apollo-Federation-Include-Trace": "ftv1"}):
        assert (await client.ask("{ who }", headers=headers)).json() == {"data": {"who": "anyone"}}


@pytest.mark.parametrize("document", ["qwerty", "{ fails(how: 1) }", '{ fails(how: "unexpected") }', "\x00", "{" * 50])
async def test_errors_tell_nothing_of_the_inside(client: Any, document: str) -> None:
    response = await client.ask(document)
    for error in response.json()["errors"]:
        assert error["extensions"].keys() <= {"code", "reference"}
        assert error.keys() <= {"message", "locations", "path", "extensions"}
    for word in ("Traceback", "exception", "stacktrace", ".py", "core_secret", "/srv"):
        assert word.lower() not in response.text.lower()


async def test_many_parts_are_not_read(client: Any) -> None:
    """N16: ten thousand parts are refused by what they are, before anybody looks at one."""
    part = b'--a\r\nContent-Disposition: form-data; name="0"\r\n\r\nx\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=a"}
    response = await client.post("/graphql", content=part * 10_000 + b"--a--", headers=kind)
    assert (response.status_code, codes(response)) == (415, ["BAD_REQUEST"])


@pytest.mark.parametrize("path", ["/", "/schema.graphql", "/health", "/graphql?query={who}"])
async def test_ranges_are_not_served(client: Any, path: str) -> None:
    """N15 (CVE-2025-62727): no part of anything can be asked for, however many are."""
    whole = await client.get(path)
    ranges = "bytes=" + ",".join(f"{number}-{number + 1}" for number in range(100_000))
    asked = await client.get(path, headers={"Range": ranges})
    assert (asked.status_code, asked.content) == (whole.status_code, whole.content)


@pytest.mark.parametrize(
    "order", ['"id; DROP TABLE core_space"', "id", '"(CASE WHEN 1=1 THEN title END)"', "NEWEST__DESC", "1", "[NEWEST]"]
)
async def test_orders_are_names_of_ours(client: Any, order: str) -> None:
    """N23 (CVE-2026-45376): no word of a request stands in an ORDER BY."""
    written = await client.ask(f"{{ contributions(order: {order}) {{ totalCount }} }}")
    assert codes(written) in (["VALIDATION_FAILED"], ["BAD_VARIABLES"])
    document = "query($order: ContributionOrder) { contributions(order: $order) { totalCount } }"
    value = json.loads(order) if order[0] in '"1' else order
    assert codes(await client.ask(document, order=value)) == ["BAD_VARIABLES"]


async def test_what_guards_one_address_guards_all_ways_in(client: Any, world: Any) -> None:
    """N8: GET, POST and event streams are counted together."""
    most = world.app.settings.limits.requests_per_minute
    assert world.app.rates.allow("requests 192.0.2.7", most, MINUTE, most)
    events = {"Accept": "text/event-stream"}
    for response in (
        await client.ask("{ who }"), await client.get("/graphql?query={who}"),
        await client.ask("subscription { count }", headers=events),
    ):  # fmt: skip
        assert (response.status_code, codes(response)) == (429, ["RATE_LIMITED"])
