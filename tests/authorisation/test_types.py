"""Who sees each row: the same through every channel."""

from collections.abc import Iterator
from typing import Any

from graphql import get_named_type

from hemicycle.kernel.declarations import Searchable
from hemicycle.kernel.graphql.checks import mapped_fields
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.sources import Many, One, ToAny, ToOne
from hemicycle.testing.world import World
from tests.authorisation.attempts import someone
from tests.authorisation.matrix import LADDER, Matrix

PAGE = "totalCount nodes { id } edges { node { id } }"


async def test_node_shows_a_row_to_whom_it_is_written(shared: World, matrix: Matrix) -> None:
    wrong = []
    for row, seers in matrix.sees.items():
        for who in matrix.ladders[row]:
            data = await _ask(shared, "query($id: ID!) { node(id: $id) { id } }", who, id=shared.gid(row))
            if (data["node"] is not None) != (who in seers):
                wrong.append(f"node {row} for {who}: {data['node']}")
    assert not wrong, "\n".join(wrong)


async def test_nodes_shows_the_same(shared: World, matrix: Matrix) -> None:
    every = list(matrix.sees)
    for who in LADDER:
        nodes = []
        for at in range(0, len(every), LIMITS.types_at_once):
            ids = [shared.gid(row) for row in every[at : at + LIMITS.types_at_once]]
            nodes += (await _ask(shared, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", who, ids=ids))["nodes"]
        assert nodes == [{"id": shared.gid(row)} if who in matrix.sees[row] else None for row in every], who


async def test_the_roots_find_the_same(shared: World, matrix: Matrix) -> None:
    for type_, name, definition, declared in mapped_fields(shared.app):
        if type_.name != "Query" or not isinstance(source := declared.source, One):
            continue
        target = get_named_type(definition.type).name
        for row in _rows(matrix, target):
            value = await _value(shared, matrix, row, target, source.by)
            for who in LADDER:
                data = await _ask(shared, f'{{ {name}({source.by}: "{value}") {{ id }} }}', who)
                assert (data[name] is not None) == (who in matrix.sees[row]), (name, row, who)


async def test_lists_and_counts_show_the_same(shared: World, matrix: Matrix) -> None:
    """What anyone finds in a list, everyone finds there who is written to see it, and nobody else."""
    wrong = []
    for label, holder, text, target in _lists(shared, matrix):
        pages = {who: await _page(shared, text, who, holder) for who in LADDER}
        alone = label in matrix.alone
        listed = {who: {one["id"] for one in page["nodes"]} for who, page in pages.items() if page}
        every = set().union(*listed.values())
        for who, page in pages.items():
            if page is None:
                if who in matrix.sees[holder]:
                    wrong.append(f"{label} of {holder} is missing for {who}")
                continue
            assert [one["node"] for one in page["edges"]] == page["nodes"]
            shown = min(page["totalCount"], 100)
            assert shown == len(page["nodes"]), f"{label} of {holder} for {who} counts what is not shown"
            for row in _rows(matrix, target):
                seen, expected = shared.gid(row) in listed[who], shared.gid(row) in every and who in matrix.sees[row]
                if alone and someone(shared, who).id != shared.ids[holder]:
                    expected = False
                if seen != expected:
                    wrong.append(f"{label} of {holder or 'the root'} shows {row} to {who}: {seen}, not {expected}")
        if not holder:
            missing = [row for row in _rows(matrix, target) if matrix.sees[row] and shared.gid(row) not in every]
            wrong += [f"{label} shows {row} to nobody" for row in missing]
    assert not wrong, "\n".join(wrong)


async def test_other_objects_show_the_same(shared: World, matrix: Matrix) -> None:
    """What one object says of another: only to whoever sees that one. (The kit looks at rows without names.)"""
    wrong = []
    rows = {shared.gid(row): row for row in matrix.sees}
    for type_, name, _, declared in mapped_fields(shared.app):
        label = f"{type_.name}.{name}"
        if not isinstance(declared.source, ToOne | ToAny) or label in matrix.reads:
            continue
        text = f"query($id: ID!) {{ node(id: $id) {{ ... on {type_.name} {{ {name} {{ id }} }} }} }}"
        for holder in _rows(matrix, type_.name):
            answers = {who: (await _ask(shared, text, who, id=shared.gid(holder)))["node"] for who in LADDER}
            shown = {who: (node[name] or {}).get("id") for who, node in answers.items() if node}
            for target in rows.keys() & set(shown.values()):
                for who, found in shown.items():
                    sees = who in matrix.sees[rows[target]]
                    if (found == target and not sees) or (found != target and sees and label not in matrix.alone):
                        wrong.append(f"{label} of {holder} for {who}: {found and rows[found]}")
    assert not wrong, "\n".join(wrong)


async def test_search_finds_the_same(shared: World, matrix: Matrix) -> None:
    """All samples but a withdrawn contribution have the word in their texts. (The kit sees rows without names.)"""
    named = {shared.gid(row) for row in matrix.sees}
    searchable = [row for one in shared.app.declared[Searchable] for row in _rows(matrix, one)]
    for who in LADDER:
        data = await _ask(shared, f'{{ search(text: "sample", first: 100) {{ {PAGE} }} }}', who)
        found = named & {one["id"] for one in data["search"]["nodes"]}
        seen = [row for row in searchable if who in matrix.sees[row] and row != "Contribution:WITHDRAWN"]
        written = {shared.gid(row) for row in seen}
        assert found == written, who
        assert data["search"]["totalCount"] == len(data["search"]["nodes"]) == len(data["search"]["edges"])


async def _ask(world: World, text: str, who: str, **variables: Any) -> Any:
    return await world.ask(text, someone(world, who), **variables)


def _rows(matrix: Matrix, type_: str) -> list[str]:
    return [row for row in matrix.sees if row.partition(":")[0] == type_]


async def _value(world: World, matrix: Matrix, row: str, target: str, by: str) -> str:
    """What finds this row by this field."""
    if by == "id" or not matrix.sees[row]:
        return world.gid(row)
    text = f"query($id: ID!) {{ node(id: $id) {{ ... on {target} {{ {by} }} }} }}"
    value: str = (await _ask(world, text, "administrator", id=world.gid(row)))["node"][by]
    return value


def _lists(world: World, matrix: Matrix) -> Iterator[tuple[str, str, str, str]]:
    """(name, row that holds it or nothing, question, type of what it holds) of every list, in each of its scopes."""
    for type_, name, definition, declared in mapped_fields(world.app):
        if not isinstance(declared.source, Many) or f"{type_.name}.{name}" in matrix.reads:
            continue
        target = get_named_type(definition.type).name.removesuffix("Connection")
        for extra in ["", "scope: SUBTREE"] if "scope" in definition.args else [""]:
            given = [f'space: "{world.gid("Space:OPEN")}"'] if "space" in definition.args else []
            asked = f"{name}({', '.join([*given, extra, 'first: 100'])}) {{ {PAGE} }}".replace("(, ", "(")
            if type_.name == "Query":
                yield name, "", f"{{ page: {asked} }}", target
                continue
            text = f"query($id: ID!) {{ node(id: $id) {{ ... on {type_.name} {{ page: {asked} }} }} }}"
            for holder in _rows(matrix, type_.name):
                yield f"{type_.name}.{name} {extra}".strip(), holder, text, target


async def _page(world: World, text: str, who: str, holder: str) -> Any:
    if not holder:
        return (await _ask(world, text, who))["page"]
    node = (await _ask(world, text, who, id=world.gid(holder)))["node"]
    return node and node["page"]
