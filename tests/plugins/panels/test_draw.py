"""A panel is drawn through the API: by two people, step by step, in public; and the transcript is verified."""

import asyncio
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hemicycle.api import ANYONE, Actor
from hemicycle.kernel.db import migrations
from hemicycle.kernel.jobs.run import run_due
from hemicycle.kernel.privacy.erase import erase
from hemicycle.testing import World
from hemicycle_panels.transcript.merkle import includes, leaf
from hemicycle_panels.transcript.sources import commitment_of
from hemicycle_panels.transcript.verify import verify
from tests.plugins.panels.calling import CITIZENS, apply, call, draw_of, look, people, pool, step

SCRIPT = Path(__file__).parents[3] / "examples" / "verify_draw" / "verify.py"
DRAW = """state draw { state root key poolSize problem transcript algorithm minProbability certificateGap lotterySize
    relaxed }"""

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture(scope="module")
def independent() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def committed(world: World, **more: Any) -> tuple[str, list[Actor]]:
    """A panel whose lottery was written down by the steward."""
    panel, candidates = await pool(world, **more)
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    assert await step(world, "commitLottery", "steward", draw=draw_of(panel)) == "COMPUTING"
    await run_due(world.app)
    return panel, candidates


async def seats(world: World, panel: str, who: Actor) -> list[Any]:
    """The seats that someone has or had."""
    body = "members(first: 100) { nodes { id state number person { id } participant { displayName } } }"
    return [one for one in (await look(world, panel, body, who))["members"]["nodes"] if one["person"]]


async def test_a_draw_from_its_call_to_the_verdict_of_two_verifiers(world: World, independent: ModuleType) -> None:
    panel, candidates = await committed(world)
    seen = await look(world, panel, DRAW)
    assert seen["state"] == "POOL_CLOSED"
    draw = seen["draw"]
    assert (draw["state"], draw["algorithm"], draw["lotterySize"], draw["relaxed"]) == ("COMMITTED", "leximin", 20, [])
    assert draw["minProbability"] == pytest.approx(4 / 13)
    assert draw["certificateGap"] <= 1e-6
    lines = [json.loads(line) for line in draw["transcript"].splitlines()]
    assert [one["kind"] for one in lines] == ["open", "pool", "lottery"]
    assert lines[1]["said"]["root"] == draw["root"]
    assert await step(world, "promiseBeacon", "steward", draw=draw_of(panel)) == "PROMISED"
    assert await step(world, "drawPanel", "administrator", draw=draw_of(panel), balls="123") == "DRAWN"
    # Two who were drawn do not come, and one does.
    taken = [(who, one) for who in candidates for one in await seats(world, panel, who)]
    assert len(taken) == 4
    for who, one in taken[:2]:
        assert await step(world, "declineSeat", who, member=one["id"]) == "DECLINED"
    assert await step(world, "acceptSeat", taken[2][0], member=taken[2][1]["id"], showName=True) == "ACCEPTED"
    assert await step(world, "promiseBeacon", "steward", draw=draw_of(panel)) == "REPLACING"
    assert await step(world, "replaceMembers", "administrator", draw=draw_of(panel), balls="007") == "DRAWN"
    assert await step(world, "closeDraw", "steward", draw=draw_of(panel)) == "CLOSED"
    body = DRAW + " members(first: 100) { nodes { state number participant { displayName } } }"
    public = (await look(world, panel, body))["members"]["nodes"]
    assert {one["number"] for one in public} == {None}  # beside a name it would tell a profile
    seen = await look(world, panel, body, "steward")
    data, key = seen["draw"]["transcript"].encode(), draw["key"]
    verdict = verify(data, key)
    assert independent.verify(data, key) == (key, verdict.panel, [])
    assert verdict.unchecked == []
    members = seen["members"]["nodes"]
    assert sorted(one["number"] for one in members if one["state"] != "REPLACED") == verdict.panel
    assert sum(one["state"] == "REPLACED" for one in members) == 2
    assert [one["participant"]["displayName"] for one in members if one["participant"]] == [
        f"Candidate {candidates.index(taken[2][0])}"
    ]
    mine = (await look(world, panel, "viewerCandidacy { inclusionProof }", candidates[0]))["viewerCandidacy"]
    shown = mine["inclusionProof"].encode()
    assert independent.verify(data, key, None, shown)[2] == []
    with pytest.raises(independent.Wrong):
        independent.verify(data, key, None, shown.replace(b"young", b"old"))
    # What was fixed before the number is the beginning of what was published after it.
    assert seen["draw"]["transcript"].startswith(draw["transcript"])


