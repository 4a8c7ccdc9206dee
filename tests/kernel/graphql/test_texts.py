"""Texts in filters that no row can have: each is told, and none is a failure of ours."""

from typing import Any

import pytest

from hemicycle.kernel.graphql import operations
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.operations import Operation
from hemicycle.testing import World

FILTERS = {
    "proposals": "query($them: [String!]) { proposals(filter: {themes: $them}) { totalCount } }",
    "contributions": "query($them: [String!]) { contributions(filter: {categories: $them}) { totalCount } }",
    "territories": "query($them: [String!]) { territories(filter: {codes: $them}) { totalCount } }",
}


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["outcomes", "territories"]}


async def test_a_text_that_cannot_be_is_told_or_finds_nothing(world: World) -> None:
    async def asked(question: str, text: str) -> Any:
        context = Context(world.app, world.actor("visitor"))
        answer = await operations.execute(Operation(question, {"them": [text]}), context)
        codes = [(one.extensions or {})["code"] for one in answer.errors]
        return codes or answer.data

    for name, question in FILTERS.items():
        for text in ("\x00", "a\x07", "\u202e", "é\n"):
            assert await asked(question, text) in (["BAD_VARIABLES"], {name: {"totalCount": 0}}), (name, text)
    assert await asked(FILTERS["proposals"], "a\x07") == ["BAD_VARIABLES"]
