"""What the tests of webhooks share: a webhook, what happens, and what arrives at its receiver, checked as docs say."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hemicycle.api import Answer, Failure, OutboundError
from hemicycle.kernel.jobs.run import run_due
from hemicycle.testing import World
from hemicycle.testing.outside import Asked

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text("utf-8")
DOWN = OutboundError(Failure.UNREACHABLE, "nobody answers")
EVENTS = ["CONTRIBUTION_PUBLISHED", "CONTRIBUTION_EDITED", "CONTRIBUTION_WITHDRAWN"]
FOREVER = 10**12


def receiver() -> Callable[..., Any]:
    """`verify` of the page."""
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), names)  # noqa: S102  (our own page)
    verify: Callable[..., Any] = names["verify"]
    return verify


VERIFY = receiver()


def status(number: int) -> Answer:
    return Answer(number, {}, b"", "")


@dataclass
class Hook:
    """A webhook that was registered."""

    world: World
    id: str
    url: str
    secret: str

    def answers(self, *said: Answer | OutboundError) -> None:
        """What its receiver answers, one after the other; the last one stays."""
        self.world.outside.answers[self.url] = list(said)

    @property
    def asked(self) -> list[Asked]:
        """The requests that reached it."""
        return [one for one in self.world.outside.asked if one.url == self.url]

    @property
    def got(self) -> list[Any]:
        """The messages that it got, each with a good signature."""
        return [VERIFY(self.secret, one.headers, one.body, FOREVER) for one in self.asked]

    @property
    def subjects(self) -> list[str]:
        """The ids of what it was told about."""
        return [one["data"]["subject"]["id"] for one in self.got]

    async def look(self, who: str = "steward") -> Any:
        """It, and its deliveries, the newest first."""
        body = """state disabledBecause failingSince restsUntil deliveries { nodes { id event state attempts lastFailure
            lastStatus nextTryAt lastTriedAt activity { subject { id } } } }"""
        document = f"query($id: ID!) {{ node(id: $id) {{ ... on Webhook {{ {body} }} }} }}"
        return (await self.world.ask(document, who, id=self.id))["node"]

    async def states(self) -> list[str]:
        """Where its deliveries stand, the oldest first."""
        return [one["state"] for one in reversed((await self.look())["deliveries"]["nodes"])]

    async def do(self, verb: str, who: str = "steward", **given: Any) -> Any:
        """What a mutation about it answers."""
        return await self.world.change(verb, who, webhook=self.id, **given)


async def register(
    world: World, who: str = "steward", name: str = "one", space: str = "Space:OPEN", **given: Any
) -> Hook:
    """A webhook whose receiver answers 204."""
    url = f"https://{name}.example/hook"
    said = {"space": world.gid(space), "url": url, "events": EVENTS, **given}
    told = await world.change("subscribeWebhook", who, "secret webhook { id }", **said)
    assert told["__typename"] == "WebhookSecret", told
    hook = Hook(world, told["webhook"]["id"], url, told["secret"])
    hook.answers(status(204))
    return hook


async def say(world: World, who: str = "author", space: str = "Space:OPEN", **given: Any) -> str:
    """The id of a new contribution."""
    said = {"space": world.gid(space), "title": "A title", "text": "Words.", **given}
    told = await world.change("contribute", who, "id", **said)
    assert told["__typename"] == "Contribution", told
    return str(told["id"])


async def work(world: World, *, times: int = 1, **later: float) -> None:
    """Let the worker do what is due; `later`: again after that time, so many times."""
    await run_due(world.app)
    if later:
        for _ in range(times):
            world.clock.forward(**later)
            await run_due(world.app)