async def test_it_takes_two_people(world: World) -> None:
    panel, _ = await committed(world)
    draw = draw_of(panel)
    assert await step(world, "promiseBeacon", "steward", draw=draw) == "PROMISED"
    before = await look(world, panel, DRAW)
    assert await step(world, "drawPanel", "steward", draw=draw, balls="123") == "NOT_ALLOWED"
    assert await look(world, panel, DRAW) == before
    assert await step(world, "drawPanel", "administrator", draw=draw, balls="123") == "DRAWN"


async def test_whoever_committed_does_not_enter_the_number_either(world: World) -> None:
    panel, _ = await committed(world)
    draw = draw_of(panel)
    assert await step(world, "promiseBeacon", "administrator", draw=draw) == "PROMISED"
    for who in ("steward", "administrator"):
        assert await step(world, "drawPanel", who, draw=draw, balls="123") == "NOT_ALLOWED"


async def test_balls_are_three_digits(world: World) -> None:
    for balls in ("", "12", "1234", "1 2", "-12", "²³¹", "１２３"):
        for mutation, state in (("drawPanel", "PROMISED"), ("replaceMembers", "REPLACING")):
            draw = world.gid(f"PanelDraw:{state}")
            assert await step(world, mutation, "administrator", draw=draw, balls=balls) == "INVALID_INPUT"


async def test_three_parties_are_a_source_too(world: World, independent: ModuleType) -> None:
    panel, _ = await committed(world)
    draw, secrets = draw_of(panel), {"A": "a" * 64, "B": "b" * 64, "C": "c" * 64}
    fixed = [{"party": one, "commitment": commitment_of(one, secret)} for one, secret in secrets.items()]
    for wrong in ([], fixed[:2], [*fixed, fixed[0]], [*fixed, {"party": "D", "commitment": "none"}]):
        given = {"source": "REVEALS", "commitments": wrong}
        assert await step(world, "promiseBeacon", "steward", draw=draw, **given) == "INVALID_INPUT", wrong
    assert await step(world, "promiseBeacon", "steward", draw=draw, commitments=fixed) == "INVALID_INPUT"
    told = await step(world, "promiseBeacon", "steward", draw=draw, source="REVEALS", commitments=fixed)
    assert told == "PROMISED"
    revealed = [{"party": one, "secret": secret} for one, secret in reversed(secrets.items())]
    other = [*revealed[:2], {"party": "A", "secret": "d" * 64}]
    for given in ({"balls": "123"}, {"reveals": revealed[:2]}, {"reveals": other}):
        assert await step(world, "drawPanel", "administrator", draw=draw, **given) == "INVALID_INPUT", given
    assert await step(world, "drawPanel", "administrator", draw=draw, reveals=revealed) == "DRAWN"
    assert await step(world, "closeDraw", "steward", draw=draw) == "CLOSED"
    data = (await look(world, panel, DRAW))["draw"]["transcript"].encode()
    assert independent.verify(data)[1] == verify(data).panel


async def test_each_candidate_can_prove_that_they_are_in_the_pool(world: World) -> None:
    panel, candidates = await committed(world)
    root = (await look(world, panel, DRAW))["draw"]["root"]
    body = "candidacies { nodes { number probability inclusionProof features { feature value } } }"
    numbers = set()
    for who in candidates[:3]:
        (mine,) = (await look(world, panel, body, who))["candidacies"]["nodes"]
        proof = json.loads(mine["inclusionProof"])
        its = leaf(proof["salt"], proof["id"], proof["profile"])
        assert includes(root, its, [tuple(one) for one in proof["path"]])
        assert (proof["root"], proof["number"], proof["profile"]) == (root, mine["number"], ["young"])
        assert mine["probability"] == pytest.approx(4 / 13)
        numbers.add(mine["number"])
    assert len(numbers) == 3
    every = (await look(world, panel, body.replace("nodes", "totalCount nodes"), "steward"))["candidacies"]
    assert (every["totalCount"], {one["inclusionProof"] for one in every["nodes"]}) == (13, {None})
    assert (await look(world, panel, body, ANYONE))["candidacies"]["nodes"] == []


