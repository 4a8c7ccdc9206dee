"""API tokens: programs that act for someone, with the scopes that they were given."""

from datetime import datetime, timedelta
from uuid import UUID

import strawberry

from hemicycle.kernel.access.actor import READ, READ_PUBLIC, WRITE, Actor
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Action
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.text import clean_name
from hemicycle.participants.identity.answers import NewToken
from hemicycle.participants.identity.models import TokenRow
from hemicycle.participants.identity.secrets import hashed, new_token

LONGEST, USUAL = timedelta(days=365), timedelta(days=90)


def in_person(actor: Actor) -> None:
    """Refuse a token: what it may not do is what would let it outlive its scopes, or end its owner."""
    if actor.scopes is not None:
        raise Refused(RefusalCode.NOT_ALLOWED, "A token cannot do this: sign in.")


async def create_token(
    session: Session, actor: Actor, *, label: str, scopes: list[str], expires_at: datetime | None = None
) -> NewToken:
    """A new token. Its secret is not shown again."""
    await session.authorize_alone(actor, "identity.create_token")
    in_person(actor)
    assert actor.id is not None
    known = {READ_PUBLIC, READ, WRITE, *session.app.declared[Action]}
    if not scopes or (unknown := [one for one in scopes if one not in known]):
        told = f"There is no scope {unknown[0]!r}" if scopes else "A token without a scope can do nothing"
        raise invalid("scopes", f"{told}: take {READ_PUBLIC}, {READ}, {WRITE}, or names of actions.")
    end = expires_at or session.now + USUAL
    if not session.now < end <= session.now + LONGEST:
        raise invalid("expires_at", "A token ends in the future, within a year: say when, with a time zone.")
    try:
        name = clean_name(label, longest=100)
    except ValueError as error:
        raise invalid("label", f"This label cannot be kept: {error}.") from None
    secret = new_token(session.app)
    row = TokenRow(
        secret_hash=hashed(session.app, "token", secret), participant_id=actor.id, label=name,
        scopes=sorted(set(scopes)), created_at=session.now, expires_at=end,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    gid = encode_id(session.app.table_types[table_of(TokenRow)], row.id)
    return NewToken(id=strawberry.ID(gid), secret=secret, expires_at=end)


async def revoke_token(session: Session, actor: Actor, *, token: UUID) -> UUID:
    """Take a token back: it stops working at once."""
    row = await session.authorize(actor, "identity.revoke_token", TokenRow, token)
    await session.delete(row)
    return row.participant_id
