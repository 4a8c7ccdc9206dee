"""What the tests of contributions say, and how."""

from typing import Any

from hemicycle.kernel.graphql.ids import decode_id
from hemicycle.testing import World
from tests.asking import change, verdict

SAID = {"space": "Space:OPEN", "title": "A title", "text": "Some words."}
ANSWERED = {"space": "Space:OPEN", "parent": "Contribution:PUBLISHED", "text": "An answer."}
RECORDED = SAID | {"channel": "WORKSHOP", "onBehalfOf": {"displayName": "Madame Petit", "consent": True}}


async def say(world: World, who: str, name: str, **given: Any) -> str:
    """Contribute; the name of the new sample."""
    made = await change(world, "contribute", who, "id", **SAID | given)
    assert "id" in made, made
    ref = decode_id(made["id"])
    assert ref is not None
    world.ids[f"Contribution:{name}"] = ref.key
    return f"Contribution:{name}"


async def moderate_first(world: World, space: str = "Space:OPEN") -> None:
    assert await verdict(world, "updateSpace", "steward", space=space, moderatesFirst=True) == "done"


async def a_structure(world: World, speaker: str) -> str:
    """A structure for which someone speaks; its global id."""
    made = await change(world, "createStructure", speaker, "id", displayName="Some structure")
    id_: str = made["id"]
    return id_
