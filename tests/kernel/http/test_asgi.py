"""The web application as a whole: routes, headers, other sites, beginning and end."""

import importlib.metadata
import re
from typing import Any

import pytest

from hemicycle.api import Declarations, Routes
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.http.asgi import asgi
from hemicycle.kernel.http.headers import ALWAYS

PATHS = ["/", "/graphql", "/schema.graphql", "/health", "/ready", "/door/page", "/door/broken", "/nowhere", "/door/"]
FRONT = "https://front.example"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("chosen", [{}, {"production": True}, {"allowed_hosts": ["instance.example"]}])
async def test_every_route_has_every_header(client: Any, path: str, chosen: dict[str, Any]) -> None:
    for method in ("GET", "POST"):
        response = await client.request(method, path)
        assert ALWAYS.keys() <= {name.title() for name in response.headers}
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert ("strict-transport-security" in response.headers) is chosen.get("production", False)
        assert "server" not in response.headers


async def test_a_route_may_choose_a_header_itself(client: Any) -> None:
    assert (await client.get("/door/page")).headers["referrer-policy"] == "no-referrer"


async def test_answers_vary_by_who_asks_and_how(client: Any) -> None:
    varies = {one.strip() for one in (await client.ask("{ who }")).headers["vary"].split(",")}
    assert {"Accept", "Authorization", "Cookie", "Origin"} <= varies


async def test_the_routes_of_a_plugin_stand_below_its_name(client: Any) -> None:
    assert (await client.get("/door/page")).text == "Sample"
    assert (await client.get("/page")).status_code == 404


async def test_a_route_that_fails_says_nothing_of_itself(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    response = await client.get("/door/broken")
    error = response.json()["errors"][0]["extensions"]
    assert (response.status_code, error["code"]) == (500, "INTERNAL")
    assert "core_secret" not in response.text
    assert error["reference"] in caplog.text


@pytest.mark.parametrize("name", ["graphql", "health", "ready", "schema.graphql", "", "a/b"])
async def test_a_route_in_the_way_is_refused_at_start(world: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = Declarations()
    declared.add("door", Routes(name, []))
    monkeypatch.setattr(world.app, "declared", declared)
    with pytest.raises(StartupError, match="plugin door"):
        asgi(world.app)


async def test_the_process_lives_and_can_answer(client: Any) -> None:
    for path, told in (("/health", {"status": "ok"}), ("/ready", {"status": "ready", "oldestJobSeconds": 0})):
        response = await client.get(path)
        assert (response.status_code, response.json()) == (200, told)
        assert response.headers["cache-control"] == "no-store"


async def test_without_its_database_it_lives_and_cannot_answer(
    client: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> None:
        raise ConnectionRefusedError("127.0.0.1:5432")

    monkeypatch.setattr(world.app.db, "read", lost)
    assert (await client.get("/health")).status_code == 200
    response = await client.get("/ready")
    assert response.status_code == 503
    assert "5432" not in response.text


async def test_the_schema_is_public(client: Any) -> None:
    response = await client.get("/schema.graphql")
    assert "type Query {" in response.text
    assert response.headers["content-type"].startswith("text/plain")


async def test_the_explorer_is_one_page_that_asks_no_other_site(client: Any) -> None:
    response = await client.get("/")
    assert response.status_code == 200
    assert not re.findall(r"(?:https?:)?//\w", response.text)
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert len(re.findall("'sha256-", policy)) == 2
    assert len(re.findall("<(?:script|style)", response.text)) == 2
    assert not re.findall(r'\s(?:on\w+|style)="', response.text)  # what the policy would not run
    for name in re.findall(r"<label for=\"(\w+)\"", response.text):
        assert f'id="{name}"' in response.text


@pytest.mark.parametrize("chosen", [{"production": True}])
async def test_there_is_no_explorer_in_production(client: Any) -> None:
    assert (await client.get("/")).status_code == 404
    assert (await client.get("/graphql", headers={"Accept": "text/html,*/*"})).status_code == 400


@pytest.mark.parametrize("chosen", [{"allowed_hosts": ["instance.example"]}])
async def test_only_known_hosts_are_served(client: Any) -> None:
    assert (await client.get("/health")).status_code == 200
    for host in ("evil.example", "instance.example.evil.example", "a/../admin"):
        assert (await client.get("/health", headers={"Host": host})).status_code == 400


async def test_a_host_is_never_a_path(client: Any) -> None:
    """N17 (CVE-2026-48710): what decides is the path that was asked for."""
    response = await client.get("/nowhere", headers={"Host": "instance.example/health?"})
    assert response.status_code == 404


PREFLIGHT = {
    "Origin": FRONT,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type, graphql-require-preflight",
}


async def test_no_other_site_may_read_by_default(client: Any) -> None:
    assert "access-control-allow-origin" not in (await client.ask("{ who }", headers={"Origin": FRONT})).headers
    assert "access-control-allow-origin" not in (await client.options("/graphql", headers=PREFLIGHT)).headers


@pytest.mark.parametrize("chosen", [{"cors_origins": [FRONT]}])
async def test_named_sites_may_read(client: Any) -> None:
    headers = (await client.options("/graphql", headers=PREFLIGHT)).headers
    assert headers["access-control-allow-origin"] == FRONT
    assert headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" in (await client.ask("{ who }", headers={"Origin": FRONT})).headers
    for origin in ("https://evil.example", "null", "https://front.example.evil.example"):
        response = await client.ask("{ who }", headers={"Origin": origin})
        assert "access-control-allow-origin" not in response.headers
        refused = await client.options("/graphql", headers=PREFLIGHT | {"Origin": origin})
        assert "access-control-allow-origin" not in refused.headers


async def test_plugins_are_told_of_the_beginning_and_the_end(
    world: Any, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def close() -> None:
        door.calls.append("closed")

    monkeypatch.setattr(world.app, "close", close)
    web = asgi(world.app)
    async with web.router.lifespan_context(web):
        assert door.calls == ["start_up"]
    assert door.calls == ["start_up", "shut_down", "closed"]


async def test_a_plugin_that_cannot_end_keeps_nothing_open(
    world: Any, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    async def close() -> None:
        closed.append(True)

    async def tell(hook: str, **_: Any) -> None:
        if hook == "shut_down":
            raise ValueError("cannot")

    monkeypatch.setattr(world.app, "close", close)
    monkeypatch.setattr(world.app.plugins, "tell", tell)
    web = asgi(world.app)
    with pytest.raises(ValueError, match="cannot"):
        async with web.router.lifespan_context(web):
            pass
    assert closed == [True]


@pytest.mark.parametrize(
    ("package", "floor"),
    [("strawberry-graphql", (0, 341)), ("starlette", (1, 3, 1)), ("graphql-core", (3, 3, 2)), ("websockets", (13,))],
)
def test_versions_with_known_holes_are_not_installed(package: str, floor: tuple[int, ...]) -> None:
    version = importlib.metadata.version(package)
    assert tuple(int(part) for part in re.findall(r"\d+", version)[: len(floor)]) >= floor
