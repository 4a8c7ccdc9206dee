"""What a person may do once has one effect, however many times it is asked for at the same moment."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from hemicycle.contributions.models import ContributionRow, FollowRow, ReportRow, TallyRow
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle.participants.models import StructureMemberRow, VerificationRow
from hemicycle.spaces.models import RoleRow, SpaceRow
from hemicycle.testing import World

TIMES = 50


async def count(world: World, row: type, **equal: Any) -> int:
    table = table_of(row)
    tests = [table.c[name] == value for name, value in equal.items()]
    async with world.app.db.read() as connection:
        found: int = (await connection.execute(select(func.count()).select_from(table).where(*tests))).scalar_one()
        return found


async def at_once(world: World, mutation: str, who: str, **input: Any) -> list[str]:
    """What fifty parallel requests are answered: the names of the types."""
    answers = await asyncio.gather(*(world.change(mutation, who, **input) for _ in range(TIMES)))
    return [one["__typename"] for one in answers]


async def test_a_report_counts_once(world: World) -> None:
    answers = await at_once(
        world, "reportContribution", "participant", contribution=world.gid("Contribution:PUBLISHED"), reason="Rude."
    )
    assert sorted(answers) == ["Conflict"] * (TIMES - 1) + ["Contribution"]
    assert await count(world, ReportRow, participant_id=world.ids["Participant:outsider"]) == 1
    assert await count(world, JournalRow, event="contribution.reported") == 1


@pytest.mark.parametrize(
    ("mutation", "input", "row", "who"),
    [
        ("follow", {"target": "Space:CLOSED"}, FollowRow, "participant"),
        ("joinSpace", {"space": "Space:OPEN"}, RoleRow, "participant"),
        ("grantRole", {"space": "Space:OPEN", "participant": "Participant:outsider", "role": "MODERATOR"}, RoleRow,
         "administrator"),
        ("verifyParticipant", {"participant": "Participant:outsider"}, VerificationRow, "administrator"),
    ],
)  # fmt: skip
async def test_a_second_time_changes_nothing(
    world: World, mutation: str, input: dict[str, str], row: type, who: str
) -> None:
    before, told = await count(world, row), await count(world, JournalRow)
    ids = {name: world.gid(value) if value in world.ids else value for name, value in input.items()}
    answers = await at_once(world, mutation, who, **ids)
    assert len(set(answers)) == 1
    assert answers[0] not in ("NotAllowed", "Conflict", "InvalidInput")
    assert await count(world, row) == before + 1
    assert await count(world, JournalRow) - told == (0 if row is FollowRow else 1)


async def test_a_key_makes_a_retry_act_once(world: World) -> None:
    words = {"space": world.gid("Space:OPEN"), "title": "Only once", "text": "Words."}
    answers = await asyncio.gather(
        *(world.change_with_key("contribute", "author", "the-same-key", "id", **words) for _ in range(TIMES))
    )
    assert len({one["id"] for one in answers}) == 1
    before = await count(world, ContributionRow)
    other = await world.change_with_key("contribute", "author", "another-key", "id", **words)
    assert other["id"] != answers[0]["id"]
    assert await count(world, ContributionRow) == before + 1


async def test_one_transition_wins(world: World) -> None:
    """Fifty moderators hide it at once: one does, the others learn that it is hidden."""
    answers = await at_once(
        world, "hideContribution", "moderator", contribution=world.gid("Contribution:PUBLISHED"), reason="Twice."
    )
    assert sorted(answers) == ["Conflict"] * (TIMES - 1) + ["Contribution"]
    assert await count(world, JournalRow, event="contribution.hidden") == 2  # one is a sample's


async def test_one_edit_wins(world: World) -> None:
    answers = await at_once(
        world, "editContribution", "author",
        contribution=world.gid("Contribution:PUBLISHED"), version=1, title="Mine", text="The words of one of them.",
    )  # fmt: skip
    assert sorted(answers) == ["Conflict"] * (TIMES - 1) + ["Contribution"]


async def test_answers_are_counted_exactly(world: World) -> None:
    parent = world.gid("Contribution:PUBLISHED")
    before = (await world.ask("query($id: ID!) { contribution(id: $id) { replyCount } }", id=parent))["contribution"]
    await asyncio.gather(
        *(
            world.change("contribute", "author", space=world.gid("Space:OPEN"), parent=parent, text=f"Answer {one}.")
            for one in range(TIMES)
        )
    )
    data = await world.ask("query($id: ID!) { contribution(id: $id) { replyCount replies { totalCount } } }", id=parent)
    assert (
        data["contribution"]["replyCount"]
        == before["replyCount"] + TIMES
        == data["contribution"]["replies"]["totalCount"]
    )
    assert await count(world, TallyRow, contribution_id=world.ids["Contribution:PUBLISHED"]) == 1


async def test_a_space_closes_between_contributions_or_after_them(world: World) -> None:
    """Nothing is said in a space that is closed: every accepted contribution came before the closing."""
    closing = world.change("closeSpace", "steward", space=world.gid("Space:OPEN"))
    saying = [
        world.change("contribute", "author", space=world.gid("Space:OPEN"), title=f"Title {one}", text="Words.")
        for one in range(TIMES)
    ]
    closed, *said = await asyncio.gather(closing, *saying)
    assert closed["__typename"] == "Space"
    assert {one["__typename"] for one in said} <= {"Contribution", "Conflict"}
    late = await world.change("contribute", "author", space=world.gid("Space:OPEN"), title="Late", text="Words.")
    assert late["code"] == "WRONG_STATE"
    async with world.app.db.read() as connection:
        state = select(table_of(SpaceRow).c.state).where(table_of(SpaceRow).c.id == world.ids["Space:OPEN"])
        assert (await connection.execute(state)).scalar_one() == "CLOSED"


async def test_the_last_member_of_a_structure_stays(world: World) -> None:
    structure = await world.change("createStructure", "author", "id", displayName="An association")
    assert structure["__typename"] == "Participant"
    left = await world.change(
        "removeStructureMember", "author", structure=structure["id"], participant=world.gid("Participant:ACTIVE")
    )
    assert left["code"] == "CONFLICT"
    assert await count(world, StructureMemberRow) >= 1
