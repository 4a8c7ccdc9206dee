"""Ask and change as people do, with samples named by their names: `contribution="Contribution:DRAFT"`."""

from typing import Any

from sqlalchemy import ColumnElement, select

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.ids import decode_id
from hemicycle.testing import World


async def change(world: World, mutation: str, who: str | Actor, answer: str = "", **given: Any) -> Any:
    """What the mutation answers: `__typename`, the fields of `answer`, or the refusal's `code` and `problems`."""
    return await world.change(mutation, who, answer, **named(world, given))


async def verdict(world: World, mutation: str, who: str | Actor, **given: Any) -> str:
    """`done`, or why it was refused: the code, and for an input that is not acceptable the paths of what is wrong."""
    answer = await change(world, mutation, who, **given)
    paths = " ".join(one["path"].removeprefix("input.") for one in answer.get("problems", ()))
    return f"{answer['code']} {paths}".strip() if "code" in answer else "done"


async def read(world: World, who: str | Actor, row: str, fields: str) -> Any:
    """Some fields of a sample, or of the object of a global id, as someone sees it; None if they do not."""
    text = f"query($id: ID!) {{ node(id: $id) {{ id ... on {_type(world, row)} {{ {fields} }} }} }}"
    return (await world.ask(text, who, id=named(world, row)))["node"]


async def holds(world: World, test: ColumnElement[bool], who: str | Actor) -> bool:
    """Whether an SQL predicate is true of a viewer."""
    async with world.app.db.read() as connection:
        return bool((await connection.execute(select(test), {"viewer": world.actor(who).id})).scalar_one())


async def rows(world: World, table: type, **equal: Any) -> list[Any]:
    """The rows of a table whose columns are equal to these."""
    columns = table_of(table)
    tests = [columns.c[name] == value for name, value in equal.items()]
    async with world.app.db.read() as connection:
        return list((await connection.execute(select(columns).where(*tests))).all())


async def events(world: World, row: str) -> list[str]:
    """What the journal says that happened to a sample."""
    return [one.event for one in await rows(world, JournalRow, subject_id=world.ids[row])]


def named(world: World, given: Any) -> Any:
    """The same, with the global id of each sample that it names."""
    if isinstance(given, dict):
        return {name: named(world, value) for name, value in given.items()}
    return world.gid(given) if isinstance(given, str) and given in world.ids else given


def _type(world: World, row: str) -> str:
    ref = decode_id(named(world, row))
    assert ref is not None, row
    return ref.type
