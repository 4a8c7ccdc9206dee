"""Jobs that write to people: the link and the code that sign them in, and news of what concerns them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from hemicycle.kernel.access.policy import spoken
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.dialect import table_of, table_under
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Event, Occurrence
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.sources import mapping_of
from hemicycle.kernel.mail import Message
from hemicycle.participants.identity.links import page_of
from hemicycle.participants.identity.models import TO_SIGN_IN, IdentityRow, SignInLinkRow, UnsubscribeRow
from hemicycle.participants.identity.secrets import hashed
from hemicycle.participants.models import ParticipantRow

SIGN_IN = {
    "fr": ("{name} : votre lien de connexion", """Bonjour,

Pour vous connecter à {name}, ouvrez ce lien dans le navigateur où vous l’avez demandé, puis confirmez :

{page}

Ou saisissez-y ce code : {code}

Le lien et le code servent une seule fois, pendant un quart d’heure. Si vous n’avez rien demandé, n’en tenez pas
compte : personne ne peut s’en servir à votre place.
"""),
    "en": ("{name}: your sign-in link", """Hello,

To sign in to {name}, open this link in the browser where you asked for it, then confirm:

{page}

Or type this code there: {code}

The link and the code work once, within a quarter of an hour. If you did not ask for them, do nothing: nobody can
use them in your place.
"""),
}  # fmt: skip
NEW_EMAIL = {
    "fr": ("{name} : confirmez votre adresse", """Bonjour,

Pour que cette adresse devienne celle de votre compte sur {name}, saisissez ce code là où vous l’avez demandé : {code}

Il sert une seule fois, pendant un quart d’heure. Si vous n’avez rien demandé, n’en tenez pas compte.
"""),
    "en": ("{name}: confirm your address", """Hello,

To make this the address of your account at {name}, type this code where you asked for it: {code}

It works once, within a quarter of an hour. If you did not ask for it, do nothing.
"""),
}  # fmt: skip
OLD_EMAIL = {
    "fr": ("{name} : on change l’adresse de votre compte", """Bonjour,

Quelqu’un qui est connecté à votre compte sur {name} demande à en changer l’adresse. Si ce n’est pas vous,
connectez-vous, fermez toutes les sessions, et écrivez à qui administre l’instance.
"""),
    "en": ("{name}: someone changes the address of your account", """Hello,

Someone who is signed in to your account at {name} asks to change its address. If it is not you, sign in, end all
sessions, and write to whoever administers the instance.
"""),
}  # fmt: skip
NEWS = {
    "fr": ("{name} : du nouveau", "{told}\n\n{url}\n\nPour ne plus recevoir de nouvelles : {unsubscribe}\n"),
    "en": ("{name}: news", "{told}\n\n{url}\n\nTo receive no more news: {unsubscribe}\n"),
}


async def send_link(app: Application, link: str) -> None:
    """The job that sends a link. It makes its secrets itself, so that no queue ever holds them."""
    token, code = app.clock.token(), app.clock.digits()
    async with app.write() as session:
        row = await session.get(SignInLinkRow, UUID(link))
        if row is None or row.expires_at <= session.now:
            return
        row.code_hash = hashed(app, "code", code)
        if row.purpose == TO_SIGN_IN:
            row.token_hash = hashed(app, "link", token)
        former = await session.get(IdentityRow, row.participant_id) if row.participant_id else None
    if row.purpose == TO_SIGN_IN:
        await app.mailer.send(
            _letter(app, row.email, SIGN_IN[row.locale], page=page_of(app.settings, token), code=code)
        )
        return
    await app.mailer.send(_letter(app, row.email, NEW_EMAIL[row.locale], code=code))
    if former is not None:
        await app.mailer.send(_letter(app, former.email, OLD_EMAIL[row.locale]))


async def notify(app: Application, argument: str) -> None:
    """The job that tells someone of an event that concerns them. argument: `JOURNAL:PARTICIPANT`, ids in hexadecimal.

    A decision has a reason, and is told in any case; other news go to whoever agreed to have them.
    """
    journal, _, who = argument.partition(":")
    async with app.write() as session:
        row = await session.get(JournalRow, UUID(journal))
        reader = await session.get(IdentityRow, UUID(who))
        event: Event | None = app.declared[Event].get(row.event) if row else None
        if row is None or reader is None or event is None or not (row.reason or reader.consent_contact):
            return
        actor = await session.get(ParticipantRow, row.actor_id) if row.actor_id else None
        reason = row.reason if not row.private or row.subject_id == reader.participant_id else None
        told = event.sentence(
            reader.locale, actor=(actor and actor.display_name) or "", subject=await _subject(app, session, row),
            reason=reason or "",
        )  # fmt: skip
        message = _news(session, reader, told)
    await app.mailer.send(message)


async def news_letter(session: Session, participant: UUID, tell: Callable[[str], str]) -> Message | None:
    """A mail of news to someone who agreed to have them, with a key that ends such mail; None if nobody did.

    tell: what it says, in the language that it is given (`en`, `fr`). Hand it to `app.mailer` once this is committed.
    """
    reader = await session.get(IdentityRow, participant)
    if reader is None or not reader.consent_contact:
        return None
    return _news(session, reader, tell(reader.locale))


def agreed_to_news(participant: ColumnElement[UUID]) -> ColumnElement[bool]:
    """This participant has an address, and agreed to be written to."""
    it = table_of(IdentityRow).alias().c
    found = select(1).where(it.participant_id == participant, it.consent_contact)
    return found.correlate(table_under(participant)).exists()


async def tell_subject(app: Application, happened: Occurrence) -> None:
    """Handler: whom it happened to learns of it."""
    argument = f"{happened.id.hex}:{happened.subject_id.hex}"
    async with app.write() as session:
        await session.enqueue("participant.notify", argument, once=f"notify:{argument}")


async def _subject(app: Application, session: Any, row: JournalRow) -> str:
    """What the sentence calls the subject: a participant by their name, anything else by what it is."""
    known = app.types.get(row.subject_type)
    if known is None:
        return row.subject_type
    if mapping_of(known).table is not table_of(ParticipantRow):
        return spoken(row.subject_type)
    name = select(col(ParticipantRow.display_name)).where(col(ParticipantRow.id) == row.subject_id)
    return (await session.execute(name)).scalar() or ""


def _news(session: Session, reader: IdentityRow, told: str) -> Message:
    """A mail of news, and the key at its end."""
    app, key = session.app, session.app.clock.token()
    session.add(UnsubscribeRow(
        key_hash=hashed(app, "unsubscribe", key), participant_id=reader.participant_id, created_at=session.now
    ))  # fmt: skip
    url = app.settings.url.rstrip("/")
    end = f"{url}/identity/unsubscribe?key={key}"
    return _letter(app, reader.email, NEWS[reader.locale], told=told, url=url, unsubscribe=end, end=end)


def _letter(app: Application, to: str, text: tuple[str, str], *, end: str | None = None, **words: str) -> Message:
    subject, body = (one.format(name=app.settings.name, **words) for one in text)
    return Message(to, subject, body, unsubscribe=end)
