"""What is counted of contributions, what is exported, and where they came from."""

from sqlalchemy import literal, select

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Figure, OpenData
from hemicycle.kernel.events.models import JournalRow
from hemicycle.participants.models import OriginRow
from hemicycle.testing import World
from tests.asking import read, verdict
from tests.contributions.saying import a_structure, say


async def test_people_and_structures_are_counted_apart_each_once(world: World) -> None:
    async def counts(space: str, who: str = "visitor") -> tuple[int, int]:
        seen = await read(world, who, space, "participantCount structureCount")
        return seen["participantCount"], seen["structureCount"]

    assert await counts("Space:OPEN") == (2, 0)  # its author, and who answered
    assert await counts("Space") == (2, 0)
    assert await counts("Space", "member") == (2, 0)  # who spoke among members had spoken elsewhere too
    structure = await a_structure(world, "author")
    for name in ("one", "two"):
        await say(world, "participant", name)
        await say(world, "author", f"{name} more", asStructure=structure)
    assert await counts("Space:OPEN") == (3, 1)
    assert await counts("Space:CLOSED") == (0, 0)
    await say(world, "steward", "among members", space="Space:MEMBERS")
    assert await counts("Space") == (3, 1)
    assert await counts("Space", "member") == (4, 1)
    await say(world, "moderator", "draft", draft=True)
    assert await counts("Space") == (3, 1)


async def test_open_data_has_what_was_published_in_public_and_nobodys_name(world: World) -> None:
    (table,) = [one for one in world.app.declared[OpenData].values() if one.name == "contributions"]
    async with world.app.db.read() as connection:
        found = (await connection.execute(table.query(), {"viewer": None})).mappings().all()
    rows = {one["id"]: one for one in found}
    public = [world.ids[f"Contribution:{state}"] for state in ("PUBLISHED", "REPLY", "WITHDRAWN")]
    assert set(rows) == set(public)
    assert [rows[public[2]][name] for name in ("title", "text", "person", "structure")] == [None] * 4  # its place alone
    assert set(found[0]) == set(table.columns)
    assert table.pseudonyms == {"person": "space_id"}
    assert not {"author_id", "recorded_by_id"} & set(table.columns)
    given = {"contribution": "Contribution:PUBLISHED", "version": 1, "title": "Other", "text": "Other words."}
    assert await verdict(world, "editContribution", "author", **given) == "done"
    async with world.app.db.read() as connection:
        found = (await connection.execute(table.query(), {"viewer": None})).mappings().all()
    assert {one["id"]: one["title"] for one in found} == dict(zip(public, ["Other", None, None], strict=True))


async def test_figures_count_contributions_and_answers(world: World) -> None:
    async def number(name: str, space: str) -> int:
        query = world.app.declared[Figure][name].query(literal(world.ids[space]))
        async with world.app.db.read() as connection:
            found: int = (await connection.execute(query, {"viewer": None})).scalar_one()
            return found

    assert [await number("contributions", one) for one in ("Space:OPEN", "Space", "Space:CLOSED")] == [1, 1, 0]
    assert [await number("replies", one) for one in ("Space:OPEN", "Space", "Space:CLOSED")] == [1, 1, 0]


async def test_where_an_imported_contribution_came_from(world: World) -> None:
    async with world.app.write() as session:
        for type_, of, external in (
            ("Contribution", "Contribution:PUBLISHED", "12"),
            ("Participant", "Contribution:REPLY", "13"),
        ):
            session.add(OriginRow(type=type_, system="decidim", external_id=external, object_id=world.ids[of]))
    seen = await read(world, "visitor", "Contribution:PUBLISHED", "origin { system externalId }")
    assert seen["origin"] == {"system": "decidim", "externalId": "12"}
    assert (await read(world, "visitor", "Contribution:REPLY", "origin { system }"))["origin"] is None


async def test_the_journal_holds_no_words(world: World) -> None:
    await say(world, "author", "new", title="Remarkable title", text="Remarkable words.")
    async with world.app.db.read() as connection:
        every = (await connection.execute(select(table_of(JournalRow)))).all()
    assert every
    assert "emarkable" not in str(every)
