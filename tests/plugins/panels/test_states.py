"""A panel goes through its states in their order, and through no other; what is refused changes nothing."""

import asyncio
from typing import Any

from sqlalchemy import func, literal, select

from hemicycle.api import Actor, Figure, encode_id, table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle.testing import World
from hemicycle_panels.models import CandidacyRow, DrawRow, MemberRow, PanelRow
from tests.plugins.panels.calling import CITIZENS, design, look, people, step

STATES = (
    "DESIGNED", "CALL_OPEN", "POOL_CLOSED", "DRAWN", "CONVENED", "OPINION_ADOPTED", "DELIVERED", "DISSOLVED",
)  # fmt: skip
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "openCall": ("DESIGNED", {"text": "A call.", "endsAt": "2030-01-01T00:00:00Z"}),
    "closePool": ("CALL_OPEN", {}),
    "convenePanel": ("DRAWN", {}),
    "adoptOpinion": ("CONVENED", {"title": "A", "text": "B", "votesFor": 1, "votesAgainst": 0, "abstentions": 0}),
    "deliverOpinion": ("OPINION_ADOPTED", {"to": "The assembly"}),
    "dissolvePanel": ("DELIVERED", {}),
}


async def states(world: World) -> dict[str, str]:
    table = table_of(PanelRow)
    async with world.app.db.read() as connection:
        return {str(row.id): row.state for row in await connection.execute(select(table.c.id, table.c.state))}


async def test_a_step_from_another_state_is_refused_and_changes_nothing(world: World) -> None:
    before = await states(world)
    for mutation, (source, given) in STEPS.items():
        for state in STATES:
            if state != source:
                told = await step(world, mutation, "steward", panel=world.gid(f"Panel:{state}"), **given)
                assert told == "WRONG_STATE", (mutation, state)
    assert await states(world) == before


def quota(minimum: int, maximum: int, **more: int) -> dict[str, Any]:
    return {"feature": "a", "value": "x", "minimum": minimum, "maximum": maximum, **more}


NO_DESIGNS: list[tuple[list[dict[str, Any]], str]] = [
    ([], "colleges"),
    ([{"kind": "CITIZENS", "seats": 2, "method": "DESIGNATION"}], "colleges"),
    ([CITIZENS, CITIZENS], "colleges"),
    ([{**CITIZENS, "seats": 0}], "colleges.0.seats"),
    ([{**CITIZENS, "seats": 1001}], "colleges"),
    ([{**CITIZENS, "quotas": [quota(3, 2)]}], "colleges.0.quotas.0.minimum"),
    ([{**CITIZENS, "quotas": [quota(0, 3)]}], "colleges.0.quotas"),
    ([{**CITIZENS, "quotas": [quota(4, 4), quota(4, 4)]}], "colleges.0.quotas.1.value"),
    ([{**CITIZENS, "quotas": [quota(4, 4, flexMinimum=5)]}], "colleges.0.quotas.0.flexMinimum"),
    ([{**CITIZENS, "quotas": [{**quota(4, 4), "value": " "}]}], "colleges.0.quotas.0.value"),
    ([CITIZENS, {"kind": "STRUCTURES", "seats": 4, "method": "DESIGNATION", "quotas": [quota(4, 4)]}],
     "colleges.1.quotas"),
]  # fmt: skip


async def test_what_is_no_design_is_refused(world: World) -> None:
    for colleges, path in NO_DESIGNS:
        told = await design(world, colleges=colleges)
        assert (told["code"], told["problems"][0]["path"]) == ("INVALID_INPUT", f"input.{path}"), told


