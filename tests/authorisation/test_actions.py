"""What each may do to each row: the mutation tried as everyone, and what `viewerCan` offers."""

from typing import Any

import pytest

from hemicycle.testing.world import World
from tests.authorisation.attempts import attempt, someone
from tests.authorisation.matrix import LADDER, Matrix, read_pages

BLOCKS = sorted(read_pages().does)


@pytest.mark.parametrize("block", BLOCKS)
async def test_a_mutation_answers_what_is_written(shared: World, matrix: Matrix, block: str) -> None:
    wrong = []
    for mutation, given in matrix.tries[block].items():
        alone = [row for row in matrix.does[block] if row in ("oneself", "nothing")]
        for row in alone or matrix.does[block]:
            for who in matrix.ladders[block]:
                verdict, written = await attempt(shared, who, mutation, given, row), matrix.verdict(block, row, who)
                if verdict != written:
                    wrong.append(f"{mutation} on {row} by {who}: {verdict}, and {written} is written")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("type_", sorted({row.partition(":")[0] for row in read_pages().sees}))
async def test_what_is_offered_is_what_may_be_done(shared: World, matrix: Matrix, type_: str) -> None:
    if type_ not in _acted_on(shared):
        assert not [one for one in matrix.does.values() if type_ in {row.partition(":")[0] for row in one}]
        return
    wrong = []
    for row in (one for one in matrix.sees if one.partition(":")[0] == type_):
        for who in LADDER:
            document = f"query($id: ID!) {{ node(id: $id) {{ ... on {type_} {{ viewerCan }} }} }}"
            node = (await shared.ask(document, someone(shared, who), id=shared.gid(row)))["node"]
            offered = set(node["viewerCan"]) if node else set()
            written = {_constant(matrix.action(block)) for block in BLOCKS if _offers(shared, matrix, block, row, who)}
            if offered != written:
                wrong.append(f"{row} to {who}: too much {offered - written}, too little {written - offered}")
    assert not wrong, "\n".join(wrong)


def _offers(world: World, matrix: Matrix, block: str, row: str, who: str) -> bool:
    if who not in matrix.sees[row]:
        return False
    does = matrix.does[block]
    if row in does:
        return matrix.offers(block, row, who)
    myself = someone(world, who).id is not None and world.ids[row] == someone(world, who).id
    return myself and "oneself" in does and matrix.offers(block, "oneself", who)


def _acted_on(world: World) -> set[str]:
    schema: Any = world.app.schema._schema
    return {name for name in world.app.types if "viewerCan" in schema.type_map[name].fields}


def _constant(action: str) -> str:
    return action.replace(".", "_").upper()
