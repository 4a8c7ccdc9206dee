"""N1 (CVE-2022-39275): an id of another type, or of nothing, at every place of every change that takes an id."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.testing.world import World
from tests.authorisation.attempts import attempt
from tests.authorisation.matrix import Matrix

OTHERS = ("Identity", "PersonalExport")  # nothing is done to these: no place takes them


def places(given: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where an input names a row."""
    if isinstance(given, str) and given.startswith("$"):
        yield path
    members = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else ()
    for key, value in members:
        yield from places(value, (*path, key))


def put(given: Any, path: tuple[Any, ...], value: str) -> Any:
    """The input with something else in that place."""
    if not path:
        return value
    copy = given.copy()
    copy[path[0]] = put(given[path[0]], path[1:], value)
    return copy


async def test_an_id_of_something_else_is_never_taken(shared: World, matrix: Matrix) -> None:
    foreign = [encode_id(type_, uuid4()) for type_ in OTHERS] + [
        encode_id("Identity", shared.ids["Participant:ACTIVE"]),
        "nonsense",
    ]
    taken, tried = [], 0
    for block, mutations in matrix.tries.items():
        row = next(iter(matrix.does[block]))
        for mutation, given in mutations.items():
            for path in places(given):
                for id_ in foreign:
                    tried += 1
                    verdict = await attempt(shared, "administrator", mutation, put(given, path, id_), row)
                    if verdict not in ("NOT_FOUND", "NOT_ALLOWED", "INVALID_INPUT"):
                        taken.append(f"{mutation}: {'.'.join(map(str, path))} takes {id_}: {verdict}")
    assert not taken, "\n".join(taken)
    assert tried > 300