async def test_a_design_changes_until_its_call(world: World) -> None:
    panel = await design(world)
    college = {"kind": "STRUCTURES", "seats": 3, "method": "LOTTERY"}
    given = {"title": "Autre panel", "colleges": [college], "lotterySize": 7, "algorithm": "MAXIMIN"}
    assert await step(world, "updatePanel", "steward", panel=panel, **given) == "DESIGNED"
    body = "title question algorithm colleges { nodes { kind seats quotas { totalCount } } }"
    assert await look(world, panel, body) is None  # not yet public
    assert await look(world, panel, body, "steward") == {
        "title": "Autre panel", "question": "Que faire ?", "algorithm": "MAXIMIN",
        "colleges": {"nodes": [{"kind": "STRUCTURES", "seats": 3, "quotas": {"totalCount": 0}}]},
    }  # fmt: skip
    for size in (0, 10_001):
        told = await world.change("updatePanel", "steward", panel=panel, lotterySize=size)
        assert told["problems"][0]["path"] == "input.lotterySize"


async def test_a_quota_changes_in_public_until_the_pool_is_sealed(world: World) -> None:
    given = {"quota": world.gid("PanelQuota"), "minimum": 0, "maximum": 2, "reason": "Few volunteers."}
    assert await step(world, "adjustQuota", "steward", **given) == "CALL_OPEN"
    assert await step(world, "adjustQuota", "steward", **given | {"reason": " "}) == "INVALID_INPUT"
    assert await step(world, "adjustQuota", "steward", **given | {"maximum": 3}) == "INVALID_INPUT"
    question = """query($id: ID!) { node(id: $id) { ... on Space {
        activity(filter: { events: [PANELS_QUOTA_ADJUSTED] }) { nodes { sentence(locale: EN) } } } } }"""
    told = (await world.ask(question, id=world.gid("Space:OPEN")))["node"]["activity"]["nodes"]
    assert [one["sentence"] for one in told] == ["A quota was changed: age = young: 0–2. Few volunteers."]


async def test_a_quota_is_changed_while_the_design_is(world: World) -> None:
    panel = await design(world)
    body = "colleges { nodes { quotas { nodes { id } } } }"
    quota = (await look(world, panel, body, "steward"))["colleges"]["nodes"][0]["quotas"]["nodes"][0]["id"]
    adjusted = {"quota": quota, "minimum": 0, "maximum": 3, "reason": "Few volunteers."}
    changes = [
        ("updatePanel", {"panel": panel, "colleges": [CITIZENS]}) if number % 3 else ("adjustQuota", adjusted)
        for number in range(12)
    ]
    told = await asyncio.gather(*(step(world, name, "steward", **given) for name, given in changes))
    assert set(told) <= {"DESIGNED", "NOT_FOUND", "WRONG_STATE"}


async def test_whoever_is_designated_answers_as_those_who_are_drawn(world: World) -> None:
    panel = world.gid("Panel:DRAWN")
    (who, other) = await people(world, 2)
    given = {"panel": panel, "college": "ELECTED_MEMBERS"}

    async def designate(one: Actor, **more: Any) -> Any:
        assert one.id is not None
        person = encode_id("Participant", one.id)
        return await world.change("designateMember", "steward", "id state", participant=person, **given | more)

    seat = await designate(who)
    assert seat["state"] == "DRAWN"
    assert (await designate(who))["code"] == "ALREADY_DONE"
    assert (await designate(other, college="CITIZENS"))["code"] == "NOT_ALLOWED"
    assert await step(world, "acceptSeat", other, member=seat["id"]) == "NOT_ALLOWED"
    assert await step(world, "acceptSeat", who, member=seat["id"]) == "ACCEPTED"
    assert await step(world, "declineSeat", who, member=seat["id"]) == "WRONG_STATE"
    assert await step(world, "resignSeat", who, member=seat["id"]) == "RESIGNED"
    assert await step(world, "acceptSeat", who, member=seat["id"]) == "WRONG_STATE"
    body = "viewerSeat { state participant { id } }"
    assert (await look(world, panel, body, who))["viewerSeat"] == {"state": "RESIGNED", "participant": None}
    assert (await look(world, panel, body, other))["viewerSeat"] is None


