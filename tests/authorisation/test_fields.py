"""Fields that not everyone may read who sees their object: for all others they are null or empty."""

from typing import Any

from hemicycle.kernel.graphql.sources import Many, ToOne
from hemicycle.testing.world import World
from tests.authorisation.attempts import someone
from tests.authorisation.matrix import LADDER, Matrix
from tests.authorisation.test_complete import guarded_fields


async def test_a_field_is_read_by_whom_it_is_written(shared: World, matrix: Matrix) -> None:
    wrong = []
    for name, declared in guarded_fields(shared.app).items():
        type_, _, field = name.partition(".")
        body = "{ totalCount nodes { id } pageInfo { endCursor } }" if isinstance(declared.source, Many) else ""
        body = "{ id }" if isinstance(declared.source, ToOne) else body
        text = f"query($id: ID!) {{ node(id: $id) {{ ... on {type_} {{ value: {field} {body} }} }} }}"
        for row, readers in matrix.reads[name].items():
            for who in LADDER:
                node = (await shared.ask(text, someone(shared, who), id=shared.gid(row)))["node"]
                read = node is not None and _says_something(node["value"])
                if read != (who in readers):
                    wrong.append(f"{name} of {row} for {who}: {node}")
    assert not wrong, "\n".join(wrong)


def _says_something(value: Any) -> bool:
    """Whether there is a value; a page, whether anything of it shows there is something."""
    if isinstance(value, dict) and "nodes" in value:
        return bool(value["totalCount"] or value["nodes"] or value["pageInfo"]["endCursor"])
    return value is not None
