"""Who may support what, when, and what a second time does."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hemicycle.api import SYSTEM, Ref, Refused, table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle.testing import World
from hemicycle_votes import rules
from hemicycle_votes.models import SupportRow
from tests.plugins.votes.conftest import Count

REPLY = "Contribution:REPLY"


async def support(world: World, who: str, target: str = REPLY, **given: bool) -> str:
    """The refusal's code, or the name of the type that is answered."""
    answer = await world.change("support", who, target=world.gid(target), **given)
    return str(answer.get("code") or answer["__typename"])


async def withdraw(world: World, who: str, target: str = REPLY) -> str:
    answer = await world.change("withdrawSupport", who, target=world.gid(target))
    return str(answer.get("code") or answer["__typename"])


async def supports(world: World, target: str = REPLY) -> int:
    found = await world.ask("query($id: ID!) { contribution(id: $id) { supportCount } }", id=world.gid(target))
    return int(found["contribution"]["supportCount"])


async def test_a_support_counts_one(world: World) -> None:
    assert await supports(world) == 0
    assert await support(world, "participant") == "SupportTally"
    assert await support(world, "member") == "SupportTally"
    assert await supports(world) == 2


async def test_whoever_is_not_signed_in_does_not_support(world: World) -> None:
    assert await support(world, "visitor") == "SIGN_IN_FIRST"
    assert await withdraw(world, "visitor") == "SIGN_IN_FIRST"


async def test_whoever_is_suspended_does_not_support(world: World) -> None:
    assert await support(world, "Participant:SUSPENDED") == "NOT_ALLOWED"


async def test_a_structure_is_not_counted(world: World, count: Count) -> None:
    assert await support(world, "Participant:STRUCTURE_ACTIVE") == "NOT_ALLOWED"
    assert await count(SupportRow, object_id=world.ids[REPLY]) == 0


async def test_the_instance_itself_supports_nothing(world: World) -> None:
    with pytest.raises(Refused) as refused:
        async with world.app.write() as session:
            await rules.support(session, SYSTEM, target=Ref("Contribution", world.ids[REPLY]))
    assert "Only people are counted" in refused.value.message


@pytest.mark.parametrize(
    ("target", "code"),
    [("DRAFT", "NOT_FOUND"), ("PENDING", "NOT_FOUND"), ("HIDDEN", "NOT_FOUND"), ("WITHDRAWN", "WRONG_STATE"),
     ("MEMBERS", "NOT_FOUND")],
)  # fmt: skip
async def test_what_is_not_published_to_one_is_not_supported(world: World, target: str, code: str) -> None:
    assert await support(world, "participant", f"Contribution:{target}") == code


async def test_its_own_moderator_supports_nothing_hidden(world: World) -> None:
    assert await support(world, "moderator", "Contribution:HIDDEN") == "WRONG_STATE"


@pytest.mark.parametrize("target", ["Space:OPEN", "Participant:member", "Support:PUBLIC"])
async def test_only_what_is_declared_supportable_is_supported(world: World, target: str, count: Count) -> None:
    answer = await world.change("support", "participant", target=world.gid(target))
    assert answer["code"] == "NOT_FOUND"
    assert "Contribution" in answer["message"]
    assert await count(SupportRow) == 2  # the samples


async def test_one_supports_while_the_space_is_open(world: World) -> None:
    assert await support(world, "participant") == "SupportTally"
    await world.change("closeSpace", "steward", space=world.gid("Space:OPEN"))
    assert await support(world, "member") == "WRONG_STATE"
    assert await supports(world) == 1


async def test_one_takes_it_back_at_any_time(world: World, count: Count) -> None:
    await support(world, "participant")
    await world.change("closeSpace", "steward", space=world.gid("Space:OPEN"))
    assert await withdraw(world, "participant") == "SupportTally"
    assert await supports(world) == 0
    assert await count(SupportRow, object_id=world.ids[REPLY]) == 0


async def test_what_one_does_not_support_is_not_taken_back(world: World) -> None:
    await support(world, "member")
    assert await withdraw(world, "participant") == "NOT_FOUND"
    assert await withdraw(world, "participant", "Space:OPEN") == "NOT_FOUND"
    assert await supports(world) == 1


async def test_what_was_hidden_is_taken_back_too(world: World) -> None:
    await support(world, "participant")
    await world.change("hideContribution", "moderator", contribution=world.gid(REPLY), reason="Rude.")
    assert await withdraw(world, "participant") == "Done"
    assert await withdraw(world, "participant") == "NOT_FOUND"


async def test_one_supports_again_after_taking_it_back(world: World) -> None:
    for _ in range(2):
        assert await support(world, "participant") == "SupportTally"
        assert await supports(world) == 1
        assert await withdraw(world, "participant") == "SupportTally"
        assert await supports(world) == 0


async def test_a_second_time_changes_only_whether_it_is_public(world: World, count: Count) -> None:
    known = {"object_id": world.ids[REPLY], "participant_id": world.ids["Participant:outsider"]}
    told = await count(JournalRow, event="votes.supported")
    for given, public in (({}, False), ({"public": True}, True), ({}, True), ({"public": False}, False)):
        assert await support(world, "participant", **given) == "SupportTally"
        assert await count(SupportRow, **known, public=public) == 1
    assert await supports(world) == 1
    assert await count(JournalRow, event="votes.supported") == told + 1


async def test_others_keep_theirs_as_they_were(world: World, count: Count) -> None:
    await support(world, "member", public=False)
    await support(world, "participant", "Contribution:PUBLISHED", public=False)
    await support(world, "participant", public=False)
    await support(world, "participant", public=True)
    assert await count(SupportRow, object_id=world.ids[REPLY], public=False) == 1
    assert await count(SupportRow, participant_id=world.ids["Participant:outsider"], public=False) == 1


async def test_the_day_is_kept_and_not_the_moment(world: World) -> None:
    world.clock.moment = datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC)
    await support(world, "participant")
    async with world.app.db.read() as connection:
        mine = table_of(SupportRow).c.participant_id == world.ids["Participant:outsider"]
        (row,) = (await connection.execute(select(table_of(SupportRow)).where(mine))).all()
    assert row.at == datetime(2026, 3, 2, tzinfo=UTC)
    assert row.id.version == 4


async def test_where_the_plugin_is_not_active_nothing_is_supported(world: World, count: Count) -> None:
    await support(world, "participant")
    root = await world.change("setPlugins", "administrator", space=world.gid("Space"), plugins=[])
    assert root["__typename"] == "Space"
    assert await support(world, "member") == "NOT_ALLOWED"
    assert await withdraw(world, "participant") == "NOT_FOUND"
    assert await count(SupportRow, object_id=world.ids[REPLY]) == 1
    found = await world.ask(
        """query($id: ID!, $tally: ID!) { node(id: $tally) { id }
        contribution(id: $id) { supportCount viewerHasSupported supports { totalCount } viewerCan } }""",
        "participant", id=world.gid("Contribution:PUBLISHED"), tally=world.gid("SupportTally"),
    )  # fmt: skip
    assert found["node"] is None
    assert found["contribution"].pop("viewerCan") == ["CONTRIBUTION_REPORT"]
    assert found["contribution"] == {"supportCount": None, "viewerHasSupported": None, "supports": {"totalCount": 0}}
