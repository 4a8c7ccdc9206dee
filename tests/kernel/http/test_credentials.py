"""Tokens, cookies, the sites that may use them, and where a request comes from."""

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.http.asgi import asgi
from hemicycle.kernel.http.credentials import address_of, cookie_name
from hemicycle.kernel.settings import Settings

ALLOWED = "https://front.example"


def code(response: Any) -> str:
    return response.json()["errors"][0]["extensions"]["code"]  # type: ignore[no-any-return]


def cookie(name: str = "ada") -> dict[str, str]:
    return {"Cookie": f"hemicycle=token-of-{name}"}


async def who(client: Any, **headers: str) -> Any:
    return await client.ask("{ who }", headers=headers)


async def test_a_token_says_who_asks(client: Any, signed_in: Any) -> None:
    for headers in (signed_in("ada"), {"Authorization": "bearer  token-of-ada "}):
        response = await who(client, **headers)
        assert response.json() == {"data": {"who": "ada"}}
        assert response.headers["cache-control"] == "no-store"


async def test_the_cookie_of_a_session_says_who_asks(client: Any) -> None:
    response = await who(client, **cookie())
    assert response.json() == {"data": {"who": "ada"}}
    assert response.headers["cache-control"] == "no-store"


async def test_no_credential_is_anyone(client: Any) -> None:
    response = await who(client)
    assert response.json() == {"data": {"who": "anyone"}}
    assert "cache-control" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer nobody"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer "},
        {"Authorization": "Basic token-of-ada"}, {"Authorization": "token-of-ada"}, {"Authorization": ""},
        {"Authorization": "Bearer " + "x" * 5000}, {"Authorization": "Bearer token-of-\xe9".encode("latin-1")},
        {"Cookie": "hemicycle=nobody"}, {"Cookie": "hemicycle="},
    ],
)  # fmt: skip
async def test_a_credential_that_is_not_valid_is_refused_and_is_not_anyone(client: Any, headers: Any) -> None:
    response = await who(client, **headers)
    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_cookie_of_another_name_is_not_ours(client: Any) -> None:
    assert (await who(client, Cookie="session=token-of-ada")).json() == {"data": {"who": "anyone"}}


async def test_a_credential_that_cannot_be_looked_up_fails_without_a_word(client: Any) -> None:
    response = await who(client, Authorization="Bearer broken")
    assert (response.status_code, code(response)) == (500, "INTERNAL")
    assert "core_secret" not in response.text


async def test_two_credentials_are_refused(client: Any, signed_in: Any) -> None:
    response = await who(client, **signed_in("ada"), **cookie("ada"))
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    response = await client.post(
        "/graphql",
        json={"query": "{ who }"},
        headers=[("Authorization", "Bearer token-of-ada"), ("Authorization", "Bearer token-of-grace")],
    )
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("name", ["access_token", "token", "Authorization", "bearer"])
async def test_a_token_in_the_address_is_refused(client: Any, name: str) -> None:
    response = await client.get("/graphql", params={"query": "{ who }", name: "token-of-ada"})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


SITES: list[tuple[dict[str, str], bool]] = [
    ({}, True),  # a program
    ({"Origin": "http://instance.example"}, True),
    ({"Origin": "http://instance.example:80"}, True),
    ({"Origin": ALLOWED}, True),
    ({"Origin": "http://127.0.0.1:8000"}, True),  # the instance's own address in the settings
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Origin": "https://inner.example", "Sec-Fetch-Site": "same-origin"}, True),  # a proxy changed Host
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "http://instance.example:8080"}, False),
    ({"Origin": "http://sub.instance.example"}, False),
    ({"Origin": "https://front.example.evil.example"}, False),
    ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
]


@pytest.mark.parametrize("chosen", [{"cors_origins": [ALLOWED]}])
@pytest.mark.parametrize(("headers", "may"), SITES)
async def test_only_our_pages_use_the_cookie(client: Any, headers: dict[str, str], may: bool) -> None:
    response = await who(client, **cookie(), **headers)
    assert response.status_code == (200 if may else 403)
    if not may:
        assert code(response) == "FORBIDDEN"
    asked = {"query": "{ who }"}
    response = await client.get(
        "/graphql", params=asked, headers={**cookie(), **headers, "GraphQL-Require-Preflight": "1"}
    )
    assert response.status_code == (200 if may else 403)


