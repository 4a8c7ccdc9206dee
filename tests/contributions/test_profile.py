"""There is no profile of one person's opinions: not by their page, nor by a filter."""

from hemicycle.testing import World
from tests.asking import change, read


async def count(world: World, who: str, of: str, space: str = "") -> int:
    """How much of what someone said is listed on their page."""
    given = f'(space: "{world.gid(space)}")' if space else ""
    seen = await read(world, who, of, f"contributions{given} {{ totalCount nodes {{ id }} }}")
    total: int = seen["contributions"]["totalCount"]
    assert total == len(seen["contributions"]["nodes"])
    return total


async def test_what_a_person_said_is_listed_in_one_space_only(world: World) -> None:
    person = "Participant:ACTIVE"
    for who in ("visitor", "participant", "moderator", "administrator"):
        assert await count(world, who, person) == 0, who
    assert await count(world, "visitor", person, "Space:OPEN") == 2  # published, withdrawn
    assert await count(world, "visitor", person, "Space:CLOSED") == 0
    assert await count(world, "visitor", person, "Space") == 0  # what is below a space is other spaces


async def test_people_have_all_that_they_said_before_them(world: World) -> None:
    assert await count(world, "author", "Participant:ACTIVE") == 5
    assert await count(world, "member", "Participant:member") == 2


async def test_what_a_structure_said_is_public(world: World) -> None:
    structure = (await change(world, "createStructure", "author", "id", displayName="Some structure"))["id"]
    for space in ("Space:OPEN", "Space"):
        given = {"space": space, "title": "T", "text": "W.", "asStructure": structure}
        assert "id" in await change(world, "contribute", "author", "id", **given)
    assert await count(world, "visitor", structure) == 2
    assert await count(world, "author", structure) == 2


async def test_whoever_speaks_for_a_structure_sees_its_drafts(world: World) -> None:
    structure = (await change(world, "createStructure", "author", "id", displayName="Some structure"))["id"]
    given = {"space": "Space:OPEN", "title": "T", "text": "W.", "asStructure": structure, "draft": True}
    assert "id" in await change(world, "contribute", "author", "id", **given)
    assert [await count(world, who, structure) for who in ("author", "visitor")] == [1, 0]


async def test_no_filter_tells_authors_apart(world: World) -> None:
    filters = world.app.schema._schema.type_map["ContributionFilter"].fields  # type: ignore[union-attr]
    assert not [name for name in filters if "author" in name.lower() or "participant" in name.lower()]
