"""The one client: https to public addresses, with a limit on everything, and nothing taken from the environment."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpcore2

from hemicycle.kernel.outbound.addresses import public

SECONDS = 10.0
MOST = 1024 * 1024  # bytes of a body
REDIRECTS = 3
AT_ONCE = 20
CONNECT = 4.0  # seconds for one address of a host: there may be a better one
AGENT = "hemicycle"
MOVED = {301, 302, 303, 307, 308}
PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int | None]
Resolver = Callable[[str, int], Awaitable[list[str]]]


class Failure(Enum):
    """Why there is no answer: some are for whoever gave the address to mend, some pass by themselves."""

    BAD_ADDRESS = "BAD_ADDRESS"
    PRIVATE_ADDRESS = "PRIVATE_ADDRESS"
    UNKNOWN_HOST = "UNKNOWN_HOST"
    UNREACHABLE = "UNREACHABLE"
    BAD_CERTIFICATE = "BAD_CERTIFICATE"
    BAD_ANSWER = "BAD_ANSWER"
    TOO_SLOW = "TOO_SLOW"
    TOO_BIG = "TOO_BIG"
    TOO_MANY_REDIRECTS = "TOO_MANY_REDIRECTS"


class OutboundError(Exception):
    """No answer came. `failure` is for a program, the message for a person."""

    def __init__(self, failure: Failure, message: str) -> None:
        super().__init__(message)
        self.failure = failure


@dataclass(frozen=True)
class Answer:
    """What came back. headers: names in lower case, the last of a repeated one. url: where it came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Outbound(Protocol):
    """How a request leaves the instance; a test gives another (`hemicycle.testing.outside.Outside`)."""

    def check(self, url: str) -> None:
        """OutboundError if this is no address for a request. What its name leads to is looked at when it is sent."""
        ...

    async def get(
        self, url: str, headers: Mapping[str, str] = {}, *, seconds: float = SECONDS, most: int = MOST
    ) -> Answer:
        """Read an address. Follows at most 3 redirects, each checked anew; headers stay with the first origin.

        seconds: for all of it. most: bytes of the body. OutboundError if no whole answer came.
        """
        ...

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str] = {}, *, seconds: float = SECONDS, most: int = MOST
    ) -> Answer:
        """Send bytes to an address. A redirect is an answer like any other: it is not followed."""
        ...


