"""Whatever a plugin declares supportable is supported in the same way, in its own states."""

from typing import Any

import pytest

from hemicycle.app import build
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.graphql.ids import Ref
from hemicycle.kernel.settings import Settings
from hemicycle.testing import World
from hemicycle_votes import rules
from hemicycle_votes.models import SupportRow
from tests.plugins.votes import moments
from tests.plugins.votes.conftest import Count

QUESTION = """query($id: ID!) { node(id: $id) { ... on Moment {
    supportCount viewerHasSupported viewerCan supports { nodes { participant { id } } } } } }"""


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes"], "given": [moments]}


async def test_it_has_the_same_fields(world: World) -> None:
    shown = world.gid("Moment:SHOWN")
    before = (await world.ask(QUESTION, "participant", id=shown))["node"]
    assert before == {
        "supportCount": 0, "viewerHasSupported": False, "viewerCan": ["VOTES_SUPPORT"], "supports": {"nodes": []},
    }  # fmt: skip
    answer = await world.change(
        "support", "participant", "target { __typename ... on Moment { supportCount } }", target=shown, public=True
    )
    assert answer["target"] == {"__typename": "Moment", "supportCount": 1}
    after = (await world.ask(QUESTION, "participant", id=shown))["node"]
    assert after["viewerHasSupported"] is True
    assert after["supports"]["nodes"] == [{"participant": {"id": world.gid("Participant:outsider")}}]


async def test_its_own_states_hold(world: World) -> None:
    cut = world.gid("Moment:CUT")
    assert (await world.ask(QUESTION, "participant", id=cut))["node"]["viewerCan"] == []
    assert (await world.change("support", "participant", target=cut))["code"] == "WRONG_STATE"


async def test_counts_of_two_types_do_not_mix(world: World, count: Count) -> None:
    """Not even if two objects had the same id."""
    async with world.app.write() as session:
        same = moments.MomentRow(
            id=world.ids["Contribution:REPLY"], space_id=world.ids["Space:OPEN"], state="SHOWN", at=session.now
        )
        session.add(same)
        await session.flush()
        for name in ("Moment", "Contribution"):
            await rules.support(session, world.actor("participant"), target=Ref(name, same.id), public=True)
        await rules.support(session, world.actor("member"), target=Ref("Moment", same.id), public=True)
        await rules.support(session, world.actor("participant"), target=Ref("Contribution", same.id), public=False)
        tally = await rules.withdraw(session, world.actor("participant"), target=Ref("Contribution", same.id))
    assert await count(SupportRow, type="Moment", object_id=same.id) == 2
    world.ids["Moment:SAME"] = same.id
    moment = (await world.ask(QUESTION, "participant", id=world.gid("Moment:SAME")))["node"]
    assert (moment["supportCount"], moment["viewerHasSupported"], len(moment["supports"]["nodes"])) == (2, True, 2)
    found = await world.ask(
        "query($id: ID!) { contribution(id: $id) { supportCount viewerHasSupported supports { totalCount } } }",
        "participant", id=world.gid("Contribution:REPLY"),
    )  # fmt: skip
    assert found["contribution"] == {"supportCount": 0, "viewerHasSupported": False, "supports": {"totalCount": 0}}
    world.ids["SupportTally:SAME"] = tally.id
    for hidden in (False, True):  # who sees the one sees not therefore what is said of the other
        node = await world.ask("query($id: ID!) { node(id: $id) { id } }", id=world.gid("SupportTally:SAME"))
        assert (node["node"] is None) is hidden
        await world.change("hideContribution", "moderator", contribution=world.gid("Contribution:REPLY"), reason="x")


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [([0], "a threshold is 1 or more, not 0"), (["many"], "valid integer"), (list(range(1, 30)), "at most 20")],
)
def test_wrong_thresholds_keep_it_from_starting(thresholds: list[Any], message: str) -> None:
    settings = Settings(plugins=["votes"], plugin={"votes": {"thresholds": thresholds}})
    with pytest.raises(StartupError, match=f"plugin.votes.thresholds.*{message}"):
        build(settings)