async def test_an_auditor_checks_the_quotas_of_rare_profiles(world: World, independent: ModuleType) -> None:
    panel, _ = await committed(world, young=4)
    assert await step(world, "promiseBeacon", "steward", draw=draw_of(panel)) == "PROMISED"
    assert await step(world, "drawPanel", "administrator", draw=draw_of(panel), balls="123") == "DRAWN"
    assert await step(world, "closeDraw", "steward", draw=draw_of(panel)) == "CLOSED"
    data = (await look(world, panel, DRAW))["draw"]["transcript"].encode()
    assert any("quotas" in one for one in verify(data).unchecked)
    body = "candidacies(first: 100) { nodes { inclusionProof } }"
    assert (await look(world, panel, body, "member"))["candidacies"]["nodes"] == []
    given = {"space": world.gid("Space"), "participant": world.gid("Participant:member"), "role": "PANEL_AUDITOR"}
    assert await step(world, "grantRole", "steward", **given) == "NOT_ALLOWED"
    assert await step(world, "grantRole", "administrator", **given) == "OPEN"
    proofs = [json.loads(one["inclusionProof"]) for one in
              (await look(world, panel, body, "member"))["candidacies"]["nodes"]]  # fmt: skip
    proofs.sort(key=lambda one: one["number"])
    people = [{name: one[name] for name in ("id", "profile", "salt")} for one in proofs]
    opening = json.dumps({"people": people}).encode()
    assert not any("quotas" in one for one in verify(data, opening=opening).unchecked)
    assert not any("quotas" in one for one in independent.verify(data, None, opening)[2])


async def test_quotas_that_cannot_be_kept_are_said_and_made_wider_in_public(world: World) -> None:
    quotas = [
        {"feature": "age", "value": "young", "minimum": 3, "maximum": 4},
        {"feature": "age", "value": "old", "minimum": 0, "maximum": 4},
        {"feature": "sex", "value": "f", "minimum": 3, "maximum": 4},
        {"feature": "sex", "value": "m", "minimum": 0, "maximum": 4},
    ]
    panel = await call(world, colleges=[{**CITIZENS, "quotas": quotas}])
    for number, who in enumerate(await people(world, 10)):
        said = [("age", "young" if number < 5 else "old"), ("sex", "m" if number < 5 else "f")]
        features = [{"feature": name, "value": value} for name, value in said]
        assert isinstance(await apply(world, panel, who, features=features), str)
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    body = "colleges { nodes { quotas { nodes { id value minimum maximum } } } }"
    its = (await look(world, panel, body))["colleges"]["nodes"][0]["quotas"]["nodes"]
    young = next(one["id"] for one in its if one["value"] == "young")
    wider = {"quota": young, "minimum": 1, "maximum": 4, "reason": "Too few volunteers."}
    assert await step(world, "adjustQuota", "steward", **wider) == "WRONG_STATE"  # nobody said that it is needed
    assert await step(world, "commitLottery", "steward", draw=draw_of(panel)) == "COMPUTING"
    await run_due(world.app)
    draw = (await look(world, panel, DRAW))["draw"]
    assert draw["state"] == "POOL_CLOSED"
    assert "no panel keeps all quotas" in draw["problem"]
    assert await step(world, "adjustQuota", "steward", **wider | {"minimum": 4}) == "INVALID_INPUT"
    assert await step(world, "adjustQuota", "steward", **wider) == "POOL_CLOSED"
    assert await step(world, "commitLottery", "steward", draw=draw_of(panel)) == "COMPUTING"
    await run_due(world.app)
    assert (await look(world, panel, DRAW))["draw"]["state"] == "COMMITTED"


async def test_flex_gives_way_by_itself_and_it_is_told(world: World) -> None:
    quotas = [
        {"feature": "age", "value": "young", "minimum": 3, "maximum": 4, "flexMinimum": 1},
        {"feature": "age", "value": "old", "minimum": 0, "maximum": 1, "flexMaximum": 3},
    ]
    panel, _ = await pool(world, young=2, old=7, colleges=[{**CITIZENS, "quotas": quotas}])
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    assert await step(world, "commitLottery", "steward", draw=draw_of(panel)) == "COMPUTING"
    await run_due(world.app)
    draw = (await look(world, panel, DRAW))["draw"]
    assert (draw["state"], len(draw["relaxed"])) == ("COMMITTED", 2), draw
    opened = json.loads(draw["transcript"].splitlines()[0])["said"]
    assert opened["quotas"] == [["age", "young", 2, 4], ["age", "old", 0, 2]]


