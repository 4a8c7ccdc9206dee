"""Who stands behind a secret: sessions of people, tokens of programs."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Occurrence
from hemicycle.kernel.events.broadcast import SESSION_ENDED
from hemicycle.participants.identity.models import SessionRow, TokenRow
from hemicycle.participants.identity.secrets import hashed, is_token
from hemicycle.participants.models import ParticipantRow

LONGEST, IDLE = timedelta(days=30), timedelta(hours=12)
LONGEST_OF_ADMINISTRATORS, IDLE_OF_ADMINISTRATORS = timedelta(hours=12), timedelta(hours=1)
COARSE = timedelta(minutes=10)

sessions, tokens, people = map(table_of, (SessionRow, TokenRow, ParticipantRow))


async def identify(app: Application, credential: str) -> Actor | None:
    """Who stands behind the secret of a session or a token, if it still works and they take part."""
    now = app.clock.now()
    if is_token(credential):
        found = await _token(app, hashed(app, "token", credential), now)
        seen = found and (tokens, "last_used_at", found.id, found.last_used_at)
        actor = found and Actor(found.participant_id, frozenset(found.scopes))
    else:
        found = await _session(app, hashed(app, "session", credential), now)
        seen = found and (sessions, "last_seen_at", found.id, found.last_seen_at)
        actor = found and Actor(found.participant_id, session=found.id)
    if seen is not None and (seen[3] is None or now - seen[3] > COARSE):
        with suppress(DBAPIError):  # a full disk must not keep anyone from reading
            await _note(app, *seen)
    return actor


async def begin(session: Session, participant: UUID, transport: str) -> tuple[str, SessionRow]:
    """A new session, and its secret."""
    secret = session.app.clock.token()
    row = SessionRow(
        secret_hash=hashed(session.app, "session", secret), participant_id=participant, transport=transport,
        created_at=session.now, last_seen_at=session.now, expires_at=session.now + LONGEST,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return secret, row


async def end(session: Session, participant: UUID, *, only: UUID | None = None, but: UUID | None = None) -> bool:
    """End this person's sessions, and what they listen to: all, `only` one, or all `but` one. Whether there were any.
    """  # fmt: skip
    mine = delete(SessionRow).where(col(SessionRow.participant_id) == participant)
    if only is not None:
        mine = mine.where(col(SessionRow.id) == only)
    if but is not None:
        mine = mine.where(col(SessionRow.id) != but)
    ended = (await session.execute(mine.returning(SessionRow))).scalars().all()
    for one in ended:
        session.record(Actor(participant), SESSION_ENDED, one)
    return bool(ended)


async def end_suspended(app: Application, happened: Occurrence) -> None:
    """Handler: whoever is suspended signs in again when that is over."""
    async with app.write() as session:
        await end(session, happened.subject_id)


async def _token(app: Application, known: str, now: datetime) -> Any:
    mine = select(tokens).join(people, people.c.id == tokens.c.participant_id)
    mine = mine.where(tokens.c.secret_hash == known, tokens.c.expires_at > now, people.c.state == "ACTIVE")
    async with app.db.read() as connection:
        return (await connection.execute(mine)).one_or_none()


async def _session(app: Application, known: str, now: datetime) -> Any:
    mine = select(sessions).join(people, people.c.id == sessions.c.participant_id)
    mine = mine.where(sessions.c.secret_hash == known, sessions.c.expires_at > now, people.c.state == "ACTIVE")
    async with app.db.read() as connection:
        found = (await connection.execute(mine)).one_or_none()
        if found is None or now - found.last_seen_at > IDLE:
            return None
        old = now - found.created_at > LONGEST_OF_ADMINISTRATORS or now - found.last_seen_at > IDLE_OF_ADMINISTRATORS
        return None if old and await _administers(app, connection, found.participant_id) else found


async def _administers(app: Application, connection: AsyncConnection, participant: UUID) -> bool:
    holds = select(app.access.holding(["administrator"], None))
    return bool((await connection.execute(holds, {"viewer": participant})).scalar_one())


async def _note(app: Application, table: Any, column: str, key: UUID, before: datetime | None) -> None:
    async with app.write() as session:
        mine = (table.c.id == key, table.c[column].is_not_distinct_from(before))  # of many requests at once, one writes
        await session.execute(update(table).where(*mine).values({column: session.now}))
