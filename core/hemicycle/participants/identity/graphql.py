"""Identity in the API: signing in and out, tokens, consent, taking everything away, and going."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, select

from hemicycle.kernel.db.dialect import VIEWER, table_of
from hemicycle.kernel.graphql.declare import column, connection, descending, id_of, mapped, mutation, value
from hemicycle.kernel.graphql.enums import Locale
from hemicycle.kernel.graphql.sources import Expression, Row
from hemicycle.kernel.graphql.types import Connection, Node
from hemicycle.participants.graphql import Participant
from hemicycle.participants.identity import account, rules, tokens
from hemicycle.participants.identity.answers import LinkRequested, NewToken, PersonalExport, SignedIn
from hemicycle.participants.identity.models import IdentityRow, SessionRow, TokenRow


@strawberry.enum(description="How a secret reaches whoever it is for.")
class Transport(Enum):
    COOKIE = strawberry.enum_value("COOKIE", description="In a cookie that no script reads: for pages of this site.")
    BEARER = strawberry.enum_value("BEARER", description="In the answer: for programs, and for pages of other sites.")


@strawberry.enum(description="What of a person is erased.")
class ErasureScope(Enum):
    ACCOUNT = strawberry.enum_value("ACCOUNT", description="Who they are; what they wrote stays, without a name.")
    ACCOUNT_AND_CONTENT = strawberry.enum_value(
        "ACCOUNT_AND_CONTENT", description="What they wrote too; tombstones stay, and what was counted."
    )


@strawberry.enum(description="Orders of sessions.")
class SessionOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.created_at)


@strawberry.enum(description="Orders of tokens.")
class TokenOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.created_at)


def _mine(row: Row) -> ColumnElement[bool]:
    own: ColumnElement[bool] = row.participant_id == VIEWER
    return own


def _identity(name: str) -> Expression:
    """A column of the identity behind a participant."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = table_of(IdentityRow).alias().c
        return select(it[name]).where(it.participant_id == row.id).correlate(row.id.table).scalar_subquery()

    return expression


@mapped(SessionRow, "That you are signed in somewhere: known to you alone.", visible=_mine, own="participant_id")
class SignInSession(Node):
    transport: Transport = column("How its secret travels.")
    created_at: datetime = column("When you signed in.")
    last_seen_at: datetime = column("When it was last used, give or take ten minutes.")
    expires_at: datetime = column("When it ends at the latest; it ends earlier where it is not used.")


@mapped(TokenRow, "A program that acts for you: known to you alone.", visible=_mine, own="participant_id")
class ApiToken(Node):
    label: str = column("What you called it.")
    scopes: list[str] = column("What it may do: `read:public`, `read`, `write`, or names of actions (100 at most).")
    created_at: datetime = column("When you made it.")
    last_used_at: datetime | None = column("When it was last used, give or take ten minutes; null if it never was.")
    expires_at: datetime = column("When it stops working.")


@strawberry.type
class OnParticipant:
    email: str | None = column(
        "Their address: for themselves only.", _identity("email"), requires="participant.read_identity"
    )
    consent_contact: bool | None = column(
        "Whether they agreed to be written to: for themselves only.", _identity("consent_contact"),
        requires="participant.read_identity",
    )  # fmt: skip
    sessions: Connection[SignInSession] = connection(
        "Where they are signed in: for themselves only.", by="participant_id", order=SessionOrder.NEWEST
    )
    tokens: Connection[ApiToken] = connection(
        "Programs that act for them: for themselves only.", by="participant_id", order=TokenOrder.NEWEST
    )


@strawberry.input(description="Where to send a link.")
class RequestSignInLinkInput:
    email: str = value("The address.")
    locale: Locale | None = value("The language of the mail: the instance's own if not said.", strawberry.UNSET)
    transport: Transport = value("How the `requestKey` reaches you.", Transport.BEARER)


