"""Loading writes differences only, keeps what was, and is refused out of order."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from hemicycle.api import StartupError
from hemicycle.testing import World
from hemicycle_territories.loading import Report, Said, load
from hemicycle_territories.placing import place
from hemicycle_territories.reading import read_folder
from hemicycle_territories.sets import members, territories

CODES = {"18033", "18279"}


def department(*communes: str, name: str = "Cher", partial: bool = False) -> Said:
    return Said("DEPARTMENT", "COG", "18", name, frozenset(communes), partial=partial)


async def bring(world: World, *said: Said, vintage: int = 2026, complete: bool = False) -> Report:
    async with world.app.write() as session:
        return await load(session, said, vintage=vintage, complete=complete)


async def lines(world: World, code: str = "18") -> set[tuple[str, date, date | None]]:
    its = select(members.c.commune, members.c.valid_from, members.c.valid_to).join(territories)
    async with world.app.db.read() as reads:
        found = await reads.execute(its.where(territories.c.code == code, territories.c.kind == "DEPARTMENT"))
        return {(commune, since, until) for commune, since, until in found}


async def test_a_folder_is_loaded_once(world: World, folder: Path) -> None:
    said, _ = read_folder(folder)
    first = await bring(world, *said)
    assert (first.created, first.unchanged, first.unknown_communes) == (7, 0, ["58059"])
    again = await bring(world, *said)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 7)


async def test_progress_goes_to_its_end(world: World, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    async with world.app.write() as session:
        await load(session, read_folder(folder)[0], vintage=2026, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (19, 19)  # 7 territories, 12 memberships


async def test_a_new_vintage_ends_what_left_and_begins_what_came(world: World) -> None:
    await bring(world, department("18033", "18279"), vintage=2025)
    report = await bring(world, department("18033", "18001", name="Le Cher"))
    assert (report.created, report.changed) == (0, 1)
    old, new = date(2025, 1, 1), date(2026, 1, 1)
    assert await lines(world) == {("18033", old, None), ("18279", old, new), ("18001", new, None)}
    (row,) = (await world.ask('{ territories(filter: { codes: ["18"] }) { nodes { name vintage communeCount } } }'))[
        "territories"
    ]["nodes"]
    assert row == {"name": "Le Cher", "vintage": 2026, "communeCount": 2}


async def test_the_same_vintage_corrects_itself(world: World) -> None:
    await bring(world, department("18033", "18279"))
    await bring(world, department("18033"))
    assert await lines(world) == {("18033", date(2026, 1, 1), None)}


async def test_an_earlier_vintage_is_refused_after_a_later_one(world: World) -> None:
    await bring(world, department("18033"))
    with pytest.raises(StartupError, match=r"Territories of 2026 are there already: load 2025 before it"):
        await bring(world, department("18279"), vintage=2025)
    assert {code for code, _, _ in await lines(world)} == {"18033"}


async def test_what_is_known_in_part_takes_nothing_away(world: World) -> None:
    await bring(world, department("18033", "18279"))
    assert (await bring(world, department("18001", partial=True))).unchanged == 1
    assert {code for code, _, _ in await lines(world)} == {"18033", "18279"}


async def test_what_was_known_in_part_grows_and_is_completed(world: World) -> None:
    await bring(world, department("18033", partial=True))
    await bring(world, department("18279", partial=True))
    assert {code for code, _, _ in await lines(world)} == {"18033", "18279"}
    assert (await bring(world, department("18033"))).changed == 1
    assert {code for code, _, _ in await lines(world)} == {"18033"}


async def test_only_complete_files_end_what_they_do_not_name(world: World) -> None:
    loiret = Said("DEPARTMENT", "COG", "45", "Loiret", frozenset({"45234"}))
    await bring(world, department("18033"), loiret, vintage=2025)
    report = await bring(world, department("18033"))
    assert (report.absent, report.ended) == (2, 0)  # Loiret, and the department of the samples
    report = await bring(world, department("18033"), complete=True)
    assert (report.absent, report.ended) == (2, 2)
    question = "query($day: Date!) { territories(filter: { kinds: [DEPARTMENT], validAt: $day }) { nodes { code } } }"
    for day, codes in (("2025-12-31", ["18", "45"]), ("2026-01-01", ["18"])):
        found = (await world.ask(question, day=day))["territories"]["nodes"]
        assert [one["code"] for one in found] == codes
    assert (await bring(world, loiret)).changed == 1  # it is back
    assert [one["code"] for one in (await world.ask(question, day="2026-01-01"))["territories"]["nodes"]] == [
        "18",
        "45",
    ]


async def test_spaces_are_tied_to_territories_by_name(world: World) -> None:
    await bring(world, department("18033"))
    named = {"sample-open": ("COG", "DEPARTMENT", "18")}
    for changed in (1, 0):
        async with world.app.write() as session:
            assert await place(session, named) == changed
    found = await world.ask('{ space(slug: "sample-open") { territory { name } } }')
    assert found["space"]["territory"] == {"name": "Cher"}


@pytest.mark.parametrize(
    ("slug", "code", "told"), [("none", "18", "no space none"), ("sample-open", "19", "DEPARTMENT 19 .COG., which")]
)
async def test_a_name_that_is_not_there_is_told(world: World, slug: str, code: str, told: str) -> None:
    await bring(world, department("18033"))
    with pytest.raises(StartupError, match=told):
        async with world.app.write() as session:
            await place(session, {slug: ("COG", "DEPARTMENT", code)})


async def test_a_large_load_lets_the_database_count_what_came(world: World) -> None:
    towns = [Said("COMMUNE", "COG", f"{number:05}", f"Town {number}", frozenset({f"{number:05}"}))
             for number in range(10_000, 12_600)]  # fmt: skip
    assert (await bring(world, *towns)).created == 2600
    found = await world.ask('{ territories(filter: { begins: "Town 1259" }) { nodes { code } } }')
    assert [one["code"] for one in found["territories"]["nodes"]] == [f"1259{last}" for last in range(10)]
