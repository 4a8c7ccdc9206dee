"""What mutations with secrets answer: shown once, kept nowhere."""

from uuid import UUID

import strawberry

from hemicycle.api import Info, fetch
from hemicycle_webhooks.graphql import Webhook


async def _webhook(root: "WebhookSecret", info: Info) -> Webhook | None:
    found: Webhook | None = await fetch(info, Webhook, root.key)
    return found


@strawberry.type(description="A webhook, and the secret that signs what it sends.")
class WebhookSecret:
    key: strawberry.Private[UUID]
    secret: str = strawberry.field(
        description="`whsec_…`: give it to the receiver's Standard Webhooks library. It is not shown again."
    )
    webhook: Webhook | None = strawberry.field(description="The webhook.", resolver=_webhook)
