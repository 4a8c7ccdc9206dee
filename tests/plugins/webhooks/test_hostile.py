"""Receivers that hang, drip, grow, lie or send elsewhere: none holds up anyone else, and none loses what it is owed."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from hemicycle.api import Answer, decode_id
from hemicycle.kernel.jobs import worker
from hemicycle.kernel.outbound.client import MOST, SECONDS, Client
from hemicycle.testing import World
from hemicycle.testing.outside import Outside
from hemicycle_webhooks import sending
from tests.kernel.jobs.test_worker import until, working
from tests.kernel.outbound.test_client import Server, certificate, of_names
from tests.plugins.webhooks.hooks import EVENTS, Hook, register, say, status, work


class Held(Outside):
    """The world outside, with receivers that take a request and answer nothing until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go, self.holding = asyncio.Event(), 0

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str] = {}, *, seconds: float = SECONDS, most: int = MOST
    ) -> Answer:
        if "//held" in url:
            self.holding += 1
            await self.let_go.wait()
        return await super().post(url, body, headers, seconds=seconds, most=most)


async def test_who_hangs_holds_up_no_request_no_mail_and_no_one_else_for_long(world: World) -> None:
    world.app.outbound = world.outside = outside = Held()
    held = [await register(world, name=f"held{number}") for number in range(worker.ASIDE)]
    async with working(world):
        await say(world)
        await until(lambda: outside.holding == worker.ASIDE)
        good = await register(world, name="good")
        said = await say(world)
        await world.change("requestSignInLink", "visitor", email="someone@some.example")
        await until(lambda: world.letters.sent)
        assert outside.holding == worker.ASIDE, "one event each, however many wait"
        assert good.asked == []
        outside.let_go.set()
        await until(lambda: good.subjects == [said])
        await until(lambda: [len(one.asked) for one in held] == [2] * worker.ASIDE)


async def test_a_receiver_gets_two_requests_at_once_however_many_jobs_it_has(world: World) -> None:
    world.app.outbound = world.outside = outside = Held()
    outside.let_go.set()
    hook = await register(world, name="held")
    hook.answers(status(500))
    for _ in range(6):
        await say(world)
    await work(world)
    hook.answers(status(204))
    outside.let_go.clear()
    outside.holding = 0
    world.clock.forward(minutes=1)
    ref = decode_id(hook.id)
    assert ref is not None
    jobs = [asyncio.create_task(sending.send(world.app, ref.key.hex)) for _ in range(3)]
    await until(lambda: outside.holding and sum(one.done() for one in jobs) == 2)
    await asyncio.sleep(0.05)
    assert outside.holding == sending.AT_ONCE
    outside.let_go.set()
    await asyncio.gather(*jobs)
    assert await hook.states() == ["DELIVERED"] * 6


@pytest_asyncio.fixture
async def evil(tmp_path: Path) -> AsyncIterator[Server]:
    """A server with a bad answer on each path, and the same behind a certificate that nobody knows (`tls_port`)."""
    here = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate("evil.example", tmp_path))
    servers = [
        await asyncio.start_server(here.talk, "127.0.0.1", 0),
        await asyncio.start_server(here.talk, "127.0.0.1", 0, ssl=context),
    ]
    here.port, here.tls_port = (one.sockets[0].getsockname()[1] for one in servers)  # type: ignore[attr-defined]

    over = asyncio.Event()

    async def hang(writer: asyncio.StreamWriter) -> None:
        await over.wait()

    async def garbage(writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01 what is this\r\n\r\n")

    here.does |= {"/hang": hang, "/garbage": garbage}
    here.answers("/good", "200 OK")
    here.answers("/redirect", f"302 Found\r\nLocation: http://127.0.0.1:{here.port}/secret")
    here.answers("/secret", "200 OK")
    here.goes_on("/drip", "200 OK", b"x", 0.05)
    here.goes_on("/endless", "200 OK", b"x" * 65536, 0.0)
    yield here
    over.set()
    for one in servers:
        one.close()


async def test_each_evil_ends_and_is_named(world: World, evil: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 1.0)
    here, secure = f"http://127.0.0.1:{evil.port}", f"https://evil.example:{evil.tls_port}"  # type: ignore[attr-defined]
    names = of_names({"inside.example": ["127.0.0.1"], "evil.example": ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"]})
    world.app.outbound = Client([here, secure], resolve=names)
    expected = {
        f"{here}/hang": ("WAITING", "TOO_SLOW", None), f"{here}/drip": ("WAITING", "TOO_SLOW", None),
        f"{here}/endless": ("WAITING", "TOO_BIG", None), f"{here}/garbage": ("WAITING", "BAD_ANSWER", None),
        f"{here}/redirect": ("WAITING", "STATUS", 302), f"{secure}/good": ("WAITING", "BAD_CERTIFICATE", None),
        "https://inside.example/": ("WAITING", "PRIVATE_ADDRESS", None),
        "https://nowhere.example/": ("WAITING", "UNKNOWN_HOST", None), f"{here}/good": ("DELIVERED", None, 200),
    }  # fmt: skip
    hooks = {}
    for url in expected:
        given = {"space": world.gid("Space:OPEN"), "url": url, "events": EVENTS}
        told = await world.change("subscribeWebhook", "steward", "secret webhook { id }", **given)
        hooks[url] = Hook(world, told["webhook"]["id"], url, told["secret"])
    said = await say(world)
    await work(world)
    found = {}
    for url, hook in hooks.items():
        (one,) = (await hook.look())["deliveries"]["nodes"]
        found[url] = (one["state"], one["lastFailure"], one["lastStatus"])
        assert one["activity"]["subject"]["id"] == said
    assert found == expected
    assert not [one for one in evil.heads if b"/secret" in one], "a redirect is not followed"
