"""The key at the end of a mail: it ends such mail, and can do nothing else."""

from sqlalchemy import select, update
from sqlmodel import col

from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.participants.identity.models import IdentityRow, UnsubscribeRow
from hemicycle.participants.identity.secrets import hashed


async def unsubscribe(session: Session, *, key: str) -> None:
    """Write to them no more. A second time changes nothing. Refused (EXPIRED) if the key is not one of ours."""
    known = select(col(UnsubscribeRow.participant_id)).where(
        col(UnsubscribeRow.key_hash) == hashed(session.app, "unsubscribe", key)
    )
    who = (await session.execute(known)).scalar()
    if who is None:
        raise Refused(RefusalCode.EXPIRED, "This link works no longer: sign in, and change what you agreed to.")
    await session.execute(
        update(IdentityRow).where(col(IdentityRow.participant_id) == who).values(consent_contact=False)
    )
