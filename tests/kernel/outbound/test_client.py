"""Requests that leave: to public addresses alone, and an answer that hangs, drips, grows or runs in circles ends."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hemicycle.kernel.outbound import client
from hemicycle.kernel.outbound.client import Client, Failure, OutboundError, Resolver

SMALL = 10_000
ANY = "0.0.0.0"  # noqa: S104

HOSTILE = [
    *(
        f"http://{one}:{{port}}/"
        for one in ("127.0.0.1", "localhost", ANY, "[::1]", "127.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1")
    ),
    *(
        f"https://{one}/"
        for one in (
            "127.0.0.1", "localhost", "localhost.", ANY, "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
            "2130706433", "017700000001", "0x7f.1", "127.1", "0", "0177.0.0.1", "169.254.169.254", "10.0.0.1",
            "100.64.0.1", "[fd00::1]", "[fe80::1%25lo]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::1", "exa mple.org",
            "①②⑦.⓪.⓪.①", "user@example.org", "a:b@example.org", "example.org\\@127.0.0.1", "example.org:99999",
            "127.0.0.1#@example.org", "127.0.0.1?@example.org", "example.org/\r\nX-Evil: 1", "a" * 2000,
        )
    ),
    "https://127.0.0.1:{port}/", "https://example.org:{port}/", "http://example.org/", "//127.0.0.1/", "https:///x", "",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1/", "data:text/plain,hello", "x" * 3000,
]  # fmt: skip


class Server:
    """A server of this machine that does to each path what the test says, and counts who came."""

    def __init__(self) -> None:
        self.reached = 0
        self.port = 0
        self.heads: list[bytes] = []
        self.does: dict[str, Callable[[asyncio.StreamWriter], Awaitable[None]]] = {}

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reached += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            path = head.split(b" ")[1].decode()
            await self.does[path](writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def answers(self, path: str, head: str, body: bytes = b"") -> None:
        async def do(writer: asyncio.StreamWriter) -> None:
            writer.write(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

        self.does[path] = do

    def goes_on(self, path: str, head: str, part: bytes, pause: float) -> None:
        async def do(writer: asyncio.StreamWriter) -> None:
            writer.write(f"HTTP/1.1 {head}\r\n\r\n".encode())
            while not writer.is_closing():
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)

        self.does[path] = do

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    here = Server()
    listening = await asyncio.start_server(here.talk, "127.0.0.1", 0)
    here.port = listening.sockets[0].getsockname()[1]
    yield here
    listening.close()


@pytest.fixture
def trusting(server: Server) -> Client:
    return Client([server.origin])


def of_names(names: dict[str, list[str]]) -> Resolver:
    async def resolve(host: str, port: int) -> list[str]:
        return names.get(host, [])

    return resolve


async def failure(work: Awaitable[object]) -> Failure:
    with pytest.raises(OutboundError) as caught:
        await work
    assert str(caught.value)
    return caught.value.failure


# -- where to ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_no_address_reaches_this_machine(server: Server, number: int) -> None:
    url = HOSTILE[number].replace("{port}", str(server.port))
    for ask in (Client().get(url, seconds=5), Client().post(url, b"x", seconds=5)):
        assert await failure(ask) in (Failure.BAD_ADDRESS, Failure.PRIVATE_ADDRESS, Failure.UNKNOWN_HOST)
    assert server.reached == 0


def test_an_address_is_looked_at_before_anything_is_sent() -> None:
    known = Client(["http://10.0.0.5:9000"])
    for url in ("https://example.org/", "http://10.0.0.5:9000/hook"):
        known.check(url)
    for url in ("http://example.org/", "https://example.org:8443/", "https://a:b@example.org/", "file:///etc/passwd"):
        with pytest.raises(OutboundError):
            known.check(url)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::1"], ["10.1.2.3", "8.8.8.8"]])
async def test_a_name_that_leads_to_a_private_address_is_refused(addresses: list[str]) -> None:
    known = Client(resolve=of_names({"inside.example": addresses}))
    assert await failure(known.get("https://inside.example/")) == Failure.PRIVATE_ADDRESS


async def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second answer of the resolver would be our own machine. It is never asked for."""
    looked_up, connected = [], []

    async def rebinding(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["1.1.1.1"] if len(looked_up) == 1 else ["127.0.0.1"]

    async def connect(self: object, host: str, *rest: object) -> object:
        connected.append(host)
        raise client.httpcore2.ConnectError("not in a test")

    monkeypatch.setattr(client.httpcore2.AnyIOBackend, "connect_tcp", connect)
    assert await failure(Client(resolve=rebinding).get("https://rebinding.example/")) == Failure.UNREACHABLE
    assert (looked_up, connected) == (["rebinding.example"], ["1.1.1.1"])


async def test_a_host_with_several_addresses_is_reached_by_the_one_that_answers(server: Server) -> None:
    server.answers("/", "200 OK", b"here")
    known = Client(
        [f"http://several.example:{server.port}"], resolve=of_names({"several.example": ["127.9.9.9", "127.0.0.1"]})
    )
    assert (await known.get(f"http://several.example:{server.port}/")).body == b"here"


async def test_a_name_that_does_not_exist_is_said_to(server: Server) -> None:
    assert await failure(Client(resolve=of_names({})).get("https://nobody.example/")) == Failure.UNKNOWN_HOST


async def test_nothing_is_taken_from_the_environment(
    server: Server, trusting: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.answers("/", "200 OK", b"straight")
    assert (await trusting.get(f"{server.origin}/")).body == b"straight"


# -- redirects -----------------------------------------------------------------------------------------------


async def test_a_redirect_is_followed_and_told(server: Server, trusting: Client) -> None:
    server.answers("/old?x=1", "301 Moved\r\nLocation: /new")
    server.answers("/new", "200 OK\r\nX-One: 1", b"there")
    answer = await trusting.get(f"{server.origin}/old?x=1")
    assert (answer.status, answer.body, answer.url) == (200, b"there", f"{server.origin}/new")
    assert answer.headers["x-one"] == "1"


async def test_a_redirect_to_a_name_that_leads_inside_is_refused(server: Server) -> None:
    """Also to the name that was right the first time: it is looked up, and checked, for each request."""
    answers: Iterator[list[str]]

    async def rebinding(host: str, port: int) -> list[str]:
        return next(answers) if host == "rebinding.example" else ["169.254.169.254"]

    first = f"http://rebinding.example:{server.port}"
    known = Client([first], resolve=rebinding)
    for to in ("https://rebinding.example/", "https://inside.example/"):
        answers = iter([["127.0.0.1"], ["10.0.0.1"]])
        server.answers("/", f"302 Found\r\nLocation: {to}")
        assert await failure(known.get(f"{first}/")) == Failure.PRIVATE_ADDRESS
    assert server.reached == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_private_address_is_refused(server: Server, status: int) -> None:
    """The first host is one's own; where it sends to is checked like any other address."""
    first = Client([f"http://127.0.0.1:{server.port}"])
    for to in (
        f"http://localhost:{server.port}/",
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
    ):
        server.answers("/", f"{status} Moved\r\nLocation: {to}")
        before = server.reached
        assert await failure(first.get(f"{server.origin}/")) in (Failure.BAD_ADDRESS, Failure.PRIVATE_ADDRESS)
        assert server.reached == before + 1


async def test_redirects_end(server: Server, trusting: Client) -> None:
    server.answers("/", "302 Found\r\nLocation: /")
    assert await failure(trusting.get(f"{server.origin}/")) == Failure.TOO_MANY_REDIRECTS
    assert server.reached == 4


async def test_headers_stay_with_the_first_origin(server: Server) -> None:
    other = f"http://localhost:{server.port}"
    known = Client([server.origin, other])
    server.answers("/a", "302 Found\r\nLocation: /b")
    server.answers("/b", f"302 Found\r\nLocation: {other}/c")
    server.answers("/c", "200 OK")
    await known.get(f"{server.origin}/a", {"Authorization": "Bearer secret"})
    assert [b"Bearer secret" in head for head in server.heads] == [True, True, False]


async def test_what_is_posted_is_not_sent_on(server: Server, trusting: Client) -> None:
    server.answers("/", "307 Elsewhere\r\nLocation: /there")
    answer = await trusting.post(f"{server.origin}/", b"words", {"X-Signature": "s"})
    assert (answer.status, server.reached) == (307, 1)
    assert b"POST / HTTP/1.1" in server.heads[0]
    assert b"X-Signature: s" in server.heads[0]


# -- what comes back -----------------------------------------------------------------------------------------


async def test_an_answer_that_hangs_ends(server: Server, trusting: Client) -> None:
    async def hang(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server.does["/"] = hang
    assert await failure(trusting.get(f"{server.origin}/", seconds=0.3)) == Failure.TOO_SLOW


async def test_an_answer_that_drips_ends(server: Server, trusting: Client) -> None:
    server.goes_on("/", "200 OK\r\nContent-Length: 1000000", b"x", pause=0.02)
    assert await failure(trusting.get(f"{server.origin}/", seconds=0.3)) == Failure.TOO_SLOW


async def test_a_head_that_never_ends_is_refused(server: Server, trusting: Client) -> None:
    async def head(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    server.does["/"] = head
    assert await failure(trusting.get(f"{server.origin}/", seconds=5)) == Failure.BAD_ANSWER


async def test_an_answer_without_end_is_cut_at_the_limit(server: Server, trusting: Client) -> None:
    """Ten gigabytes, whether announced or not."""
    server.goes_on("/", "200 OK\r\nContent-Length: 10737418240", b"x" * 65536, pause=0)
    server.goes_on("/chunks", "200 OK\r\nTransfer-Encoding: chunked", b"10000\r\n" + b"x" * 65536 + b"\r\n", pause=0)
    for path in ("/", "/chunks"):
        assert await failure(trusting.get(f"{server.origin}{path}", most=SMALL)) == Failure.TOO_BIG


async def test_nothing_compressed_is_asked_for_or_opened(server: Server, trusting: Client) -> None:
    server.answers("/", "200 OK\r\nContent-Encoding: gzip", b"\x1f\x8b-bomb")
    assert (await trusting.get(f"{server.origin}/")).body == b"\x1f\x8b-bomb"
    assert b"Accept-Encoding: identity" in server.heads[0]


@pytest.mark.parametrize("said", [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"\x00" * 100])
async def test_what_is_not_http_is_said_to_be(server: Server, trusting: Client, said: bytes) -> None:
    async def do(writer: asyncio.StreamWriter) -> None:
        writer.write(said)

    server.does["/"] = do
    assert await failure(trusting.get(f"{server.origin}/")) in (Failure.BAD_ANSWER, Failure.UNREACHABLE)


async def test_a_connection_that_breaks_in_the_middle_gives_no_half_answer(server: Server, trusting: Client) -> None:
    async def do(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    server.does["/"] = do
    assert await failure(trusting.get(f"{server.origin}/")) == Failure.BAD_ANSWER


async def test_a_refused_connection_is_said_to_be() -> None:
    assert await failure(Client(["http://127.0.0.1:1"]).get("http://127.0.0.1:1/")) == Failure.UNREACHABLE


async def test_some_that_hang_keep_no_other_from_its_answer(server: Server, trusting: Client) -> None:
    async def hang(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server.does["/slow"] = hang
    server.answers("/", "200 OK", b"quick")
    slow = [asyncio.create_task(failure(trusting.get(f"{server.origin}/slow", seconds=2))) for _ in range(10)]
    assert (await trusting.get(f"{server.origin}/", seconds=2)).body == b"quick"
    assert set(await asyncio.gather(*slow)) == {Failure.TOO_SLOW}


# -- certificates --------------------------------------------------------------------------------------------


def certificate(name: str, folder: Path) -> Path:
    """A certificate of this name, signed by itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / f"{name}.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


async def test_the_certificate_is_that_of_the_name_and_of_someone_known(tmp_path: Path) -> None:
    here, known = Server(), certificate("good.example", tmp_path)
    here.answers("/", "200 OK", b"secure")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(known)
    listening = await asyncio.start_server(here.talk, "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]
    origins = [f"https://{name}.example:{port}" for name in ("good", "bad")]
    names = of_names({"good.example": ["127.0.0.1"], "bad.example": ["127.0.0.1"]})
    knowing = Client(origins, resolve=names, tls=ssl.create_default_context(cafile=known))
    assert (await knowing.get(f"{origins[0]}/")).body == b"secure"
    assert await failure(knowing.get(f"{origins[1]}/")) == Failure.BAD_CERTIFICATE
    assert await failure(Client(origins, resolve=names).get(f"{origins[0]}/")) == Failure.BAD_CERTIFICATE
    listening.close()
