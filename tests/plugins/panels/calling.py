"""A call with candidates, through the API, for the tests of panels."""

from typing import Any

from hemicycle.api import Actor, decode_id, encode_id, new_participant
from hemicycle.testing import World
from hemicycle_panels import candidacy

AGES = ("young", "old")
CITIZENS = {
    "kind": "CITIZENS", "seats": 4, "method": "LOTTERY",
    "quotas": [{"feature": "age", "value": one, "minimum": 1, "maximum": 3} for one in AGES],
}  # fmt: skip


async def people(world: World, size: int, kind: str = "PERSON") -> list[Actor]:
    """New participants."""
    async with world.app.write() as session:
        made = [new_participant(session, f"Candidate {number}", kind) for number in range(size)]
        await session.flush()
        return [Actor(one.id) for one in made]


async def design(world: World, **more: Any) -> Any:
    """A panel, DESIGNED; its global id, or the refusal."""
    given = {"title": "Panel du Cher", "question": "Que faire ?", "colleges": [CITIZENS], "lotterySize": 20, **more}
    answer = await world.change("createPanel", "steward", "id", space=world.gid("Space:OPEN"), **given)
    return answer.get("id", answer)


async def call(world: World, **more: Any) -> str:
    """A panel, CALL_OPEN; its global id."""
    panel: str = await design(world, **more)
    ends = "2026-06-01T00:00:00Z"
    answer = await world.change("openCall", "steward", panel=panel, text="Venez.", endsAt=ends)
    assert answer["__typename"] == "Panel", answer
    return panel


async def apply(world: World, panel: str, who: str | Actor, age: str = "young", **more: Any) -> Any:
    """A candidacy; its global id, or the refusal."""
    given = {"college": "CITIZENS", "consent": True, "features": [{"feature": "age", "value": age}], **more}
    answer = await world.change("applyToPanel", who, "id", panel=panel, **given)
    return answer.get("id", answer)


async def pool(world: World, young: int = 6, old: int = 7, **more: Any) -> tuple[str, list[Actor]]:
    """A panel with candidates: its global id, and who they are. (`apply` is the slow way, through the API.)"""
    panel, candidates = await call(world, **more), await people(world, young + old)
    ref = decode_id(panel)
    assert ref is not None
    async with world.app.write() as session:
        for number, one in enumerate(candidates):
            said = [{"feature": "age", "value": "young" if number < young else "old"}]
            await candidacy.apply(session, one, panel=ref.key, college="CITIZENS", features=said, consent=True)
    return panel, candidates


def draw_of(panel: str) -> str:
    """The global id of the draw: it has the key of its panel."""
    ref = decode_id(panel)
    assert ref is not None
    return encode_id("PanelDraw", ref.key)


async def step(world: World, mutation: str, who: str | Actor, **given: Any) -> str:
    """The state that what was changed is in now (or its type, if it has none); or the code of the refusal."""
    root: Any = world.app.schema._schema.mutation_type
    answered = root.fields[mutation].type.of_type.types[0]
    told = await world.change(mutation, who, "state" if "state" in answered.fields else "", **given)
    return str(told.get("code") or told.get("state") or told["__typename"])


async def look(world: World, panel: str, body: str, who: str | Actor = "visitor") -> Any:
    """Fields of a panel, as someone sees them."""
    return (await world.ask(f"query($id: ID!) {{ panel(id: $id) {{ {body} }} }}", who, id=panel))["panel"]
