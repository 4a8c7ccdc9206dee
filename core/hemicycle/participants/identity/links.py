"""Links and codes by mail: asked for, tried, used once. Whoever uses one proves that they read that address."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from hemicycle.kernel.clock import secret_id
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.http.credentials import cookie_name
from hemicycle.kernel.settings import Settings
from hemicycle.participants.identity.answers import LinkRequested
from hemicycle.participants.identity.models import LONGEST_EMAIL, TO_SIGN_IN, SignInLinkRow
from hemicycle.participants.identity.secrets import hashed, same

LASTS = timedelta(minutes=15)
TRIES = 5
HOUR = timedelta(hours=1)

_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9-]+\.)+[a-z0-9-]{2,}")


def email_of(text: str) -> str:
    """An address as it is kept and compared. Refused if it is not one."""
    name, _, domain = text.strip().lower().rpartition("@")
    try:
        known = f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        known = ""
    if len(known) > LONGEST_EMAIL or not _EMAIL.fullmatch(known):
        raise invalid("email", "This is not an address of electronic mail: write it as name@example.org.")
    return known


def check_transport(context: Context, transport: str) -> None:
    """Refuse a cookie where none can be set."""
    if transport == "COOKIE" and not context.can_set_cookies:
        raise invalid("transport", "No cookie can be set here: send a POST over HTTP, or take BEARER.")


def spare(session: Session, what: str, most: int, period: timedelta) -> None:
    """Refuse what is done too often."""
    if wait := session.app.rates.wait(what, most, period):
        message = f"That was asked too often: wait {wait} seconds, then try again."
        raise Refused(RefusalCode.RATE_LIMITED, message, retry_after=wait)


async def request(
    session: Session, context: Context, email: str, locale: str | None, transport: str,
    *, purpose: str = TO_SIGN_IN, participant: UUID | None = None,
) -> LinkRequested:  # fmt: skip
    """Have a mail sent. The same work is done, and the same is answered, whether the address is known or not."""
    check_transport(context, transport)
    address, limits = email_of(email), session.app.settings.limits
    spare(session, f"links from {context.address}", limits.links_per_hour_per_address, HOUR)
    spare(session, f"links to {address}", limits.links_per_hour, HOUR)
    key, row = await _put(session, address, locale, purpose, participant)
    await session.enqueue("identity.send_link", row.id.hex)
    if transport == "COOKIE":
        context.cookies[cookie_name(session.app.settings, "request")] = key
    return LinkRequested(request_key=key if transport == "BEARER" else None, expires_at=row.expires_at)


async def direct(session: Session, email: str) -> str:
    """A page that signs in whoever opens it, without a mail: for who makes an instance. Refused in production."""
    settings = session.app.settings
    if settings.production:
        raise Refused(RefusalCode.NOT_ALLOWED, "In production, a link is sent by mail only: ask for one.")
    key, row = await _put(session, email_of(email), None, TO_SIGN_IN, None)
    token = session.app.clock.token()
    mine = col(SignInLinkRow.id) == row.id
    await session.execute(update(SignInLinkRow).where(mine).values(token_hash=hashed(session.app, "link", token)))
    return f"{page_of(settings, token)}&request={key}"


def page_of(settings: Settings, token: str) -> str:
    """Where a link leads. Front ends read it behind the `#`, which no server sees; our own page runs no script."""
    return f"{sign_in_page(settings)}{'#' if settings.sign_in_url else '?'}link={token}"


def sign_in_page(settings: Settings) -> str:
    """The page where one signs in: the core's own, unless the instance has another."""
    return settings.sign_in_url or f"{settings.url.rstrip('/')}/identity/sign-in"


async def use(
    session: Session, context: Context, purpose: str, request_key: str | None, token: str | None, code: str | None
) -> SignInLinkRow | Refused:
    """The link behind what was typed or clicked, which is used up now; or, after a try that is counted, a refusal.

    request_key: that of whoever asked, unless their browser has it in a cookie.
    """
    app, cookie = session.app, cookie_name(session.app.settings, "request")
    key = request_key or context.given_cookies.get(cookie)
    if not key:
        raise invalid("request_key", "Ask for a link in this very browser, or type the code there where you asked.")
    if (token is None) == (code is None):
        raise invalid("token", "Give either the token of the link or the code.")
    tried = update(SignInLinkRow).where(
        col(SignInLinkRow.request_hash) == hashed(app, "request", key), col(SignInLinkRow.purpose) == purpose,
        col(SignInLinkRow.tries) < TRIES, col(SignInLinkRow.expires_at) > session.now,
    )  # fmt: skip
    counted = tried.values(tries=SignInLinkRow.tries + 1).returning(SignInLinkRow)
    link: SignInLinkRow | None = (await session.execute(counted)).scalar_one_or_none()
    if link is None:
        raise Refused(RefusalCode.EXPIRED, "This link or code works no longer: ask for a new one.")
    spare(session, f"sign-ins of {link.email}", app.settings.limits.sign_ins_per_quarter, LASTS)
    if token is not None:
        right = same(hashed(app, "link", token.strip()), link.token_hash)
    else:
        right = same(hashed(app, "code", "".join(str(code).split())), link.code_hash)
    if not right:
        left = TRIES - link.tries
        return invalid("code" if token is None else "token", f"That is not what the mail says: {left} tries are left.")
    await session.delete(link)
    await session.flush()
    if cookie in context.given_cookies and context.can_set_cookies:
        context.cookies[cookie] = None
    return link


async def _put(
    session: Session, email: str, locale: str | None, purpose: str, participant: UUID | None
) -> tuple[str, SignInLinkRow]:
    """A new row in place of the one that there was, and the secret of whoever asked."""
    key = session.app.clock.token()
    row = SignInLinkRow(
        id=secret_id(), email=email, purpose=purpose, participant_id=participant,
        locale=locale or session.app.settings.locale, request_hash=hashed(session.app, "request", key),
        expires_at=session.now + LASTS,
    )  # fmt: skip
    values = row.model_dump()
    new = session.insert_once(SignInLinkRow).values(**values)
    await session.execute(new.on_conflict_do_update(index_elements=["email", "purpose"], set_=values))
    return key, row
