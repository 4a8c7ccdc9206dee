"""What anyone may take away: all that is public, as it was said, and nothing that is not."""

import csv
import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from hemicycle.api import OpenData, StartupError, encode_id
from hemicycle.contributions.models import ContributionRow, VersionRow
from hemicycle.kernel.db.dialect import table_of
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing import World
from hemicycle_exchange.opendata.cells import as_cell
from hemicycle_exchange.opendata.rules import export
from hemicycle_votes.models import SupportTallyRow
from tests.asking import change, rows


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes", "exchange", "territories", "panels", "youtube", "outcomes"]}


def lines(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text("utf-8").splitlines()]


def cells(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_every_table_leaves_twice_and_describes_itself(world: World, tmp_path: Path) -> None:
    """And nobody is in it who said something, by name or by id; nor what is hidden, nor what members alone read."""
    folder = tmp_path / "out"
    heard: list[tuple[str, int, int]] = []
    written = await export(world.app, folder, progress=lambda *told: heard.append(told))
    declared = world.app.declared[OpenData]
    assert {one.table.name for one in written} == set(declared)
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert [one["path"] for one in package["resources"]] == sorted(f"{name}.csv" for name in declared)
    page = (folder / "README.md").read_text("utf-8")
    for one, resource in zip(written, package["resources"], strict=True):
        name, table = one.table.name, one.table
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert names == [*table.columns, *(["suppressed"] if table.people else [])]
        assert {*table.people, *table.pseudonyms, *table.pseudonyms.values()} <= set(table.columns)
        assert all(field["description"] for field in resource["schema"]["fields"])
        assert [list(line) for line in lines(folder, name)] == [names] * one.rows
        assert [list(cell) for cell in cells(folder, name)] == [names] * one.rows
        assert (name, one.rows, one.rows) in heard or not one.rows
        assert f"## {name}" in page
    said = "".join(path.read_text("utf-8") for path in folder.iterdir())
    structures = {one.display_name for one in await rows(world, ParticipantRow, kind="STRUCTURE")}
    for person in await rows(world, ParticipantRow, kind="PERSON"):
        assert str(person.id) not in said
        assert (
            person.display_name is None or person.display_name in structures or f'"{person.display_name}"' not in said
        )
    shown = {line["id"] for line in lines(folder, "contributions")}
    for row in await rows(world, ContributionRow):
        seen = await world.ask("query($id: ID!) { node(id: $id) { id } }", id=encode_id("Contribution", row.id))
        assert (seen["node"] is not None) == (str(row.id) in shown), row.state
    assert {line["state"] for line in lines(folder, "contributions")} == {"PUBLISHED", "WITHDRAWN"}
    assert oct(folder.stat().st_mode)[-3:] == "755"


async def test_what_is_hidden_or_of_a_plugin_that_is_not_active_does_not_leave(world: World, tmp_path: Path) -> None:
    """As in the API: not even that it is there, and how many people supported it."""
    contribution = world.ids["Contribution:PUBLISHED"]
    tallies, row = table_of(SupportTallyRow), {"type": "Contribution", "object_id": contribution}
    async with world.app.write() as session:
        await session.execute(tallies.delete())
        await session.execute(insert(tallies).values(space_id=world.ids["Space:OPEN"], supports=9, **row))
    await export(world.app, tmp_path / "before")
    assert [line["supports"] for line in lines(tmp_path / "before", "supports")] == [9]
    async with world.app.write() as session:
        hide = update(table_of(ContributionRow)).where(table_of(ContributionRow).c.id == contribution)
        await session.execute(hide.values(state="HIDDEN"))
    await export(world.app, tmp_path / "hidden")
    assert lines(tmp_path / "hidden", "supports") == []
    done = await change(world, "setPlugins", "administrator", space="Space", plugins=["exchange"])
    assert "code" not in done, done
    await export(world.app, tmp_path / "after")
    of = {table.name: world.app.declared.owner_of(table) for table in world.app.declared[OpenData].values()}
    public = {"core", "spaces", "contributions", "participants", "territories"}
    left = {name for name, owner in of.items() if owner not in public and lines(tmp_path / "after", name)}
    assert left == set()
    assert all(lines(tmp_path / "before", name) for name in ("petitions", "polls", "panels", "episodes", "proposals"))


async def test_small_counts_formulas_and_people_do_not_leave(world: World, tmp_path: Path) -> None:
    contribution, space = world.ids["Contribution:PUBLISHED"], world.ids["Space:OPEN"]
    other = await rows(world, ContributionRow, state="PUBLISHED", space_id=space)
    few, enough = contribution, next(one.id for one in other if one.id != contribution)
    none = world.ids["Proposal:SUBMITTED"]
    tallies, versions = table_of(SupportTallyRow), table_of(VersionRow)
    async with world.app.write() as session:
        await session.execute(tallies.delete())
        for count, kind, key in ((4, "Contribution", few), (5, "Contribution", enough), (0, "Proposal", none)):
            row = {"type": kind, "object_id": key, "space_id": space, "supports": count}
            await session.execute(insert(tallies), [row])
        formula = update(versions).where(versions.c.contribution_id == contribution)
        await session.execute(formula.values(title="=cmd|' /C calc'!A0", text="-1+2"))
    written = await export(world.app, tmp_path / "out")
    told = {line["object_id"]: (line["supports"], line["suppressed"]) for line in lines(tmp_path / "out", "supports")}
    assert told == {str(few): (None, "supports"), str(enough): (5, None), str(none): (None, "supports")}
    shown = {cell["object_id"]: (cell["supports"], cell["suppressed"]) for cell in cells(tmp_path / "out", "supports")}
    assert shown == {str(few): ("", "supports"), str(enough): ("5", ""), str(none): ("", "supports")}
    assert {one.table.name: one.suppressed for one in written}["supports"] == 2
    (cell,) = [one for one in cells(tmp_path / "out", "contributions") if one["id"] == str(contribution)]
    (line,) = [one for one in lines(tmp_path / "out", "contributions") if one["id"] == str(contribution)]
    assert (cell["title"], cell["text"]) == ("'=cmd|' /C calc'!A0", "'-1+2")
    assert (line["title"], line["text"]) == ("=cmd|' /C calc'!A0", "-1+2")
    assert len(line["person"]) == 16


async def test_a_pseudonym_holds_in_one_space_alone(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same tomorrow, and another one in another instance."""
    author, contributions = world.ids["Participant:ACTIVE"], table_of(ContributionRow)
    async with world.app.write() as session:
        await session.execute(update(contributions).values(author_id=author))
        elsewhere = update(contributions).where(contributions.c.id == world.ids["Contribution:PUBLISHED"])
        await session.execute(elsewhere.values(space_id=world.ids["Space:CLOSED"]))
    await export(world.app, tmp_path / "one")
    await export(world.app, tmp_path / "two")
    first, second = (lines(tmp_path / name, "contributions") for name in ("one", "two"))
    assert first == second
    pseudonyms = {(line["space_id"], line["person"]) for line in first if line["person"]}
    assert len({person for _, person in pseudonyms}) == len({space for space, _ in pseudonyms}) > 1
    assert all(line["person"] is None for line in first if line["state"] == "WITHDRAWN")
    other = world.app.settings.model_copy(update={"secret_key": "another one, as long as it has to be"})
    monkeypatch.setattr(world.app, "settings", other)
    await export(world.app, tmp_path / "other")
    assert not {person for _, person in pseudonyms} & {
        one["person"] for one in lines(tmp_path / "other", "contributions")
    }


def _second_fails(rename: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    """The old folder is moved away, the new one cannot take its place, and the old one can be moved back."""
    times = iter((True, False, True))

    def once(path: Path, to: Path) -> Path:
        if not next(times):
            raise PermissionError(errno.EACCES, "Permission denied")
        return rename(path, to)

    return once


async def test_a_folder_that_is_there_stays_until_the_new_one_is_whole(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(StartupError, match=r"out is no earlier export \(it has no datapackage.json\)"):
        await export(world.app, folder, force=True)
    (folder / "datapackage.json").write_text("{}")
    with pytest.raises(StartupError, match="is there already: name another folder, or add --force"):
        await export(world.app, folder)

    def fail(table: str, written: int, of: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await export(world.app, folder, force=True, progress=fail)
    stays = {"out", "mine.txt", "datapackage.json"}
    assert {path.name for path in tmp_path.rglob("*")} == stays

    def full(table: str, written: int, of: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StartupError, match="out: it cannot be written: No space left on device"):
        await export(world.app, folder, force=True, progress=full)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", _second_fails(Path.rename))
        with pytest.raises(StartupError, match="out: it cannot be written: Permission denied"):
            await export(world.app, folder, force=True)
    assert {path.name for path in tmp_path.rglob("*")} == stays
    await export(world.app, folder, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert not (folder / "mine.txt").exists()


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), (True, "true"), (-1.5, "-1.5"), ("\tx", "'\tx"), ("@x", "'@x"), ("a=b", "a=b"), (["é"], '["é"]')],
)
def test_cells(value: Any, cell: str) -> None:
    assert as_cell(value) == cell
