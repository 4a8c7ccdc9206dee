"""Webhooks: what happens here, told to other systems, signed, at least once, and as far as someone sees it."""

from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import func, select

from hemicycle.api import (
    Action,
    Application,
    Check,
    Event,
    Finding,
    Handler,
    Job,
    Mutation,
    Participant,
    PersonalData,
    PluginInfo,
    Sample,
    SchemaPart,
    Space,
    SpaceRow,
    hookimpl,
)
from hemicycle_webhooks import rules, samples, sending
from hemicycle_webhooks.graphql import OnParticipant, OnSpace, Webhook, WebhookDelivery
from hemicycle_webhooks.models import DeliveryRow, WebhookRow
from hemicycle_webhooks.mutations import OnMutation


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo("Webhooks", "What happens here, told to other systems.")


@hookimpl
def declare_actions() -> list[Action]:
    def own(verb: str, told: str, *states: str, roles: tuple[str, ...] = ()) -> Action:
        return Action(f"webhooks.{verb}", told, WebhookRow, roles, own=True, states=states)

    return [
        Action("webhooks.subscribe", "Have what happens in it sent to an address.", SpaceRow, ["steward"]),
        own("change", "Change what it tells."),
        own("rotate_secret", "Take a new secret."),
        own("disable", "Have it send nothing.", "ENABLED", roles=("administrator",)),
        own("enable", "Have it send again.", "DISABLED"),
        own("test", "Send something, to see whether it arrives.", "ENABLED"),
        own("replay_dead", "Send all that was given up once more.", "ENABLED"),
        own("remove", "Forget it.", roles=("administrator",)),
        Action(
            "webhooks.replay", "Send it once more.", DeliveryRow, own=True, states=["DELIVERED", "DEAD", "WITHHELD"]
        ),
    ]


@hookimpl
def declare_events() -> list[Event]:
    def event(verb: str, told: str, english: str, french: str) -> Event:
        return Event(f"webhooks.{verb}", told, english=english, french=french, public=False)

    return [
        event("subscribed", "A webhook was registered.", "{actor} registered a webhook.",
              "{actor} a enregistré un webhook."),
        event("changed", "It tells something else.", "{actor} changed a webhook.", "{actor} a modifié un webhook."),
        event("rotated", "It has a new secret.", "{actor} gave a webhook a new secret.",
              "{actor} a changé le secret d’un webhook."),
        event("disabled", "It sends nothing any more.", "Nothing is sent to {reason} any more: the webhook says why.",
              "Plus rien n’est envoyé à {reason} : le webhook dit pourquoi."),
        event("enabled", "It sends again.", "{actor} switched a webhook on.", "{actor} a remis un webhook en marche."),
        event("tested", "Somebody tries whether something arrives.", "{actor} tries a webhook.",
              "{actor} essaie un webhook."),
        event("removed", "It was removed.", "{actor} removed a webhook.", "{actor} a supprimé un webhook."),
    ]  # fmt: skip


@hookimpl
def declare_handlers() -> list[Handler]:
    return [Handler("webhooks.queue", "Find out who is to be told.", event=None, run=sending.queue, outward=True)]


@hookimpl
def declare_jobs() -> list[Job]:
    return [
        Job(rules.SEND, "Send what is due to one webhook.", run=sending.send, aside=True, outward=True),
        Job("webhooks.tidy", "Forget what was delivered long ago.", run=sending.tidy, every=timedelta(hours=1)),
    ]


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    def of_webhook(column: str, told: str, *, export: bool = True) -> PersonalData:
        name = f"webhooks_webhook.{column}"
        return PersonalData(name, told, owner="owner_id", erase="DELETE", export=export)

    def of_delivery(column: str, told: str) -> PersonalData:
        through = ("webhook_id", "webhooks_webhook")
        name = f"webhooks_delivery.{column}"
        return PersonalData(name, told, owner="owner_id", through=through, erase="DELETE")

    return [
        of_webhook("url", "Where they had something sent to."),
        of_webhook("events", "Of which events."),
        of_webhook("query", "What they asked about each."),
        of_webhook("created_at", "Since when."),
        of_webhook("salt", "With what its secret is made.", export=False),
        of_delivery("event", "What their webhooks were told."),
        of_delivery("queued_at", "When."),
    ]


@hookimpl
def declare_checks() -> list[Check]:
    return [Check("webhooks.dead", "What could not be delivered.", run=_dead)]


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def extend_schema() -> SchemaPart:
    extend: dict[type, type] = {Space: OnSpace, Participant: OnParticipant, Mutation: OnMutation}
    return SchemaPart(extend=extend, types=(Webhook, WebhookDelivery))


@hookimpl
async def settle_restored(app: Application) -> dict[str, int]:
    return await sending.settle(app)


async def _dead(app: Application) -> AsyncIterator[Finding]:
    it = rules.deliveries.c
    async with app.db.read() as connection:
        counted = select(func.count()).select_from(DeliveryRow).where(it.state == "DEAD")
        if number := (await connection.execute(counted)).scalar_one():
            yield Finding(
                f"{number} deliveries of webhooks were given up.",
                "Whoever registered them sees them (Space.webhooks), and sends them again (replayDelivery).",
                serious=False,
            )
