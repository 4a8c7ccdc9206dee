"""Signing in and out: who reads an address is who they were, or takes part from now on."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.http.credentials import cookie_name
from hemicycle.participants.identity import links, sessions
from hemicycle.participants.identity.answers import LinkRequested, SignedIn
from hemicycle.participants.identity.models import TO_SIGN_IN, IdentityRow, SignInLinkRow
from hemicycle.participants.models import ParticipantRow
from hemicycle.participants.rules import new_participant


async def request_sign_in_link(
    session: Session, actor: Actor, *, email: str, locale: str | None = None, transport: str = "BEARER",
    context: Context,
) -> LinkRequested:  # fmt: skip
    """Have a mail sent with a link and a code. It answers the same for known and unknown addresses."""
    await session.authorize_alone(actor, "identity.request_sign_in_link")
    return await links.request(session, context, email, locale, transport)


async def sign_in(
    session: Session, actor: Actor, *, request_key: str | None = None, token: str | None = None,
    code: str | None = None, transport: str = "BEARER", context: Context,
) -> SignedIn | Refused:  # fmt: skip
    """A session, for whoever has the link or the code, and asked for it. The first time, they begin to take part."""
    await session.authorize_alone(actor, "identity.sign_in")
    links.check_transport(context, transport)
    link = await links.use(session, context, TO_SIGN_IN, request_key, token, code)
    if isinstance(link, Refused):
        return link
    person = await _person(session, link)
    if person.state not in ("ACTIVE", "PENDING"):
        return Refused(
            RefusalCode.NOT_ALLOWED, "This account is suspended: whoever administers the instance can say why."
        )
    if person.state == "PENDING":
        person.state = "ACTIVE"
        session.record(Actor(person.id), "participant.joined", person)
    if actor.id is not None and actor.session is not None:  # what was signed in here before ends
        await sessions.end(session, actor.id, only=actor.session)
    secret, row = await sessions.begin(session, person.id, transport)
    if transport == "COOKIE":
        context.cookies[cookie_name(session.app.settings)] = secret
    context.actor = Actor(person.id, session=row.id)  # so that the rest of the document is answered to them
    shown = secret if transport == "BEARER" else None
    return SignedIn(participant_id=person.id, secret=shown, expires_at=row.expires_at)


async def sign_out(
    session: Session, actor: Actor, *, id: UUID | None = None, all: bool = False, context: Context
) -> UUID:
    """End this session, another one of one's own, or all of them. What they listen to is closed."""
    await session.authorize_alone(actor, "identity.sign_out")
    assert actor.id is not None
    which = None if all else id or actor.session
    if which is None and not all:
        raise invalid("id", "This is not a session: name one, end all, or take a token back with revokeToken.")
    if not await sessions.end(session, actor.id, only=which) and not all:
        raise Refused(RefusalCode.NOT_FOUND, "You have no such session: it may have ended.")
    if all or which == actor.session:
        forget_cookie(session, context)
    session.record(actor, "participant.signed_out", await session.get_one(ParticipantRow, actor.id))
    return actor.id


def forget_cookie(session: Session, context: Context) -> None:
    """Have the browser forget its session, if it has one."""
    name = cookie_name(session.app.settings)
    if context.can_set_cookies and name in context.given_cookies:
        context.cookies[name] = None


async def known(session: Session, email: str) -> UUID | None:
    """The participant of an address, if somebody has it."""
    mine = select(col(IdentityRow.participant_id)).where(col(IdentityRow.email) == links.email_of(email))
    found: UUID | None = (await session.execute(mine)).scalar()
    return found


async def invite(session: Session, email: str) -> UUID:
    """The participant of an address: PENDING until they sign in, if nobody had it."""
    found = await known(session, email)
    return found or (await _new(session, links.email_of(email), session.app.settings.locale, "PENDING")).id


async def _person(session: Session, link: SignInLinkRow) -> ParticipantRow:
    found = await known(session, link.email)
    if found is None:
        return await _new(session, link.email, link.locale, "PENDING")
    return await session.get_one(ParticipantRow, found, with_for_update=True)


async def _new(session: Session, email: str, locale: str, state: str) -> ParticipantRow:
    word = "Participant·e" if locale == "fr" else "Participant"
    row = new_participant(session, f"{word} {session.app.clock.digits()[:4]}", state=state)
    await session.flush()
    mine = IdentityRow(participant_id=row.id, email=email, locale=locale, created_at=session.now)
    if not await session.add_once(mine):
        raise Refused(RefusalCode.CONFLICT, "Someone took this address at the same moment: try again.")
    return row


async def holder_of(session: Session, address: str) -> UUID | None:
    """Who has an account with this address, in small letters; for rules, not to be told."""
    whose = select(col(IdentityRow.participant_id)).where(col(IdentityRow.email) == address)
    found: UUID | None = (await session.execute(whose)).scalar_one_or_none()
    return found


def address_of(participant: ColumnElement[UUID]) -> ColumnElement[str | None]:
    """The address of a participant, as SQL, to compare with: nobody else reads it. Null if there is none."""
    it = table_of(IdentityRow).alias().c
    mine = select(it.email).where(it.participant_id == participant)
    within = getattr(participant, "table", None)
    return (mine.correlate(within) if within is not None else mine).scalar_subquery()
