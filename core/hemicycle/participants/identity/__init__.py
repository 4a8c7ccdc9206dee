"""Who stands behind a participant, kept apart from the profile: signing in, sessions, tokens, export, erasure."""

from datetime import timedelta

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.declarations import Action, Event, Handler, Job, PersonalData, Routes, Sample
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.roots import Mutation
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.privacy.maintenance import maintain
from hemicycle.participants.graphql import Participant
from hemicycle.participants.identity import letters, pages, restored, samples, sessions, upkeep
from hemicycle.participants.identity.graphql import ApiToken, OnMutation, OnParticipant, SignInSession
from hemicycle.participants.identity.models import TokenRow


@hookimpl
def declare_actions() -> list[Action]:
    def action(verb: str, told: str, *who: str) -> Action:
        return Action(f"identity.{verb}", told, roles=who)

    return [
        action("request_sign_in_link", "Have a link sent by mail.", "visitor"),
        action("sign_in", "Sign in with what was in the mail.", "visitor"),
        action("sign_out", "End one's sessions.", "participant"),
        action("create_token", "Let a program act for oneself.", "participant"),
        Action("identity.revoke_token", "Take a token back.", TokenRow, own=True),
        action("update_consent", "Say what one agrees to.", "participant"),
        action("change_email", "Move to another address.", "participant"),
        action("export_me", "Take away everything that is kept about oneself.", "participant"),
        action("erase_me", "Go, for good.", "participant"),
    ]


@hookimpl
def declare_events() -> list[Event]:
    def event(verb: str, told: str, english: str, french: str) -> Event:
        return Event(f"participant.{verb}", told, english=english, french=french, public=False)

    return [
        event("signed_out", "Someone ended a session.", "{subject} signed out.", "{subject} s’est déconnecté·e."),
        event("session_ended", "A session ended, with what was listened to through it.", "A session ended.",
              "Une session a pris fin."),
        event("erased", "Someone went.", "Someone erased their account.", "Une personne a effacé son compte."),
        event("content_erased", "Someone who went took back all that they wrote.",
              "Someone erased what they wrote.", "Une personne a effacé ce qu’elle avait écrit."),
    ]  # fmt: skip


@hookimpl
def declare_handlers() -> list[Handler]:
    def tell(verb: str) -> Handler:
        return Handler(f"identity.tell_{verb}", "Tell them, and why.", event=f"participant.{verb}",
                       run=letters.tell_subject, outward=True)  # fmt: skip

    return [
        Handler("identity.end_sessions", "End the sessions of whoever is suspended.", event="participant.suspended",
                run=sessions.end_suspended),
        tell("suspended"),
        tell("reinstated"),
    ]  # fmt: skip


@hookimpl
def declare_jobs() -> list[Job]:
    return [
        Job("identity.send_link", "Send a link and a code by mail.", run=letters.send_link, outward=True),
        Job("identity.drop_expired", "Remove links, sessions and tokens that work no longer.", run=upkeep.drop_expired,
            every=timedelta(hours=1)),
        Job("identity.maintain", "Clear the database's files of what was erased.", run=maintain,
            timeout=timedelta(hours=1)),
        Job("participant.notify", "Write to someone about what concerns them.", run=letters.notify, outward=True),
    ]  # fmt: skip


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    def kept(table: str, column: str, told: str, *, export: bool = True) -> PersonalData:
        return PersonalData(f"core_{table}.{column}", told, owner="participant_id", erase="DELETE", export=export)

    return [
        kept("identity", "email", "Their address."),
        kept("identity", "locale", "The language of their mail."),
        kept("identity", "consent_contact", "Whether they agreed to be written to."),
        kept("identity", "created_at", "Since when their address is known."),
        kept("sign_in_link", "email", "An address that they want to move to."),
        kept("session", "transport", "How the secret of a session travels."),
        kept("session", "created_at", "When they signed in."),
        kept("session", "last_seen_at", "When a session was last used."),
        kept("session", "expires_at", "When a session ends."),
        kept("session", "secret_hash", "By what a session is known.", export=False),
        kept("token", "label", "What they called a token."),
        kept("token", "scopes", "What a token may do."),
        kept("token", "created_at", "When they made a token."),
        kept("token", "last_used_at", "When a token was last used."),
        kept("token", "expires_at", "When a token ends."),
        kept("token", "secret_hash", "By what a token is known.", export=False),
        kept("unsubscribe", "created_at", "When a mail was sent to them."),
    ]


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def add_routes() -> list[Routes]:
    return [Routes("identity", pages.ROUTES)]


@hookimpl
def extend_schema() -> SchemaPart:
    return SchemaPart(extend={Participant: OnParticipant, Mutation: OnMutation}, types=(SignInSession, ApiToken))


@hookimpl
async def identify_actor(app: Application, credential: str) -> Actor | None:
    return await sessions.identify(app, credential)


@hookimpl
async def settle_restored(app: Application) -> dict[str, int]:
    return await restored.settle(app)