async def test_a_full_college_takes_nobody_more(world: World) -> None:
    given = {"panel": world.gid("Panel:CALL_OPEN"), "college": "ELECTED_MEMBERS"}
    *six, seventh = (encode_id("Participant", one.id) for one in await people(world, 7) if one.id)
    for one in six:
        assert await step(world, "designateMember", "steward", participant=one, **given) == "DRAWN"
    assert await step(world, "designateMember", "steward", participant=seventh, **given) == "CONFLICT"


async def test_a_panel_is_convened_once_everyone_has_answered(world: World) -> None:
    panel, table = world.gid("Panel:DRAWN"), table_of(MemberRow)
    told = await world.change("convenePanel", "steward", panel=panel)
    assert (told["code"], "3 have not answered yet" in told["message"]) == ("CONFLICT", True), told
    body = "members(first: 100, filter: { states: [DRAWN] }) { nodes { id } }"
    for one in (await look(world, panel, body))["members"]["nodes"]:
        released = await step(world, "releaseMember", "steward", member=one["id"], reason="No answer.")
        assert released == "DECLINED"
    assert await step(world, "convenePanel", "steward", panel=panel) == "CONVENED"
    async with world.app.db.read() as connection:
        asked = select(table.c.state).where(table.c.panel_id == world.ids["Panel:DRAWN"])
        assert sorted((await connection.execute(asked)).scalars()) == [
            "ACTIVE",
            "DECLINED",
            "DECLINED",
            "DECLINED",
            "DECLINED",
        ]


async def test_why_a_seat_was_freed_is_not_public(world: World) -> None:
    member = world.gid("PanelMember:ACTIVE")
    assert await step(world, "releaseMember", "steward", member=member, reason="Ill.") == "RESIGNED"
    journal = table_of(JournalRow)
    async with world.app.db.read() as connection:
        asked = select(journal.c.private, journal.c.public).where(journal.c.event == "panels.released")
        assert (await connection.execute(asked)).all() == [(True, False)]


async def test_a_session_is_announced_held_and_told(world: World) -> None:
    given = {"panel": world.gid("Panel:CONVENED"), "place": "Bourges", "agenda": "Listening."}
    past = {"at": "2020-01-01T00:00:00Z"}
    assert await step(world, "planSession", "steward", **given, **past) == "INVALID_INPUT"
    made = await world.change("planSession", "steward", "id", **given, at="2026-03-05T09:00:00Z")
    minutes = {"panelSession": made["id"], "minutes": "We listened."}
    early = await world.change("publishMinutes", "steward", **minutes, present=1)
    assert "not taken place yet" in early["message"]
    world.clock.forward(days=5)
    assert await step(world, "publishMinutes", "steward", **minutes, present=99) == "INVALID_INPUT"
    assert await step(world, "publishMinutes", "steward", **minutes, present=2) == "HELD"
    assert await step(world, "cancelSession", "steward", panelSession=made["id"], reason="Rain.") == "WRONG_STATE"


def no(members: int, text: str = "No.") -> list[dict[str, Any]]:
    return [{"text": text, "members": members}]


NO_VOTES: list[tuple[tuple[int, int, int], list[dict[str, Any]], str]] = [
    ((4, 0, 0), [], "votesFor"), ((1, 1, 0), [], "votesFor"), ((2, -1, 0), [], "votesFor"),
    ((2, 0, 1), no(2), "dissents"), ((2, 0, 1), no(0), "dissents.0.members"), ((2, 0, 1), no(1, " "), "text"),
]  # fmt: skip


async def test_a_vote_that_cannot_be_is_refused(world: World) -> None:
    """Panel:CONVENED has three members."""
    for votes, dissents, path in NO_VOTES:
        keys = dict(zip(("votesFor", "votesAgainst", "abstentions"), votes, strict=True))
        given = {"panel": world.gid("Panel:CONVENED"), "title": "A", "text": "B", "dissents": dissents}
        told = await world.change("adoptOpinion", "steward", **given, **keys)
        assert (told["code"], told["problems"][0]["path"]) == ("INVALID_INPUT", f"input.{path}"), told


