"""What the tests of polls share: a poll as GraphQL makes it, ballots, and a look at one."""

from typing import Any

from hemicycle.api import Actor, new_participant
from hemicycle.kernel.jobs import queue
from hemicycle.testing import World

LATER = "2026-04-01T00:00:00Z"


async def prepare(world: World, **said: Any) -> str:
    """The id of a new poll with three options, DRAFT."""
    said = {
        "space": world.gid("Space:OPEN"), "question": "Which?", "method": "PLURALITY", "closesAt": LATER,
        "options": [{"label": "Ana"}, {"label": "Bo"}, {"label": "Cy"}], **said,
    }  # fmt: skip
    told = await world.change("createPoll", "steward", "id", **said)
    assert told["__typename"] == "Poll", told
    return str(told["id"])


async def opened(world: World, **said: Any) -> str:
    """The id of a new poll, OPEN."""
    poll = await prepare(world, **said)
    assert await step(world, "openPoll", poll) == "OPEN"
    return poll


async def step(world: World, mutation: str, poll: str, who: str | Actor = "steward", **given: Any) -> str:
    """The poll's state, or the code of the refusal."""
    told = await world.change(mutation, who, "state", poll=poll, **given)
    return str(told.get("code") or told["state"])


async def options(world: World, poll: str) -> dict[str, str]:
    """The ids of the options, by their labels."""
    body = "options(first: 100) { nodes { id label } }"
    return {one["label"]: one["id"] for one in (await look(world, poll, body, "steward"))["options"]["nodes"]}


async def look(world: World, poll: str, body: str, who: str | Actor = "visitor") -> Any:
    """Fields of a poll as someone sees them."""
    return (await world.ask(f"query($id: ID!) {{ poll(id: $id) {{ {body} }} }}", who, id=poll))["poll"]


async def people(world: World, number: int) -> list[Actor]:
    """New persons who take part."""
    async with world.app.write() as session:
        rows = [new_participant(session, f"Person {at}") for at in range(number)]
        await session.flush()
        return [Actor(one.id) for one in rows]


async def vote(world: World, poll: str, who: str | Actor, label: str = "", **given: Any) -> str:
    """Cast a ballot: for one option, or as `given`; the code of the refusal, or the state."""
    if label:
        given["choices"] = [(await options(world, poll))[label]]
    return await step(world, "castBallot", poll, who, **given)


async def work(world: World) -> None:
    """Everything that is due in the queue of jobs, run to its end."""
    from hemicycle.kernel.jobs.run import run, work_of

    while jobs := await queue.claim(world.app, 20):
        for job in jobs:
            await run(world.app, job, work_of(world.app, job))


async def finish(world: World, poll: str, **given: Any) -> None:
    """Close, count and publish."""
    assert await step(world, "closePoll", poll, reason="It is enough.") == "CLOSED"
    assert await step(world, "countPoll", poll, **given) == "COUNTED"
    assert await step(world, "publishPoll", poll) == "PUBLISHED"
