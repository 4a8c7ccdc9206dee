"""One's own account: what one agrees to, another address, taking everything away, and going."""

import json
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import col

from hemicycle.kernel.access.actor import SYSTEM, Actor
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.privacy.erase import erase, written_by
from hemicycle.kernel.privacy.erasures import remember
from hemicycle.kernel.privacy.export import export
from hemicycle.kernel.search import index
from hemicycle.participants.identity import links, sessions
from hemicycle.participants.identity.answers import LinkRequested, PersonalExport
from hemicycle.participants.identity.models import TO_CHANGE_EMAIL, IdentityRow, SignInLinkRow
from hemicycle.participants.identity.rules import forget_cookie
from hemicycle.participants.identity.tokens import in_person
from hemicycle.participants.models import ParticipantRow, StructureMemberRow


async def update_consent(session: Session, actor: Actor, *, contact: bool) -> UUID:
    """Whether one may be written to about what one follows. Decisions about oneself are told in any case."""
    await session.authorize_alone(actor, "identity.update_consent")
    row = await _identity(session, actor)
    row.consent_contact = contact
    return row.participant_id


async def change_email(
    session: Session, actor: Actor, *, email: str, transport: str = "BEARER", context: Context
) -> LinkRequested:
    """Have a mail sent to another address of one's own. The present one is told of it."""
    await session.authorize_alone(actor, "identity.change_email")
    in_person(actor)
    row = await _identity(session, actor)
    return await links.request(
        session, context, email, row.locale, transport, purpose=TO_CHANGE_EMAIL, participant=actor.id
    )


async def confirm_email(
    session: Session, actor: Actor, *, code: str, request_key: str | None = None, context: Context
) -> UUID | Refused:
    """Move to the address whose mail one has read. One's other sessions end."""
    await session.authorize_alone(actor, "identity.change_email")
    in_person(actor)
    link = await links.use(session, context, TO_CHANGE_EMAIL, request_key, None, code)
    if isinstance(link, Refused):
        return link
    if link.participant_id != actor.id:
        return Refused(RefusalCode.NOT_ALLOWED, "Another account asked for this change: sign in to that one.")
    row = await _identity(session, actor)
    others = select(col(IdentityRow.participant_id)).where(
        col(IdentityRow.email) == link.email, col(IdentityRow.participant_id) != actor.id
    )
    if (await session.execute(others)).first():
        return Refused(RefusalCode.CONFLICT, "Another account has this address: sign in to that one.")
    row.email = link.email
    await sessions.end(session, row.participant_id, but=actor.session)
    session.record(actor, "participant.signed_out", await session.get_one(ParticipantRow, row.participant_id))
    return row.participant_id


async def export_me(session: Session, actor: Actor) -> PersonalExport:
    """Everything that the core and the plugins keep about one, those included whose package is gone."""
    await session.authorize_alone(actor, "identity.export_me")
    in_person(actor)
    assert actor.id is not None
    everything = await export(session, actor.id)
    return PersonalExport(json=json.dumps(everything, ensure_ascii=False, indent=2, sort_keys=True))


async def erase_me(session: Session, actor: Actor, *, scope: str, confirm: str, context: Context) -> UUID:
    """Go: the account alone, or with all that one wrote. It cannot be undone."""
    await session.authorize_alone(actor, "identity.erase_me")
    in_person(actor)
    assert actor.id is not None
    person = await session.get_one(ParticipantRow, actor.id, with_for_update=True)
    if person.state != "ACTIVE":  # of two requests at once, the second waits, then comes here
        raise Refused(RefusalCode.ALREADY_DONE, "This account is gone already.")
    identity = await session.get(IdentityRow, person.id)
    names = {one.casefold() for one in (person.display_name, identity and identity.email) if one}
    if confirm.strip().casefold() not in names:
        raise invalid("confirm", "Write your display name or your address, so that nobody goes by mistake.")
    await _hand_over_first(session, person.id)
    content = scope == "ACCOUNT_AND_CONTENT"
    await erase_person(session, person.id, content, actor)
    await remember(session.app, person.id, content)
    forget_cookie(session, context)
    return person.id


async def erase_person(session: Session, participant: UUID, content: bool, actor: Actor = SYSTEM) -> None:
    """What erasing someone is, whoever asks: they themselves, or the erasure journal after a backup was restored."""
    person = await session.get(ParticipantRow, participant)
    if person is None:  # the backup is older than they are
        return
    person.state = "ERASED"
    email = select(col(IdentityRow.email)).where(col(IdentityRow.participant_id) == participant).scalar_subquery()
    await session.execute(delete(SignInLinkRow).where(col(SignInLinkRow.email) == email))
    session.record(actor, "participant.erased", person)
    if content:
        session.record(actor, "participant.content_erased", person)
        await index.forget(session, await written_by(session, participant))
    await erase(session, participant, content)
    await session.enqueue("identity.maintain", once=f"maintain:{participant.hex}")


async def _identity(session: Session, actor: Actor) -> IdentityRow:
    row = await session.get(IdentityRow, actor.id, with_for_update=True)
    if row is None:
        raise Refused(RefusalCode.NOT_FOUND, "No address is kept for this account.")
    return row


async def _hand_over_first(session: Session, person: UUID) -> None:
    """Refuse while nobody else could speak for a structure."""
    mine = select(col(StructureMemberRow.structure_id)).where(col(StructureMemberRow.participant_id) == person)
    locked = select(ParticipantRow).where(col(ParticipantRow.id).in_(mine)).order_by(col(ParticipantRow.id))
    structures = (await session.execute(locked.with_for_update())).scalars().all()
    members = select(col(StructureMemberRow.structure_id)).where(col(StructureMemberRow.structure_id).in_(mine))
    alone = set(
        (
            await session.execute(members.group_by(col(StructureMemberRow.structure_id)).having(func.count() == 1))
        ).scalars()
    )
    names = [str(one.display_name) for one in structures if one.id in alone and one.state != "ERASED"]
    if names:
        told = f"Nobody else speaks for {', '.join(names)}: add another member first (addStructureMember)."
        raise Refused(RefusalCode.CONFLICT, told)
