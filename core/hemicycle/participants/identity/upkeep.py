"""The timer that removes what has expired."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from hemicycle.kernel.application import Application
from hemicycle.participants.identity.models import SessionRow, SignInLinkRow, TokenRow, UnsubscribeRow
from hemicycle.participants.identity.sessions import IDLE

KEPT = timedelta(days=366)


async def drop_expired(app: Application, _: str) -> None:
    """Links, sessions and tokens that work no longer, and keys of mails that are more than a year old."""
    async with app.write() as session:
        for gone in (
            col(SignInLinkRow.expires_at) <= session.now,
            col(SessionRow.expires_at) <= session.now,
            col(SessionRow.last_seen_at) < session.now - IDLE,
            col(TokenRow.expires_at) <= session.now,
            col(UnsubscribeRow.created_at) < session.now - KEPT,
        ):
            await session.execute(delete(gone.left.table).where(gone))
