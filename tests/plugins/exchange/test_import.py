"""A file is brought in as a whole, once, and says what became of it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hemicycle.api import SYSTEM, RefusalCode, Refused, add_many
from hemicycle.contributions.models import ContributionRow
from hemicycle.kernel.events.models import JournalRow
from hemicycle.participants.models import OriginRow
from hemicycle.spaces.models import SpaceRow
from hemicycle.testing import World
from hemicycle_exchange.mapping import Mapping
from hemicycle_exchange.reading import read
from hemicycle_exchange.rules import import_file
from tests.asking import rows
from tests.plugins.exchange.conftest import ANSWER, IDEA, Write, mapping

OPEN = "sample-open"


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["exchange"]}


async def bring(world: World, path: Path, known: Mapping | None = None, space: str = OPEN, **more: Any) -> Any:
    report = await import_file(world.app, path, known or mapping(), space=space, **more)
    return report.as_json() | {"done": report.done}


async def size(world: World) -> tuple[int, ...]:
    """How much there is of all that an import writes."""
    return tuple([len(await rows(world, table)) for table in (ContributionRow, OriginRow, SpaceRow, JournalRow)])


async def test_the_report_says_what_became_of_it(world: World, write: Write) -> None:
    told = await bring(world, write(IDEA | {"votes": 3, "note": "x"}, ANSWER))
    assert told == {
        "space": OPEN, "dry_run": False, "read": 2, "created": 2, "unchanged": 0, "refused": [], "duplicates": [],
        "kept": ["answers", "at", "body", "by", "id", "side", "title"], "absent": ["themes"],
        "lost": [{"field": "note", "count": 1, "known": False}, {"field": "votes", "count": 1, "known": True}],
        "done": True,
    }  # fmt: skip


async def test_a_second_time_changes_nothing(world: World, write: Write) -> None:
    path = write(IDEA, ANSWER)
    await bring(world, path)
    before = await size(world)
    told = await bring(world, path)
    assert (told["created"], told["unchanged"], told["done"]) == (0, 2, True)
    assert await size(world) == before


async def test_of_two_at_once_one_is_told_to_start_again(world: World, write: Write) -> None:
    """On SQLite the second waits, and finds everything there."""
    path = write(IDEA, ANSWER)
    before = await size(world)
    async with world.app.write() as session:
        await add_many(
            session, SYSTEM, space=world.ids["Space:OPEN"], system=mapping().system,
            records=read(path, mapping()).records,
        )  # fmt: skip
        second = asyncio.create_task(bring(world, path))
        await asyncio.wait([second], timeout=1)  # until it waits for the first
    if world.app.db.dialect == "sqlite":
        assert (await second)["unchanged"] == 2
    else:
        with pytest.raises(Refused, match="Another import of the system .* is running: start it again") as caught:
            await second
        assert caught.value.code is RefusalCode.CONFLICT
    assert (await size(world))[0] == before[0] + 2
    assert (await bring(world, path))["unchanged"] == 2


async def test_what_is_new_in_a_second_file_is_added(world: World, write: Write) -> None:
    await bring(world, write(IDEA))
    told = await bring(world, write(IDEA, ANSWER))
    assert (told["created"], told["unchanged"]) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    ["{", IDEA, IDEA | {"id": 9, "title": None}, ANSWER | {"answers": 99}, ANSWER | {"side": "maybe"}],
    ids=["no JSON", "twice", "no title", "answers nothing", "no alignment"],
)  # fmt: skip
async def test_one_wrong_line_keeps_all_of_it_out(world: World, write: Write, wrong: Any) -> None:
    before = await size(world)
    told = await bring(world, write(IDEA, ANSWER | {"id": "a2"}, wrong), space="new", create_space=True)
    assert not told["done"]
    assert [one["line"] for one in told["refused"] + told["duplicates"]] == [3]
    assert told["created"] == 0
    assert await size(world) == before


async def test_all_that_is_wrong_is_told_at_once(world: World, write: Write) -> None:
    told = await bring(world, write("{", IDEA | {"title": None}, IDEA | {"id": 2, "body": "\x00"}, IDEA | {"id": 3}))
    assert [one["line"] for one in told["refused"]] == [1, 2, 3]
    assert "U+0000" in told["refused"][2]["problem"]


async def test_a_dry_run_writes_nothing_and_says_the_same(world: World, write: Write) -> None:
    path, before = write(IDEA, ANSWER), await size(world)
    dry = await bring(world, path, space="new", create_space=True, dry_run=True)
    assert await size(world) == before
    assert dry == await bring(world, path, space="new", create_space=True) | {"dry_run": True}


async def test_without_its_space_nothing_is_imported(world: World, write: Write) -> None:
    with pytest.raises(Refused, match="There is no space new: name another one, or add --create-space"):
        await bring(world, write(IDEA), space="new")


@pytest.mark.parametrize("space", ["sample-draft", "sample-archived"])
async def test_a_space_that_takes_no_more_is_named(world: World, write: Write, space: str) -> None:
    with pytest.raises(Refused, match="contribution.record takes OPEN, CLOSED"):
        await bring(world, write(IDEA), space=space)


async def test_a_space_that_is_made_is_over(world: World, write: Write) -> None:
    """It has the dates of what was said, below the root, and its name from the slug."""
    await bring(world, write(IDEA, ANSWER), space="old-debate", create_space=True)
    question = """{ space(slug: "old-debate") {
        title state openedAt closedAt endsAt parent { id } contributions { totalCount }
        activity { nodes { sentence } } } }"""
    assert (await world.ask(question))["space"] == {
        "title": "old-debate", "state": "CLOSED", "openedAt": "2015-09-26T00:27:54+00:00",
        "closedAt": "2015-09-27T00:27:54+00:00", "endsAt": "2015-09-27T00:27:54+00:00",
        "parent": {"id": world.gid("Space")}, "contributions": {"totalCount": 1},
        "activity": {"nodes": [{"sentence": "Contributions importées : old.example.org: 2."}]},
    }  # fmt: skip


async def test_a_space_is_made_as_the_mapping_says(world: World, write: Write) -> None:
    new = {
        "title": "Old debate",
        "summary": "Then.",
        "opened_at": "2015-01-01T00:00:00Z",
        "closed_at": "2015-12-31T00:00:00Z",
    }
    known = Mapping.model_validate(mapping().model_dump(exclude_unset=True) | {"space": new})
    await bring(world, write(IDEA), known, space="old-debate", create_space=True)
    found = (await world.ask('{ space(slug: "old-debate") { title summary openedAt closedAt } }'))["space"]
    assert found == {"title": "Old debate", "summary": "Then.", "openedAt": "2015-01-01T00:00:00+00:00",
                     "closedAt": "2015-12-31T00:00:00+00:00"}  # fmt: skip


async def test_a_space_that_is_there_is_taken(world: World, write: Write) -> None:
    before = len(await rows(world, SpaceRow))
    told = await bring(world, write(IDEA), create_space=True)
    assert told["created"] == 1
    assert len(await rows(world, SpaceRow)) == before


async def test_a_slug_that_is_none_is_refused(world: World, write: Write) -> None:
    with pytest.raises(Refused, match="A slug is made of small letters"):
        await bring(world, write(IDEA), space="Old Debate", create_space=True)


async def test_progress_is_told(world: World, write: Write) -> None:
    heard: list[tuple[int, int]] = []
    await bring(world, write(IDEA, ANSWER), progress=lambda written, of: heard.append((written, of)))
    assert heard == [(1, 2), (2, 2)]


async def test_an_empty_file_is_no_mistake(world: World, write: Write) -> None:
    told = await bring(world, write())
    assert (told["read"], told["created"], told["done"]) == (0, 0, True)
