"""The published box is written, and counted again from the file: the result is the one that was published."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hemicycle.api import StartupError, decode_id, table_of
from hemicycle.testing import World
from hemicycle_votes.commands import app
from hemicycle_votes.polls import box
from hemicycle_votes.polls.models import BallotRow, ResultRow
from tests.plugins.votes.polls import polling

BALLOTS: dict[str, Any] = {
    "choices": [["Ana"], ["Bo"], ["Bo"], [], ["Cy"], ["Bo"]],
    "ranking": [[["Ana"], ["Bo", "Cy"]], [["Bo"]], [["Bo"]], [], [["Cy"], ["Ana"]], [["Bo"], ["Cy"]]],
    "grades": [{"Ana": 2, "Bo": 1}, {"Bo": 3}, {"Bo": 3}, {}, {"Cy": 1, "Ana": 0}, {"Bo": 2}],
}
COSTED = [{"label": name, "cost": cost} for name, cost in (("Ana", 6), ("Bo", 5), ("Cy", 4))]
POLLS: list[tuple[str, dict[str, Any]]] = [
    ("choices", {"method": "PLURALITY"}),
    ("choices", {"method": "APPROVAL", "seats": 2}),
    ("grades", {"method": "SCORE"}),
    ("grades", {"method": "QUADRATIC", "credits": 9}),
    ("ranking", {"method": "IRV", "equalRanks": "WHOLE"}),
    ("ranking", {"method": "CONDORCET"}),
    ("ranking", {"method": "SCHULZE", "tieBreak": "LOT", "lotSource": "A draw"}),
    ("ranking", {"method": "STV", "seats": 2}),
    ("grades", {"method": "MAJORITY_JUDGMENT"}),
    ("choices", {"method": "GREEDY", "budget": 10, "options": COSTED}),
    ("choices", {"method": "EQUAL_SHARES", "budget": 10, "options": COSTED}),
]


async def held(world: World, takes: str, said: dict[str, Any], votes: int = 6) -> str:
    """The id of a poll that six people voted in, published."""
    poll = await polling.opened(world, **said)
    ids = await polling.options(world, poll)
    for who, ballot in zip(await polling.people(world, votes), BALLOTS[takes], strict=False):
        cast: Any = {"blank": True}
        if ballot and takes == "grades":
            cast = {"grades": [{"option": ids[name], "grade": grade} for name, grade in ballot.items()]}
        elif ballot and takes == "ranking":
            cast = {"ranking": [[ids[name] for name in group] for group in ballot]}
        elif ballot:
            cast = {"choices": [ids[name] for name in ballot]}
        assert await polling.vote(world, poll, who, **cast) == "OPEN"
    lot = {"lot": "3 14 15"} if said.get("tieBreak") == "LOT" else {}
    await polling.finish(world, poll, **lot)
    return poll


def key(poll: str) -> UUID:
    ref = decode_id(poll)
    assert ref is not None
    return ref.key


async def test_what_is_exported_counts_as_it_was_published(world: World, tmp_path: Path) -> None:
    for takes, said in POLLS:
        poll = await held(world, takes, said)
        found = await box.published(world.app, key(poll))
        file = tmp_path / "box.jsonl"
        file.write_text(found.text, "utf-8")
        assert found.hash == hashlib.sha256(file.read_bytes()).hexdigest()
        done = CliRunner().invoke(app, ["tally", str(file), *found.options, "--json"])
        assert done.exit_code == 0, done.output
        async with world.app.db.read() as connection:
            it = table_of(ResultRow)
            data = (await connection.execute(select(it.c.data).where(it.c.id == key(poll)))).scalar_one()
        data.pop("lot", None)
        assert json.loads(done.stdout) == data


async def test_the_same_box_is_the_same_file_and_names_nobody(world: World) -> None:
    poll = await held(world, "choices", {"method": "PLURALITY", "secrecy": "OPEN"})
    found = await box.published(world.app, key(poll))
    assert found == await box.published(world.app, key(poll))
    head, *lines = found.text.splitlines()
    assert json.loads(head)["question"] == "Which?"
    assert lines == sorted(lines)
    assert '{"ranking":[["Bo"]],"count":3}' in lines
    async with world.app.db.read() as connection:
        it = table_of(BallotRow)
        whose = (await connection.execute(select(it.c.participant_id).where(it.c.poll_id == key(poll)))).scalars().all()
    assert not [one for one in whose if one is None or str(one) in found.text]


async def test_what_is_not_public_is_not_exported(world: World) -> None:
    for name, told in (("OPEN", "is OPEN"), ("COUNTED", "is COUNTED"), ("CANCELLED", "is CANCELLED")):
        with pytest.raises(StartupError, match=told):
            await box.published(world.app, world.ids[f"Poll:{name}"])
    few = await held(world, "choices", {"method": "PLURALITY"}, votes=4)
    with pytest.raises(StartupError, match="Only 4 people voted"):
        await box.published(world.app, key(few))
    with pytest.raises(StartupError, match="no poll under that id"):
        await box.published(world.app, world.ids["Space:OPEN"])


async def test_the_command_takes_the_id_of_a_poll(world: World) -> None:
    done = CliRunner().invoke(app, ["export", world.gid("Space:OPEN")])
    assert "is the id of no poll" in str(done.exception)