@strawberry.input(description="What was in the mail, and who asked for it.")
class SignInInput:
    token: str | None = value("The token of the link; or the code.", strawberry.UNSET)
    code: str | None = value("The code of six digits; or the token.", strawberry.UNSET)
    request_key: str | None = value("What `requestSignInLink` answered, unless it set a cookie.", strawberry.UNSET)
    transport: Transport = value("How the secret of the session reaches you.", Transport.BEARER)


@strawberry.input(description="Which sessions to end: this one, if nothing is said.")
class SignOutInput:
    id: strawberry.ID | None = id_of("Another session of yours.", SignInSession, optional=True)
    all: bool = value("All of them.", False)


@strawberry.input(description="A program that shall act for you.")
class CreateTokenInput:
    label: str = value("What you call it: 100 characters at most.")
    scopes: list[str] = value("What it may do: `read:public`, `read`, `write`, or names of actions.")
    expires_at: datetime | None = value("When it ends, within a year: in 90 days if not said.", strawberry.UNSET)


@strawberry.input(description="Which token.")
class RevokeTokenInput:
    token: strawberry.ID = id_of("The token.", ApiToken)


@strawberry.input(description="What you agree to.")
class UpdateConsentInput:
    contact: bool = value("To be written to about what you follow. Decisions about you are told in any case.")


@strawberry.input(description="Another address of yours.")
class ChangeEmailInput:
    email: str = value("The address.")
    transport: Transport = value("How the `requestKey` reaches you.", Transport.BEARER)


@strawberry.input(description="What was in the mail, and who asked for it.")
class ConfirmEmailInput:
    code: str = value("The code of six digits.")
    request_key: str | None = value("What `changeEmail` answered, unless it set a cookie.", strawberry.UNSET)


@strawberry.input(description="How much goes, and that you mean it.")
class EraseMeInput:
    scope: ErasureScope = value("What of you is erased.")
    confirm: str = value("Your display name or your address, so that nobody goes by mistake.")


@strawberry.type
class OnMutation:
    request_sign_in_link: LinkRequested = mutation(
        "Have a mail sent with a link and a code. The answer is the same for known and unknown addresses.",
        rules.request_sign_in_link, RequestSignInLinkInput, action="identity.request_sign_in_link", secret=True,
    )  # fmt: skip
    sign_in: SignedIn = mutation(
        "Sign in with what was in the mail; the first time, begin to take part.", rules.sign_in, SignInInput,
        action="identity.sign_in", secret=True,
    )  # fmt: skip
    sign_out: Participant = mutation(
        "End this session, another one, or all. What was listened to is closed.", rules.sign_out, SignOutInput,
        action="identity.sign_out",
    )  # fmt: skip
    create_token: NewToken = mutation(
        "Let a program act for you.", tokens.create_token, CreateTokenInput, action="identity.create_token", secret=True
    )
    revoke_token: Participant = mutation(
        "Take a token back: it stops working at once.", tokens.revoke_token, RevokeTokenInput,
        action="identity.revoke_token",
    )  # fmt: skip
    update_consent: Participant = mutation(
        "Say what you agree to.", account.update_consent, UpdateConsentInput, action="identity.update_consent"
    )
    change_email: LinkRequested = mutation(
        "Have a code sent to another address of yours.", account.change_email, ChangeEmailInput,
        action="identity.change_email", secret=True,
    )  # fmt: skip
    confirm_email: Participant = mutation(
        "Move to the address that the code was sent to; your other sessions end.", account.confirm_email,
        ConfirmEmailInput, action="identity.change_email", secret=True,
    )  # fmt: skip
    export_me: PersonalExport = mutation(
        "Take everything away that is kept about you.",
        account.export_me,
        None,
        action="identity.export_me",
        secret=True,
    )
    erase_me: Participant = mutation("Go, for good.", account.erase_me, EraseMeInput, action="identity.erase_me")