async def test_a_token_may_come_from_any_site(client: Any, signed_in: Any) -> None:
    response = await who(client, **signed_in("ada"), Origin="https://evil.example")
    assert response.json() == {"data": {"who": "ada"}}
    assert "access-control-allow-origin" not in response.headers  # whether its page may read is another question


async def test_a_get_with_the_cookie_needs_a_header_that_links_cannot_send(client: Any) -> None:
    asked = {"query": "{ who }"}
    response = await client.get("/graphql", params=asked, headers=cookie())
    assert (response.status_code, code(response)) == (403, "FORBIDDEN")
    for name in ("GraphQL-Require-Preflight", "Apollo-Require-Preflight"):
        response = await client.get("/graphql", params=asked, headers={**cookie(), name: "1"})
        assert response.json() == {"data": {"who": "ada"}}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"])
async def test_a_form_of_another_site_changes_nothing(client: Any, kind: str) -> None:
    headers = {**cookie(), "Content-Type": kind}
    response = await client.post("/graphql", content=b'{"query": "mutation { bake }"}', headers=headers)
    assert response.status_code == 415
    assert "set-cookie" not in response.headers


async def test_a_cookie_is_set_out_of_reach_of_scripts_and_other_sites(client: Any) -> None:
    response = await client.ask('mutation { bake(value: "new") }')
    assert response.json() == {"data": {"bake": True}}
    said = response.headers["set-cookie"].lower().replace("samesite", "SameSite")
    assert said.startswith("hemicycle=new;")
    assert {"httponly", "path=/", "SameSite=lax"} <= {one.strip() for one in said.split(";")}
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("chosen", [{"production": True}])
async def test_in_production_the_cookie_is_bound_to_the_host_and_to_tls(client: Any, world: Any) -> None:
    assert cookie_name(world.app.settings) == "__Host-hemicycle"
    assert cookie_name(world.app.settings, "link") == "__Host-hemicycle-link"
    response = await client.ask('mutation { bake(value: "new") }')
    assert "; Secure" in response.headers["set-cookie"]
    assert (await who(client, Cookie="__Host-hemicycle=token-of-ada")).json() == {"data": {"who": "ada"}}
    assert (await who(client, Cookie="hemicycle=token-of-ada")).json() == {"data": {"who": "anyone"}}


async def test_a_cookie_is_deleted(client: Any) -> None:
    response = await client.ask("mutation { bake }")
    assert 'hemicycle="";' in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]


PROXIES = ["10.0.0.0/8", "2001:db8::1"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.1"], "192.0.2.7"),  # from nobody we trust
        ("10.1.1.1", ["203.0.113.1"], "203.0.113.1"),
        ("10.1.1.1", ["198.51.100.9, 203.0.113.1"], "203.0.113.1"),  # the first was said by the client
        ("10.1.1.1", ["198.51.100.9, 203.0.113.1, 10.2.2.2"], "203.0.113.1"),
        ("10.1.1.1", ["198.51.100.9", "203.0.113.1"], "203.0.113.1"),
        ("10.1.1.1", ["203.0.113.1, nonsense"], "10.1.1.1"),
        ("10.1.1.1", ["nonsense, 203.0.113.1"], "203.0.113.1"),
        ("10.1.1.1", [], "10.1.1.1"),
        ("10.1.1.1", [" , "], "10.1.1.1"),
        ("2001:db8::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:aaaa::9", [], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", [], "192.0.2.7"),
        ("::ffff:10.1.1.1", ["203.0.113.1"], "203.0.113.1"),
        (None, [], "unknown"),
    ],
)
def test_the_address_is_that_of_the_client(peer: str | None, forwarded: list[str], address: str) -> None:
    connection = HTTPConnection({
        "type": "http",
        "client": (peer, 1) if peer else None,
        "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded],
    })  # fmt: skip
    settings: Any = SimpleNamespace(trusted_proxies=PROXIES)
    assert address_of(connection, settings) == address


async def test_a_wrong_proxy_is_refused_at_start(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.app, "settings", Settings(trusted_proxies=["proxy.example"]))
    with pytest.raises(StartupError, match="trusted_proxies"):
        asgi(world.app)
