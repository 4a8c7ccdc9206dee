"""An identity, a session and a token of Participant:ACTIVE, for tests."""

from datetime import timedelta
from uuid import UUID

from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Sample
from hemicycle.participants.identity import sessions
from hemicycle.participants.identity.links import LASTS
from hemicycle.participants.identity.models import (
    TO_CHANGE_EMAIL,
    IdentityRow,
    SignInLinkRow,
    TokenRow,
    UnsubscribeRow,
)
from hemicycle.participants.identity.secrets import hashed

EMAIL = "sample@example.org"


async def _identity(session: Session, world: dict[str, UUID]) -> UUID:
    who = world["Participant:ACTIVE"]
    session.add(IdentityRow(participant_id=who, email=EMAIL, locale="en", created_at=session.now))
    return who


async def _session(session: Session, world: dict[str, UUID]) -> UUID:
    _, row = await sessions.begin(session, world["Participant:ACTIVE"], "BEARER")
    return row.id


async def _token(session: Session, world: dict[str, UUID]) -> UUID:
    row = TokenRow(
        secret_hash=hashed(session.app, "token", "sample"), participant_id=world["Participant:ACTIVE"],
        label="A sample", scopes=["read:public"], created_at=session.now, expires_at=session.now + timedelta(days=30),
    )  # fmt: skip
    session.add(row)
    return row.id


async def _link(session: Session, world: dict[str, UUID]) -> UUID:
    row = SignInLinkRow(
        email="another@example.org", purpose=TO_CHANGE_EMAIL, participant_id=world["Participant:ACTIVE"], locale="en",
        request_hash=hashed(session.app, "request", "sample"), expires_at=session.now + LASTS,
    )  # fmt: skip
    session.add(row)
    return row.id


async def _unsubscribe(session: Session, world: dict[str, UUID]) -> UUID:
    who, key = world["Participant:ACTIVE"], hashed(session.app, "unsubscribe", "sample")
    session.add(UnsubscribeRow(key_hash=key, participant_id=who, created_at=session.now))
    return who


SAMPLES = [
    Sample("Identity", "The address of Participant:ACTIVE.", make=_identity),
    Sample("SignInSession", "A session of Participant:ACTIVE.", make=_session),
    Sample("SignInLink", "That Participant:ACTIVE wants to move to another address.", make=_link),
    Sample("Unsubscribe", "The key at the end of a mail to Participant:ACTIVE.", make=_unsubscribe),
    Sample("ApiToken", "A token of Participant:ACTIVE.", make=_token),
]
