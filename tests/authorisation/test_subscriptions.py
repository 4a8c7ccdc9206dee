"""Who may listen where; and that each event is told to whoever sees the object that it is about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest

from hemicycle.kernel.declarations import Occurrence
from hemicycle.kernel.graphql.checks import mapped_fields
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.sources import Live
from hemicycle.testing.world import World
from tests.authorisation.attempts import someone
from tests.authorisation.matrix import LADDER, Matrix


async def test_whoever_sees_a_space_listens_to_it(
    shared: World, matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared.app.broadcast, "listen", lambda *_: _telling([]))
    wrong = []
    for name, block in matrix.listens.items():
        assert set(block) == {row for row in matrix.sees if row.partition(":")[0] == "Space"}
        for row, listeners in block.items():
            for who in LADDER:
                codes = [one["code"] async for one in _listen(shared, name, shared.gid(row), who) if "code" in one]
                if codes != ([] if who in listeners else ["NOT_FOUND"]):
                    wrong.append(f"{name} of {row} by {who}: {codes}")
    assert not wrong, "\n".join(wrong)


async def test_where_there_is_no_space_nobody_listens(shared: World, matrix: Matrix) -> None:
    for name in matrix.listens:
        for space in ("", "?", shared.gid("Contribution:PUBLISHED")):
            codes = [one["code"] async for one in _listen(shared, name, space, "administrator")]
            assert codes == ["NOT_FOUND"], (name, space)


async def test_an_event_is_told_to_whoever_sees_its_object(
    shared: World, matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = []
    for _, name, _, declared in mapped_fields(shared.app):
        if not isinstance(declared.source, Live):
            continue
        answer = shared.app.names[shared.app.type_of(declared)]
        rows = [row for row in matrix.sees if row.partition(":")[0] == answer]
        happened = [_event(shared, answer, row) for row in rows]
        monkeypatch.setattr(shared.app.broadcast, "listen", lambda *_, told=happened: _telling(told))
        for who in LADDER:
            told = {one["id"] async for one in _listen(shared, name, shared.gid("Space"), who)}
            wrong += [
                f"{name} of {row} to {who}: {shared.gid(row) in told}"
                for row in rows
                if (shared.gid(row) in told) != (who in matrix.sees[row])
            ]
    assert not wrong, "\n".join(wrong)


def _event(world: World, type_: str, row: str) -> Occurrence:
    """That something happened to a row; an activity is itself what happened."""
    key = world.ids[row]
    return Occurrence(
        id=key if type_ == "Activity" else uuid4(), event="", at=world.clock.now(), actor_id=None,
        space_id=world.ids["Space"], subject_type="Space" if type_ == "Activity" else type_, subject_id=key,
    )  # fmt: skip


async def _listen(world: World, name: str, space: str, who: str) -> AsyncIterator[dict[str, Any]]:
    """What a subscription tells, and the code of the error that ends it."""
    document = f"subscription($space: ID!) {{ {name}(space: $space) {{ id }} }}"
    context = Context(world.app, someone(world, who))
    stream: Any = await world.app.schema.subscribe(document, {"space": space}, context_value=context)
    async for result in stream:
        for error in result.errors or ():
            yield {"code": error.extensions["code"]}
        if result.data:
            yield result.data[name]


@asynccontextmanager
async def _telling(happened: list[Occurrence]) -> AsyncIterator[AsyncIterator[Occurrence]]:
    """In the place of a broadcast: these events, and no more."""

    async def tell() -> AsyncIterator[Occurrence]:
        for one in happened:
            yield one

    yield tell()
