"""Greetings: who gives them, how often, and what is left of them; and all that the conformance kit asks."""

import asyncio
from typing import Any

import pytest

from hemicycle.testing import World, open_world
from hemicycle.testing.conformance import Conformance

GREETINGS = "query($id: ID!) { contribution(id: $id) { greetingCount greetings { nodes { words author { id } } } } }"
GREETED = "{ contributions(filter: { greeted: true }) { nodes { id } } }"


class TestConformance(Conformance):
    plugin = "hello"


async def test_a_participant_greets_an_author(world: World) -> None:
    target = world.gid("Contribution:REPLY")
    async with world.listen("greeted", "visitor", "words") as heard:
        done = await world.change("greet", "participant", "words", contribution=target, words="Well said!")
        assert done == {"__typename": "Greeting", "words": "Well said!"}
        assert await anext(heard) == {"words": "Well said!"}
    greeting = {"words": "Well said!", "author": {"id": world.gid("Participant:outsider")}}
    data = await world.ask(GREETINGS, id=target)
    assert data["contribution"] == {"greetingCount": 1, "greetings": {"nodes": [greeting]}}


async def test_what_was_greeted_is_found(world: World) -> None:
    data = await world.ask(GREETED)
    assert data["contributions"]["nodes"] == [{"id": world.gid("Contribution:PUBLISHED")}]


async def test_fifty_greetings_at_once_are_one(world: World) -> None:
    target = world.gid("Contribution:REPLY")
    asked = (world.change("greet", "participant", "words", contribution=target) for _ in range(50))
    answers = sorted([one["__typename"] for one in await asyncio.gather(*asked)])
    assert answers == ["Conflict"] * 49 + ["Greeting"]


@pytest.mark.parametrize(
    ("who", "target", "code"),
    [
        ("visitor", "Contribution:PUBLISHED", "SIGN_IN_FIRST"),
        ("participant", "Contribution:MEMBERS", "NOT_FOUND"),
        ("moderator", "Contribution:HIDDEN", "WRONG_STATE"),
        ("member", "Contribution:PUBLISHED", "ALREADY_DONE"),
    ],
)
async def test_a_greeting_is_refused(world: World, who: str, target: str, code: str) -> None:
    refused = await world.change("greet", who, contribution=world.gid(target))
    assert refused["code"] == code


async def test_an_instance_has_words_of_its_own(database_url: str, plugins: dict[str, Any]) -> None:
    async with open_world(database_url, **plugins, plugin={"hello": {"words": "Bonjour !"}}) as world:
        data = await world.ask("query($id: ID!) { node(id: $id) { ... on Greeting { words } } }",
                               id=world.gid("Greeting"))  # fmt: skip
        assert data["node"]["words"] == "Bonjour !"