async def test_an_opinion_is_adopted_and_handed_over(world: World) -> None:
    panel = world.gid("Panel:CONVENED")
    given = {"title": "Plus de trains", "text": "Des trains.", "votesFor": 2, "votesAgainst": 1, "abstentions": 0}
    dissent = {"text": "Plutôt des cars.", "members": 1}
    told = await world.change("adoptOpinion", "steward", "votesFor members", panel=panel, **given, dissents=[dissent])
    assert (told["votesFor"], told["members"]) == (2, 3)
    assert await step(world, "adoptOpinion", "steward", panel=panel, **given) == "WRONG_STATE"
    await world.change("deliverOpinion", "steward", panel=panel, to="L’assemblée")
    body = "state opinion { title deliveredTo votesAgainst } dissents { nodes { text members } }"
    assert await look(world, panel, body) == {
        "state": "DELIVERED",
        "opinion": {"title": "Plus de trains", "deliveredTo": "L’assemblée", "votesAgainst": 1},
        "dissents": {"nodes": [dissent]},
    }


async def test_a_panel_is_dissolved_with_what_its_candidates_said(world: World) -> None:
    """Its draw is closed first; who sat in it, and the record of its draw, stay."""
    panel, key, draw = world.gid("Panel:DELIVERED"), world.ids["Panel:DELIVERED"], table_of(DrawRow)
    body = "draw { transcript } members { totalCount }"
    before = await look(world, panel, body)
    assert await step(world, "dissolvePanel", "steward", panel=panel) == "DISSOLVED"
    assert await look(world, panel, body) == before
    async with world.app.db.read() as connection:
        left = select(func.count()).select_from(table_of(CandidacyRow)).where(table_of(CandidacyRow).c.panel_id == key)
        assert (await connection.execute(left)).scalar_one() == 0
        assert (await connection.execute(select(draw.c.profiles).where(draw.c.id == key))).scalar_one() is None
    async with world.app.write() as session:
        row = await session.get_one(PanelRow, world.ids["Panel:OPINION_ADOPTED"])
        row.state = "DELIVERED"
    told = await world.change("dissolvePanel", "steward", panel=world.gid("Panel:OPINION_ADOPTED"))
    assert (told["code"], "closeDraw" in told["message"]) == ("CONFLICT", True)


async def test_what_a_panel_works_on_is_seen_from_both_sides(world: World) -> None:
    panel, target = world.gid("Panel:DRAWN"), world.gid("Contribution:REPLY")
    made = await world.change("linkPanel", "steward", "id", panel=panel, target=target)
    assert await step(world, "linkPanel", "steward", panel=panel, target=target) == "ALREADY_DONE"
    hidden = {"panel": panel, "target": world.gid("Contribution:DRAFT")}
    assert await step(world, "linkPanel", "steward", **hidden) == "NOT_FOUND"
    question = "query($id: ID!) { contribution(id: $id) { panelLinks { nodes { panel { id } target { id } } } } }"
    seen = (await world.ask(question, id=target))["contribution"]["panelLinks"]["nodes"]
    assert seen == [{"panel": {"id": panel}, "target": {"id": target}}]
    assert await step(world, "unlinkPanel", "steward", link=made["id"]) == "DRAWN"
    assert (await world.ask(question, id=target))["contribution"]["panelLinks"]["nodes"] == []


async def test_the_figures_count_panels_and_members(world: World) -> None:
    async with world.app.db.read() as connection:
        for name, number in (("panels", 12), ("panel_members", 9)):
            query = world.app.declared[Figure][name].query(literal(world.ids["Space"]))
            assert (await connection.execute(query, {"viewer": None})).scalar_one() == number, name
