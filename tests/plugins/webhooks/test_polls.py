"""Before a poll closes, no webhook tells what was voted: neither by an event, nor in what it asks about one."""

from typing import Any

import pytest

from hemicycle.kernel.graphql.enums import constant
from hemicycle.testing import World
from tests.plugins.votes.polls.polling import opened, people, step, vote
from tests.plugins.votes.polls.test_silence import FIELDS, SILENT
from tests.plugins.webhooks.hooks import DOWN, Hook, register, status, work


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes", "webhooks"]}


def polls(hook: Hook) -> list[Any]:
    """What it was told of polls, each as (what happened, the answer to its query)."""
    told = [one for one in hook.got if one["data"]["subject"]["type"] == "Poll"]
    return [(one["type"], one["data"]["answer"]["data"]["node"]) for one in told]


async def test_nothing_is_told_before_it_closes(world: World) -> None:
    events = [constant(one.name) for one in world.app.public_events()]
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on Poll {{ {FIELDS} }} }} }}"
    hook = await register(world, "administrator", space="Space", events=events, query=query, sight="MINE")
    late = await register(world, "administrator", "late", "Space", events=events, query=query, sight="MINE")
    late.answers(DOWN, status(204))
    poll = await opened(world, secrecy="OPEN")
    await work(world)
    assert polls(hook) == [("votes.poll_opened", SILENT)]
    for at, person in enumerate(await people(world, 6)):
        assert await vote(world, poll, person, "Ana" if at else "Bo") == "OPEN"
    await work(world, minutes=1)
    assert polls(hook) == [("votes.poll_opened", SILENT)], "that someone voted is told to nobody"
    assert polls(late)[1:] == [("votes.poll_opened", SILENT)], "nor is it told in an answer that comes late"
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"
    await work(world)
    before = len(polls(hook))
    assert all(answer["result"] is None for _, answer in polls(hook))
    await step(world, "countPoll", poll)
    await step(world, "publishPoll", poll)
    await work(world)
    told = dict(polls(hook)[before:])
    assert told["votes.poll_published"]["result"]["ballots"] == 6


async def test_no_ballot_is_an_event_that_one_may_ask_for(world: World) -> None:
    for name in ("VOTES_BALLOT_CAST", "VOTES_SUPPORTED", "VOTES_PROXY_GIVEN"):
        given = {"space": world.gid("Space"), "url": "https://some.example/", "events": [name]}
        told = await world.change("subscribeWebhook", "administrator", **given)
        assert [one["path"] for one in told["problems"]] == ["input.events"]