async def test_one_of_a_household_comes_at_most(world: World) -> None:
    """Five households of two, for four seats; what they wrote is kept by nobody."""
    panel, candidates = await call(world, onePerHousehold=True), await people(world, 10)
    for number, who in enumerate(candidates):
        said = f"{number // 2} rue  Haute" if number % 2 else f"{number // 2} RUE haute "
        assert isinstance(await apply(world, panel, who, ("young", "old")[number // 5], household=said), str)
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    assert await step(world, "commitLottery", "steward", draw=draw_of(panel)) == "COMPUTING"
    await run_due(world.app)
    panels = json.loads((await look(world, panel, DRAW))["draw"]["transcript"].splitlines()[2])["said"]["panels"]
    home = {}
    for at, who in enumerate(candidates):
        mine = await look(world, panel, "viewerCandidacy { number }", who)
        home[mine["viewerCandidacy"]["number"]] = at // 2
    assert all(len({home[one] for one in numbers}) == 4 for numbers in panels)
    assert await step(world, "promiseBeacon", "steward", draw=draw_of(panel)) == "PROMISED"
    assert await step(world, "drawPanel", "administrator", draw=draw_of(panel), balls="123") == "DRAWN"
    body = "members(first: 100) { nodes { id state number } }"
    first = (await look(world, panel, body, "steward"))["members"]["nodes"][0]
    assert await step(world, "releaseMember", "steward", member=first["id"], reason="Ill.") == "DECLINED"
    told = "DRAWN"
    for balls in range(20):
        if await step(world, "promiseBeacon", "steward", draw=draw_of(panel)) == "CONFLICT":
            break
        given = {"draw": draw_of(panel), "balls": f"{balls:03}"}
        if (told := await step(world, "replaceMembers", "administrator", **given)) == "CONFLICT":
            break  # nobody is left who lives elsewhere
    nodes = (await look(world, panel, body, "steward"))["members"]["nodes"]
    sitting = [home[one["number"]] for one in nodes if one["state"] == "DRAWN"]
    assert len(set(sitting)) == len(sitting)
    assert len(sitting) == (4 if told == "DRAWN" else 3)


async def test_two_colleges_are_drawn_in_one_lottery(world: World) -> None:
    structures = {"kind": "STRUCTURES", "seats": 2, "method": "LOTTERY"}
    panel, _ = await pool(world, young=3, old=3, colleges=[CITIZENS, structures])
    for number in range(3):
        made = await world.change("createStructure", "member", "id", displayName=f"Association {number}")
        given = {"college": "STRUCTURES", "features": [], "asStructure": made["id"]}
        assert isinstance(await apply(world, panel, "member", **given), str)
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    await step(world, "commitLottery", "steward", draw=draw_of(panel))
    await run_due(world.app)
    await step(world, "promiseBeacon", "steward", draw=draw_of(panel))
    assert await step(world, "drawPanel", "administrator", draw=draw_of(panel), balls="999") == "DRAWN"
    body = "members(first: 100) { nodes { college { kind } } }"
    kinds = [one["college"]["kind"] for one in (await look(world, panel, body))["members"]["nodes"]]
    assert sorted(kinds) == ["CITIZENS"] * 4 + ["STRUCTURES"] * 2


async def test_whoever_was_erased_is_drawn_as_nobody_and_replaced(world: World, independent: ModuleType) -> None:
    panel, candidates = await committed(world)
    erased = {*candidates[:2], *candidates[6:8]}
    await asyncio.to_thread(migrations.sync_registry, world.app.db.url, migrations.owners_of(world.app.plugins))
    async with world.app.write() as session:
        for who in erased:
            assert who.id is not None
            await erase(session, who.id, content=False)
    assert await step(world, "promiseBeacon", "steward", draw=draw_of(panel)) == "PROMISED"
    assert await step(world, "drawPanel", "administrator", draw=draw_of(panel), balls="500") == "DRAWN"
    balls = 0
    while await step(world, "promiseBeacon", "steward", draw=draw_of(panel)) == "REPLACING":
        balls += 1
        told = await step(world, "replaceMembers", "administrator", draw=draw_of(panel), balls=f"{balls:03}")
        assert told == "DRAWN"
        assert balls <= len(erased)
    assert await step(world, "closeDraw", "steward", draw=draw_of(panel)) == "CLOSED"
    sitting = [one for who in candidates if who not in erased for one in await seats(world, panel, who)]
    assert {one["state"] for one in sitting} == {"DRAWN"}
    data = (await look(world, panel, DRAW))["draw"]["transcript"].encode()
    assert independent.verify(data)[1] == verify(data).panel == sorted(one["number"] for one in sitting)
