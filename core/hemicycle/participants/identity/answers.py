"""What mutations with secrets answer: shown once, kept nowhere."""

from datetime import datetime
from uuid import UUID

import strawberry

from hemicycle.kernel.graphql.context import Info
from hemicycle.kernel.graphql.resolve import fetch
from hemicycle.participants.graphql import Participant


@strawberry.type(description="A mail is on its way, with a link and a code that work for a quarter of an hour, once.")
class LinkRequested:
    request_key: str | None = strawberry.field(
        description="Say it with the link's token or the code; null if it was set as a cookie."
    )
    expires_at: datetime = strawberry.field(description="When the link and the code stop working.")


async def _who(root: "SignedIn", info: Info) -> Participant | None:
    found: Participant | None = await fetch(info, Participant, root.participant_id)
    return found


@strawberry.type(description="Someone is signed in.")
class SignedIn:
    participant_id: strawberry.Private[UUID]
    secret: str | None = strawberry.field(
        description="Send it as `Authorization: Bearer …`; null if it was set as a cookie."
    )
    expires_at: datetime = strawberry.field(description="When the session ends at the latest.")
    participant: Participant | None = strawberry.field(description="Who it is.", resolver=_who)


@strawberry.type(description="A new token for the API.")
class NewToken:
    id: strawberry.ID = strawberry.field(description="Give it to `revokeToken`.")
    secret: str = strawberry.field(
        description="The token. It is not shown again: keep it where only the program reads."
    )
    expires_at: datetime = strawberry.field(description="When it stops working.")


@strawberry.type(description="Everything that is kept about you.")
class PersonalExport:
    json: str = strawberry.field(description="As JSON: for each table, its rows; and for each row, its columns.")
