"""What lies in what, what crosses what, and what is only known in part."""

from typing import Any

import pytest_asyncio
from sqlalchemy import select

from hemicycle.api import encode_id
from hemicycle.testing import World
from hemicycle_territories import rules
from hemicycle_territories.loading import Said, load
from hemicycle_territories.sets import territories


def said(kind: str, code: str, *communes: str, partial: bool = False) -> Said:
    return Said(kind, "LOCAL", code, f"{kind} {code}", frozenset(communes), partial=partial)


SETS = [
    said("REGION", "r", "10001", "10002", "20001"),
    said("DEPARTMENT", "d", "10001", "10002"),
    said("DEPARTMENT", "e", "20001"),
    said("LIVING_AREA", "across", "10002", "20001"),
    said("LIVING_AREA", "part", "10001", partial=True),
    said("OTHER", "twin", "20001"),
]


@pytest_asyncio.fixture
async def ids(world: World) -> dict[str, str]:
    """The global ids of the sets above, by code."""
    async with world.app.write() as session:
        await load(session, SETS, vintage=2026)
        its = select(territories.c.code, territories.c.id).where(territories.c.scheme == "LOCAL")
        return {code: encode_id("Territory", key) for code, key in await session.execute(its)}


async def codes(world: World, field: str, key: str) -> set[str]:
    asked = f"it: {field} {{ totalCount nodes {{ code }} }}"
    found: Any = await world.ask(f"query($id: ID!) {{ node(id: $id) {{ ... on Territory {{ {asked} }} }} }}", id=key)
    found = found["node"]["it"]
    assert found["totalCount"] == len(found["nodes"])
    return {one["code"] for one in found["nodes"]}


async def test_what_lies_in_what(world: World, ids: dict[str, str]) -> None:
    assert await codes(world, "covers", ids["r"]) == {"d", "e", "across", "twin"}
    assert await codes(world, "covers", ids["d"]) == set()
    assert await codes(world, "coveredBy", ids["d"]) == {"r"}
    assert await codes(world, "coveredBy", ids["twin"]) == {"r", "e", "across"}  # the same communes: each in the other
    assert await codes(world, "covers", ids["twin"]) == {"e"}


async def test_a_living_area_crosses_the_border_of_departments(world: World, ids: dict[str, str]) -> None:
    assert await codes(world, "overlaps", ids["across"]) == {"d"}
    assert await codes(world, "overlaps", ids["d"]) == {"across", "part"}


async def test_of_what_is_known_in_part_nobody_says_that_it_lies_in_another(world: World, ids: dict[str, str]) -> None:
    assert await codes(world, "coveredBy", ids["part"]) == set()
    assert await codes(world, "overlaps", ids["part"]) == {"r", "d"}


async def test_filters_by_sets(world: World, ids: dict[str, str]) -> None:
    text = "query($f: TerritoryFilter) { territories(filter: $f) { nodes { code } } }"

    async def found(**given: Any) -> set[str]:
        return {one["code"] for one in (await world.ask(text, f=given))["territories"]["nodes"]}

    assert await found(inside=ids["r"], schemes=["LOCAL"]) == {"r", "d", "e", "across", "twin"}
    assert await found(containsCommune="10001") == {"r", "d", "part"}
    assert await found(begins="dépar") == {"d", "e"}
    assert await found(begins="SAMPLE") == {"99001", "99002", "99", "sample"}
    assert await found(begins="%") == set()
    assert await found(codes=["d"], kinds=["DEPARTMENT"], evidence=["OFFICIAL"]) == {"d"}


async def test_communes_are_those_that_are_territories_here(world: World) -> None:
    assert await codes(world, "communes", world.gid("Territory:DEPARTMENT")) == {"99001", "99002"}
    assert await codes(world, "communes", world.gid("Territory:LIVING_AREA")) == {"99002"}  # 98001 is not there
    text = "query($id: ID!) { node(id: $id) { ... on Territory { communeCount partial evidence source } } }"
    area = (await world.ask(text, id=world.gid("Territory:LIVING_AREA")))["node"]
    assert area == {"communeCount": 2, "partial": False, "evidence": "INFERRED", "source": "Samples."}


async def test_a_territory_is_found_by_its_code(world: World, ids: dict[str, str]) -> None:
    async with world.app.write() as session:
        await load(session, [said("OTHER", "d", "10001")], vintage=2026)
    one = '{ territory(scheme: %s, code: "%s"%s) { kind } }'
    for scheme, code, kind, found in (
        ("COG", "99", "", {"kind": "DEPARTMENT"}),
        ("COG", "98", "", None),
        ("LOCAL", "99", "", None),
        ("LOCAL", "d", "", None),  # a department and another
        ("LOCAL", "d", ", kind: DEPARTMENT", {"kind": "DEPARTMENT"}),
    ):
        assert (await world.ask(one % (scheme, code, kind)))["territory"] == found


async def test_spaces_below_have_the_territory_of_the_nearest_one_above(world: World, ids: dict[str, str]) -> None:
    system = world.actor("system")
    async with world.app.write() as session:
        for space, code in (("Space", "r"), ("Space:CLOSED", "across"), ("Space:MEMBERS", None)):
            key = None
            if code:
                key = (await session.execute(select(territories.c.id).where(territories.c.code == code))).scalar_one()
            await rules.set_space(session, system, space=world.ids[space], territory=key)
    found = await world.ask("{ spaces { nodes { slug territory { code } } } }", "administrator")
    assert {one["slug"]: one["territory"]["code"] for one in found["spaces"]["nodes"]} == {
        "sample-root": "r", "sample-draft": "r", "sample-archived": "r", "sample-members": "r",
        "sample-open": "99", "sample-closed": "across",
    }  # fmt: skip
    text = "query($t: ID!) { spaces(filter: { territory: $t }) { nodes { slug } } }"

    async def spaces(code: str) -> set[str]:
        return {one["slug"] for one in (await world.ask(text, "administrator", t=ids[code]))["spaces"]["nodes"]}

    assert await spaces("r") == {"sample-root", "sample-draft", "sample-archived", "sample-members", "sample-closed"}
    assert await spaces("across") == {"sample-closed"}
    assert await spaces("d") == set()
    assert await codes_of_spaces(world, ids["across"]) == {"sample-closed"}


async def codes_of_spaces(world: World, key: str) -> set[str]:
    text = "query($id: ID!) { node(id: $id) { ... on Territory { spaces { nodes { slug } } } } }"
    return {one["slug"] for one in (await world.ask(text, id=key))["node"]["spaces"]["nodes"]}


async def test_contributions_are_found_by_the_territory_of_their_space(world: World) -> None:
    text = "query($t: ID!) { contributions(filter: { territory: $t }) { totalCount } }"
    department = (await world.ask(text, t=world.gid("Territory:DEPARTMENT")))["contributions"]["totalCount"]
    commune = (await world.ask(text, t=world.gid("Territory:COMMUNE")))["contributions"]["totalCount"]
    every = (await world.ask("{ contributions { totalCount } }"))["contributions"]["totalCount"]
    assert department == every > 0  # what a visitor sees of the samples is in Space:OPEN
    assert commune == 0
