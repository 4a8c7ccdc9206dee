"""Who sends a request, from where: sessions in a cookie, tokens in a header, and the pages that may use them."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection
from starlette.responses import Response
from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from hemicycle.kernel.access.actor import ANYONE, Actor
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.http.answers import Rejected

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.settings import Settings

LONGEST = 512  # characters of a secret
COOKIE_SECONDS = 30 * 24 * 3600
PREFLIGHT = ("graphql-require-preflight", "apollo-require-preflight")
IN_ADDRESS = {"access_token", "authorization", "bearer", "token"}


def cookie_name(settings: "Settings", purpose: str = "") -> str:
    """The cookie of a session, or of another purpose. `__Host-` binds it to this host and to TLS (in production)."""
    name = f"hemicycle-{purpose}" if purpose else "hemicycle"
    return f"__Host-{name}" if settings.production else name


def secret_of(connection: HTTPConnection, settings: "Settings", said: str | None = None) -> str | None:
    """The secret that the connection bears, or None. said: what was said as `authorization` when a websocket began.

    Rejected if there are two, or one in the address, where logs would keep it.
    """
    if IN_ADDRESS & {name.lower() for name in connection.query_params}:
        raise Rejected("BAD_REQUEST", "A token does not belong in an address: send it as `Authorization: Bearer …`.")
    headers = [*connection.headers.getlist("authorization"), *([said] if said is not None else [])]
    cookie = connection.cookies.get(cookie_name(settings))
    if len(headers) + (cookie is not None) > 1:
        raise Rejected("BAD_REQUEST", "Send a token or the cookie of a session, not both.")
    if not headers:
        return cookie
    scheme, _, secret = headers[0].strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Rejected("UNAUTHENTICATED", "Send the token as `Authorization: Bearer …`.")
    return secret.strip()


async def identify(app: "Application", secret: str | None) -> Actor:
    """Who stands behind a secret; anyone without one. Rejected if it is not, or no longer, a valid one."""
    if secret is None:
        return ANYONE
    if 0 < len(secret) <= LONGEST and secret.isascii() and secret.isprintable():
        for known in await app.plugins.tell("identify_actor", app=app, credential=secret):
            if known is not None:
                return known  # type: ignore[no-any-return]
    raise Rejected("UNAUTHENTICATED", "The token or the session is not valid: sign in again.")


def check_site(connection: HTTPConnection, settings: "Settings") -> None:
    """Refuse what a page of another site sends with the cookie of ours. Programs send no Origin, and may pass."""
    origin, site = connection.headers.get("origin"), connection.headers.get("sec-fetch-site")
    if site == "same-origin" or (origin is not None and _is_ours(connection, settings, origin)):
        return
    if origin is not None or site not in {None, "none"}:
        raise Rejected("FORBIDDEN", "This page may not act for whoever is signed in: add its origin to `cors_origins`.")


def check_preflight(connection: HTTPConnection) -> None:
    """A GET with a cookie says by a header that no plain link or image made it."""
    if not any(name in connection.headers for name in PREFLIGHT):
        raise Rejected("FORBIDDEN", f"A GET with the cookie of a session needs the header {PREFLIGHT[0]}: 1.")


def _is_ours(connection: HTTPConnection, settings: "Settings", origin: str) -> bool:
    allowed = {normalize_origin(one) for one in (settings.url, *settings.cors_origins)}
    known = normalize_origin(origin)
    return known is not None and (known in allowed or is_same_origin(origin, connection.headers.get("host")))


def address_of(connection: HTTPConnection, settings: "Settings") -> str:
    """The client's address: the nearest one that is no trusted proxy. A header from anyone else is not believed.

    Of an IPv6 address only the network counts, which is what one subscriber gets.
    """
    nearest = connection.client.host if connection.client else "unknown"
    try:
        known = _parsed(nearest)
    except ValueError:
        return nearest  # a socket of this machine
    trusted = networks(tuple(settings.trusted_proxies))
    hops = ",".join(connection.headers.getlist("x-forwarded-for")).split(",")
    for hop in reversed([one.strip() for one in hops if one.strip()]):
        if not any(known in network for network in trusted):
            break
        try:
            known = _parsed(hop)
        except ValueError:
            break  # not an address: the last one that was believed stands
    return str(known) if isinstance(known, IPv4Address) else str(ip_network((known, 64), strict=False))


def _parsed(address: str) -> IPv4Address | IPv6Address:
    known = ip_address(address)
    return known if isinstance(known, IPv4Address) else known.ipv4_mapped or known


@lru_cache(maxsize=8)
def networks(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of these names. StartupError if one is none."""
    try:
        return tuple(ip_network(one, strict=False) for one in names)
    except ValueError as error:
        raise StartupError(f"settings: trusted_proxies: {error}: write addresses or networks, as 10.0.0.0/8") from None


def set_cookies(response: Response, cookies: Mapping[str, str | None], settings: "Settings") -> None:
    """Put cookies on an answer, out of reach of scripts and of other sites; None deletes one."""
    for name, value in cookies.items():
        age = 0 if value is None else COOKIE_SECONDS
        response.set_cookie(
            name, value or "", max_age=age, path="/", secure=settings.production, httponly=True, samesite="lax"
        )