class Client:
    """The client of a running instance. trusted: origins of one's own network (`http://10.0.0.5:9000`)."""

    def __init__(
        self,
        trusted: Iterable[str] = (),
        *,
        resolve: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        span: Callable[[str], AbstractContextManager[Any]] = lambda name: nullcontext(),
    ) -> None:
        self.trusted = {_origin(urlsplit(one)) for one in trusted}
        self.resolve, self.tls = resolve or resolved, tls or ssl.create_default_context()
        self.room, self.span = asyncio.Semaphore(AT_ONCE), span

    async def get(
        self, url: str, headers: Mapping[str, str] = {}, *, seconds: float = SECONDS, most: int = MOST
    ) -> Answer:
        return await self._within(seconds, self._follow(url, headers, most))

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str] = {}, *, seconds: float = SECONDS, most: int = MOST
    ) -> Answer:
        return await self._within(seconds, self._once("POST", checked(url, self.trusted), headers, body, most))

    def check(self, url: str) -> None:
        checked(url, self.trusted)

    async def _within(self, seconds: float, work: Awaitable[Answer]) -> Answer:
        try:
            with self.span("outbound"):  # nothing of the address: it may be a person's
                async with self.room, asyncio.timeout(seconds):
                    return await work
        except TimeoutError:
            raise OutboundError(Failure.TOO_SLOW, f"no whole answer within {seconds:g} seconds") from None

    async def _follow(self, url: str, headers: Mapping[str, str], most: int) -> Answer:
        target = first = checked(url, self.trusted)
        for _ in range(REDIRECTS + 1):
            given = headers if _origin(target) == _origin(first) else {}
            answer = await self._once("GET", target, given, b"", most)
            if answer.status not in MOVED or "location" not in answer.headers:
                return answer
            target = checked(urljoin(answer.url, answer.headers["location"]), self.trusted)
        raise OutboundError(Failure.TOO_MANY_REDIRECTS, f"more than {REDIRECTS} redirects")

    async def _once(
        self, method: str, target: SplitResult, headers: Mapping[str, str], body: bytes, most: int
    ) -> Answer:
        network = Guarded(self.resolve, trusted=_origin(target) in self.trusted)
        # Nothing compressed: a small answer cannot grow.
        sent = {"Host": target.netloc, "User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        if method == "POST":
            sent["Content-Length"] = str(len(body))
        url = urlunsplit(target)
        try:
            async with (
                httpcore2.AsyncConnectionPool(ssl_context=self.tls, network_backend=network) as pool,
                pool.stream(
                    method,
                    url,
                    headers=list(sent.items()),
                    content=body or None,
                    extensions={"timeout": {"connect": CONNECT}},
                ) as response,
            ):
                received = bytearray()
                async for part in response.aiter_stream():
                    received += part
                    if len(received) > most:
                        raise OutboundError(Failure.TOO_BIG, f"the answer has more than {most} bytes")
                got = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                return Answer(response.status, got, bytes(received), url)
        except httpcore2.ConnectError as error:
            if isinstance(error.__cause__ or error.__context__, ssl.SSLError) or "SSL" in str(error):
                raise OutboundError(Failure.BAD_CERTIFICATE, f"{target.hostname}: {error}") from None
            raise OutboundError(Failure.UNREACHABLE, f"{target.hostname} does not answer") from None
        except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
            raise OutboundError(Failure.BAD_ANSWER, f"{target.hostname}: {error}") from None
        except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            raise OutboundError(Failure.UNREACHABLE, f"{target.hostname}: the connection broke: {error}") from None


class Guarded(httpcore2.AsyncNetworkBackend):
    """Looks a name up once, checks every address of it, and connects to one of these, not to the name."""

    def __init__(self, resolve: Resolver, *, trusted: bool) -> None:
        self.resolve, self.trusted, self.sockets = resolve, trusted, httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (the signature of the library)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            addresses = await self.resolve(host, port)
        except OSError:
            addresses = []
        if not addresses:
            raise OutboundError(Failure.UNKNOWN_HOST, f"{host}: no such host")
        if not self.trusted and not all(public(one) for one in addresses):
            raise OutboundError(Failure.PRIVATE_ADDRESS, f"{host}: not an address of the public internet")
        for address in addresses[:-1]:
            try:
                return await self.sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self.sockets.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


_names = ThreadPoolExecutor(4, thread_name_prefix="names")  # a resolver that hangs holds up no other thread's work


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order. OSError if it has none."""
    found = await asyncio.get_running_loop().run_in_executor(
        _names, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked(url: str, trusted: Collection[Origin]) -> SplitResult:
    """The address in its one plain form. What a name leads to is looked at when it is connected to. OutboundError."""

    def wrong(why: str) -> OutboundError:
        return OutboundError(Failure.BAD_ADDRESS, f"{url[:200]!r}: {why}")

    if not url.isascii() or any(one <= " " or one in '\\"<>^`{|}\x7f' for one in url):
        raise wrong("an address has no blanks, accents, backslashes or brackets: encode them")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise wrong("not an address") from None
    if not host or len(url) > 2000:
        raise wrong("an address names a host, and has at most 2,000 characters")
    if parts.username is not None or parts.password is not None:
        raise wrong("an address has no name and no password in it")
    target = parts._replace(netloc=_netloc(host, parts.scheme, port), path=parts.path or "/", fragment="")
    if _origin(target) in trusted:
        return target
    if parts.scheme != "https":
        raise wrong("only https, or an origin that `outbound.trusted` in the settings names")
    if port not in (None, PORTS["https"]):
        raise wrong("only port 443, or an origin that `outbound.trusted` in the settings names")
    return target


def _origin(parts: SplitResult) -> Origin:
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme)


def _netloc(host: str, scheme: str, port: int | None) -> str:
    named = f"[{host}]" if ":" in host else host
    return named if port in (None, PORTS.get(scheme)) else f"{named}:{port}"
