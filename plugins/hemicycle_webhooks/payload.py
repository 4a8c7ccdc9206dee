"""What a webhook is told: the API's own answer to whoever registered it, read when it is sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse

from hemicycle.api import READ, READ_PUBLIC, Actor, Application, encode_id, invalid, masked
from hemicycle_webhooks.models import DeliveryRow, WebhookRow

TESTED = "webhooks.tested"
SIGHTS = {"PUBLIC": READ_PUBLIC, "MINE": READ}
MOST = 256 * 1024  # bytes of an answer
PASSING = {"BUSY", "STORAGE_FULL"}
HAPPENED = """query Happened($id: ID!) {
  node(id: $id) { ... on Activity { at space { id slug } subject { __typename id } } }
}"""


@dataclass(frozen=True)
class Told:
    """What happened, as someone sees it: when (as the API writes it), where, and what it is about."""

    activity: str
    at: str
    space: dict[str, str]
    subject: dict[str, str]


def reader(row: WebhookRow) -> Actor:
    """Who reads for a webhook: its owner with a token of `read`, or of `read:public`."""
    return Actor(row.owner_id, scopes=frozenset({SIGHTS[row.sight]}))


async def told(app: Application, who: Actor, journal: UUID) -> Told | None:
    """What is seen of something that happened; None where it is not seen, or what it is about is not."""
    activity = encode_id("Activity", journal)
    found = await _ask(app, HAPPENED, who, id=activity)
    if "errors" in found:
        raise LookupError(f"what happened cannot be read: {found['errors']}")
    node = found["data"]["node"]
    if not node or not node["space"] or not node["subject"]:
        return None
    subject = {"id": node["subject"]["id"], "type": node["subject"]["__typename"]}
    return Told(activity, node["at"], node["space"], subject)


async def body(app: Application, row: WebhookRow, delivery: DeliveryRow) -> bytes | None:
    """The bytes to send; None if the webhook's owner does not see any more what it is about."""
    if delivery.event == TESTED:
        data: dict[str, Any] = {"webhook": encode_id("Webhook", row.id)}
        at = delivery.queued_at.isoformat()
    else:
        known = await told(app, reader(row), delivery.journal_id)
        if known is None:
            return None
        data, at = {"activity": known.activity, "space": known.space, "subject": known.subject}, known.at
        if row.query is not None:
            answer = await _ask(app, row.query, reader(row), id=known.subject["id"], activity=known.activity)
            if len(orjson.dumps(answer)) > MOST:
                answer = {
                    "data": None,
                    "errors": [{"message": f"The answer has more than {MOST} bytes: ask for less."}],
                }
            data["answer"] = answer
    return orjson.dumps({"type": delivery.event, "timestamp": at, "data": data})


async def check_query(app: Application, who: Actor, query: str, space: UUID) -> None:
    """Refuse what is not one query, or cannot be answered: it is asked of the space, to see."""
    try:
        found = parse(query, max_lexical_tokens=1000).definitions
    except GraphQLError as error:
        raise invalid("query", f"This is not GraphQL: {error.message}") from None
    operations = [one for one in found if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation != OperationType.QUERY:
        raise invalid("query", "Say one query: no mutation, no subscription, not several.")
    wanted = {one.variable.name.value for one in operations[0].variable_definitions or ()}
    if strange := sorted(wanted - {"id", "activity"}):
        raise invalid("query", f"Its variables are $id (what it is about) and $activity, not ${strange[0]}.")
    gid = encode_id("Space", space)
    answer = await _ask(app, query, who, id=gid, activity=gid)
    if "errors" in answer:
        raise invalid("query", f"This query cannot be answered: {answer['errors'][0]['message']}")


async def _ask(app: Application, document: str, who: Actor, **variables: str) -> dict[str, Any]:
    result = await app.execute(document, who, **variables)
    errors = [one.formatted for one in masked(result.errors or ())]
    if any(one["extensions"]["code"] in PASSING for one in errors):
        raise ConnectionError("the database does not answer")  # it is tried again
    return {"data": result.data} | ({"errors": errors} if errors else {})
