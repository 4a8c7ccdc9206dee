"""Petitions: who asks, who signs and how often, when it is reached, and what becomes of it."""

import asyncio
import hashlib
import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import literal, select

from hemicycle.api import SYSTEM, Actor, Figure, OpenData, new_participant, table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.privacy.erase import erase
from hemicycle.kernel.privacy.export import export
from hemicycle.testing import World
from hemicycle_votes.petitions import days, rules
from hemicycle_votes.petitions.models import PetitionRow, SignatureRow
from tests.plugins.votes import named as criterion
from tests.plugins.votes.conftest import Count
from tests.plugins.votes.test_people import registered

TIMES = 50
OPEN = "Petition:OPEN"
LATER = timedelta(days=30)


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes"], "given": [criterion]}


async def opened(world: World, **given: Any) -> str:
    """The id of a petition that was just opened; what is not given: ten signatures in thirty days."""
    made = await world.change(
        "createPetition", "participant", "id", space=world.gid("Space:OPEN"), title="A bridge", text="Where is it?"
    )
    needs = {"needed": 10, "closesAt": (world.clock.now() + LATER).isoformat()} | given
    answer = await world.change("openPetition", "steward", "state", petition=made["id"], **needs)
    assert answer.get("state") == "OPEN", answer
    return str(made["id"])


async def people(world: World, size: int, name: str = "Signer") -> list[Actor]:
    """New people, all called so, with a number."""
    async with world.app.write() as session:
        some = [new_participant(session, f"{name} {number}") for number in range(size)]
        await session.flush()
        return [Actor(one.id) for one in some]


async def change(world: World, verb: str, who: str | Actor, petition: str, **given: Any) -> str:
    """The refusal's code, or the state."""
    answer = await world.change(verb, who, "state", petition=petition, **given)
    return str(answer.get("code") or answer["state"])


async def seen(world: World, petition: str, fields: str, who: str | Actor = "visitor") -> Any:
    return (await world.ask(f"query($id: ID!) {{ petition(id: $id) {{ {fields} }} }}", who, id=petition))["petition"]


async def test_a_petition_is_reached_by_enough_people_and_answered(world: World, count: Count) -> None:
    petition = await opened(world, needed=3)
    some = await people(world, 3)
    for who in some[:2]:
        assert await change(world, "signPetition", who, petition) == "OPEN"
    assert await change(world, "signPetition", some[1], petition) == "OPEN"  # a second time
    assert await change(world, "answerPetition", "steward", petition, text="Soon.") == "WRONG_STATE"
    assert await change(world, "signPetition", some[2], petition) == "REACHED"
    assert await count(JournalRow, event="votes.petition_reached", reason="3") == 1
    assert await change(world, "signPetition", "member", petition) == "REACHED"  # more may sign until its day
    assert await change(world, "answerPetition", "steward", petition, text="It will be built.") == "ANSWERED"
    assert await change(world, "signPetition", "moderator", petition) == "WRONG_STATE"
    found = await seen(world, petition, "signatureCount answer reachedOn kind viewerHasSigned")
    assert found == {
        "signatureCount": 4, "answer": "It will be built.", "reachedOn": "2026-03-02", "kind": "INTERPELLATION",
        "viewerHasSigned": False,
    }  # fmt: skip


async def test_one_person_signs_once(world: World, count: Count) -> None:
    petition = await opened(world)
    told = await count(JournalRow, event="votes.petition_signed")
    answers = await asyncio.gather(*(change(world, "signPetition", "member", petition) for _ in range(TIMES)))
    assert set(answers) == {"OPEN"}
    assert (await seen(world, petition, "signatureCount viewerHasSigned", "member")) == {
        "signatureCount": 1, "viewerHasSigned": True,
    }  # fmt: skip
    assert (await seen(world, await opened(world), "viewerHasSigned", "member"))["viewerHasSigned"] is False
    assert await count(JournalRow, event="votes.petition_signed") == told + 1
    answers = await asyncio.gather(*(change(world, "withdrawSignature", "member", petition) for _ in range(TIMES)))
    assert sorted(answers) == ["NOT_FOUND"] * (TIMES - 1) + ["OPEN"]
    assert (await seen(world, petition, "signatureCount"))["signatureCount"] == 0


async def test_fifty_people_count_fifty_and_it_is_reached_once(world: World, count: Count) -> None:
    petition = await opened(world, needed=TIMES)
    some = await people(world, TIMES)
    answers = await asyncio.gather(*(change(world, "signPetition", who, petition) for who in some))
    assert set(answers) <= {"OPEN", "REACHED"}  # an answer shows what is there when it is read: others may have come
    assert (await seen(world, petition, "state signatureCount")) == {"state": "REACHED", "signatureCount": TIMES}
    assert await count(JournalRow, event="votes.petition_reached", reason=str(TIMES)) == 1


async def test_groups_need_theirs_too(world: World) -> None:
    petition = await opened(
        world, needed=2, groups=[
            {"name": "Young", "criterion": "named", "parameters": {"starts": "Young"}, "needed": 1},
            {"name": "Old", "criterion": "named", "parameters": {"starts": "Old"}, "needed": 5},
            {"name": "Others", "criterion": "named", "parameters": {"starts": "Signer"}, "needed": 3},
        ], groupsNeeded=2,
    )  # fmt: skip
    for who in await people(world, 5, "Old"):
        assert await change(world, "signPetition", who, petition) == "OPEN"  # enough in all, and one group of two
    (young,) = await people(world, 1, "Young")
    assert await change(world, "signPetition", young, petition) == "REACHED"
    found = await seen(world, petition, "groupsNeeded groups { name needed signatures criterion parameters }")
    assert found["groupsNeeded"] == 2
    assert [(one["name"], one["needed"], one["signatures"]) for one in found["groups"]] == [
        ("Young", 1, None), ("Old", 5, 5), ("Others", 3, None),  # what fewer than five share is not told
    ]  # fmt: skip
    assert found["groups"][0]["parameters"] == {"starts": "Young"}


async def test_a_signature_taken_back_counts_no_more_in_its_groups(world: World) -> None:
    group = {"name": "Old", "criterion": "named", "parameters": {"starts": "Old"}, "needed": 6}
    petition = await opened(world, needed=1, groups=[group])
    old = await people(world, 6, "Old")
    for who in old[:5]:
        await change(world, "signPetition", who, petition)
    assert await change(world, "withdrawSignature", old[0], petition) == "OPEN"
    assert await change(world, "signPetition", old[5], petition) == "OPEN"
    assert (await seen(world, petition, "groups { signatures }"))["groups"] == [{"signatures": 5}]
    assert await change(world, "signPetition", old[0], petition) == "REACHED"
    assert await change(world, "withdrawSignature", old[0], petition) == "WRONG_STATE"


async def test_only_those_sign_of_whom_its_criterion_is_true(world: World) -> None:
    given = {"criterion": "named", "parameters": {"starts": "Old"}}
    petition = await opened(world, **given)
    (old,) = await people(world, 1, "Old")
    assert await change(world, "signPetition", "member", petition) == "NOT_ALLOWED"
    assert await change(world, "signPetition", old, petition) == "OPEN"


async def test_whose_register_is_attached_is_called_a_petition(world: World) -> None:
    settings = world.app.plugin_settings["votes"]
    world.app.plugin_settings["votes"] = settings.model_copy(update={"registers": ["named"]})
    petition = await opened(world, criterion="named", parameters={"starts": "Old"})
    found = await seen(world, petition, "kind rules(locale: EN)")
    assert found["kind"] == "PETITION"
    assert "electoral register" in found["rules"]
    assert (await seen(world, await opened(world), "kind"))["kind"] == "INTERPELLATION"


async def test_structures_and_visitors_do_not_sign(world: World) -> None:
    petition = world.gid(OPEN)
    assert await change(world, "signPetition", "visitor", petition) == "SIGN_IN_FIRST"
    assert await change(world, "signPetition", "Participant:SUSPENDED", petition) == "NOT_ALLOWED"
    assert await change(world, "signPetition", "Participant:STRUCTURE_ACTIVE", petition) == "NOT_ALLOWED"


async def test_nobody_signs_after_its_day_and_the_timer_ends_it(world: World) -> None:
    petition = await opened(world)
    key = (await rows(world, petition))[0].id.hex
    await rules.close(world.app, key)
    assert (await seen(world, petition, "state"))["state"] == "OPEN"  # the timer came too early
    world.clock.forward(days=30)
    assert await change(world, "signPetition", "member", petition) == "WRONG_STATE"  # also before the timer comes
    await rules.close(world.app, key)
    await rules.close(world.app, key)
    assert (await seen(world, petition, "state"))["state"] == "LAPSED"
    assert await change(world, "answerPetition", "steward", petition, text="Even so.") == "ANSWERED"


async def rows(world: World, petition: str) -> list[Any]:
    text = (await seen(world, petition, "title"))["title"]
    it = table_of(PetitionRow)
    async with world.app.db.read() as connection:
        return list((await connection.execute(select(it).where(it.c.title == text, it.c.state == "OPEN"))).all())


async def test_a_petition_that_was_reached_does_not_lapse(world: World) -> None:
    async with world.app.write() as session:
        row = await session.get_one(PetitionRow, world.ids["Petition:REACHED"])
        assert row.closes_at is not None
    world.clock.forward(days=60)
    await rules.close(world.app, row.id.hex)
    assert (await seen(world, world.gid("Petition:REACHED"), "state"))["state"] == "REACHED"


async def test_where_the_space_is_closed_nobody_signs(world: World) -> None:
    await world.change("closeSpace", "steward", space=world.gid("Space:OPEN"))
    assert await change(world, "signPetition", "participant", world.gid(OPEN)) == "WRONG_STATE"
    assert await change(world, "withdrawSignature", "member", world.gid(OPEN)) == "OPEN"


GROUP = {"name": "Old", "criterion": "named", "parameters": {"starts": "Old"}, "needed": 1}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"needed": 0}, "needed"),
        ({"closesAt": "2026-03-02T00:00:00Z"}, "closesAt"),
        ({"closesAt": "2027-06-02T00:00:00Z"}, "closesAt"),
        ({"criterion": "nobody"}, "criterion"),
        ({"criterion": "named"}, "parameters"),
        ({"groupsNeeded": 1}, "groupsNeeded"),
        ({"groups": [GROUP], "groupsNeeded": 2}, "groupsNeeded"),
        ({"groups": [GROUP], "groupsNeeded": 0}, "groupsNeeded"),
        ({"groups": [GROUP, GROUP]}, "groups.1.name"),
        ({"groups": [GROUP | {"name": " "}]}, "groups.0.name"),
        ({"groups": [GROUP | {"needed": 0}]}, "groups.0.needed"),
        ({"groups": [GROUP | {"criterion": "nobody"}]}, "groups.0.criterion"),
        ({"groups": [GROUP | {"parameters": {"ends": "x"}}]}, "groups.0.parameters"),
        ({"groups": [GROUP | {"name": str(at)} for at in range(101)]}, "groups"),
    ],
)
async def test_what_cannot_be_asked_for_is_refused(world: World, given: dict[str, Any], path: str) -> None:
    needs: dict[str, Any] = {"needed": 10, "closesAt": "2026-03-20T00:00:00Z"} | given
    answer = await world.change("openPetition", "steward", petition=world.gid("Petition:DRAFT"), **needs)
    assert [one["path"] for one in answer["problems"]] == [f"input.{path}"]


async def test_its_words_are_its_authors_and_say_something(world: World) -> None:
    draft = world.gid("Petition:DRAFT")
    assert await change(world, "updatePetition", "author", draft, title="Two bridges") == "DRAFT"
    assert (await seen(world, draft, "title text", "author")) == {
        "title": "Two bridges",
        "text": "Where is the bridge?",
    }
    for name, blank in (("text", " "), ("title", " "), ("title", "\u3164")):
        answer = await world.change("updatePetition", "author", petition=draft, **{name: blank})
        assert answer["problems"][0]["path"] == f"input.{name}"
    assert await change(world, "updatePetition", "steward", draft, title="Mine") == "NOT_ALLOWED"


async def test_its_rules_are_frozen_with_their_hash_and_say_why_nobody_signs_twice(world: World) -> None:
    petition = await opened(world, groups=[GROUP])
    found = await seen(world, petition, "rulesHash english: rules(locale: EN) french: rules(locale: FR)")
    texts = {"en": found["english"], "fr": found["french"]}
    plain = json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert found["rulesHash"] == hashlib.sha256(plain.encode()).hexdigest()
    assert "10 signatures until 2026-04-01" in texts["en"]
    assert "Old 1 (true of them: Is called so" in texts["en"]
    assert "(UNIQUE participant, petition)" in texts["en"]
    assert "interpellation" in texts["fr"]


async def test_the_count_per_day_shows_no_day_of_few(world: World) -> None:
    petition = await opened(world, needed=1000)
    for size in (3, 2, 6, 1):
        for who in await people(world, size):
            await change(world, "signPetition", who, petition)
        world.clock.forward(days=1)
    found = await seen(world, petition, "signaturesPerDay { first last signatures }")
    assert found["signaturesPerDay"] == [
        {"first": "2026-03-02", "last": "2026-03-03", "signatures": 5},
        {"first": "2026-03-04", "last": "2026-03-05", "signatures": 7},
    ]


@pytest.mark.parametrize("per_day", [1, 5, 30])
def test_a_year_of_signatures_takes_a_hundred_lines_at_most(per_day: int) -> None:
    start = date(2026, 1, 1)
    lines = days.merged({(start + timedelta(days=at)).isoformat(): per_day for at in range(366)})
    assert 50 <= len(lines) <= days.MOST
    assert sum(count for _, _, count in lines) == 366 * per_day
    assert all(count >= days.FEWEST for _, _, count in lines)
    assert all(one[1] < other[0] for one, other in pairwise(lines))


def test_few_signatures_are_told_on_no_day() -> None:
    assert days.merged({}) == []
    assert days.merged({"2026-03-02": 4, "2026-03-03": 0}) == []


async def test_the_journal_does_not_say_who_signs(world: World) -> None:
    petition = await opened(world)
    await change(world, "signPetition", "member", petition)
    await change(world, "withdrawSignature", "member", petition)
    journal = table_of(JournalRow)
    events = ("votes.petition_signed", "votes.petition_unsigned", "votes.petition_reached")
    async with world.app.db.read() as connection:
        told = (await connection.execute(select(journal).where(journal.c.event.in_(events)))).all()
    assert {one.actor_id for one in told} == {None}


async def test_a_person_takes_their_signatures_away_and_erased_they_stay_counted(world: World, count: Count) -> None:
    await registered(world)
    member = world.ids["Participant:member"]
    async with world.app.write() as session:
        mine = (await export(session, member))["votes_signature"]
    assert {"petition_id": str(world.ids[OPEN]), "groups": [], "at": "2026-03-02T00:00:00+00:00"} in mine
    async with world.app.write() as session:
        await erase(session, member, content=True)
    assert await count(SignatureRow, participant_id=member) == 0
    assert (await seen(world, world.gid(OPEN), "signatureCount"))["signatureCount"] == 1


async def test_what_an_erased_author_wrote_is_opened_by_nobody(world: World) -> None:
    await registered(world)
    async with world.app.write() as session:
        await erase(session, world.ids["Participant:ACTIVE"], content=True)
    needs: dict[str, Any] = {"needed": 10, "closesAt": "2026-03-20T00:00:00Z"}
    assert await change(world, "openPetition", "steward", world.gid("Petition:DRAFT"), **needs) == "WRONG_STATE"
    assert (await seen(world, world.gid(OPEN), "title text")) == {"title": None, "text": None}


async def test_what_was_withdrawn_as_a_draft_is_never_public(world: World) -> None:
    draft = world.gid("Petition:DRAFT")
    assert await change(world, "withdrawPetition", "author", draft) == "WITHDRAWN"
    assert await seen(world, draft, "state") is None
    async with world.app.db.read() as connection:
        journal = table_of(JournalRow)
        told = (await connection.execute(select(journal.c.event).where(journal.c.public))).scalars().all()
    assert "votes.petition_discarded" not in told


async def test_what_was_open_to_everyone_is_open_data_and_how_often_people_signed_a_figure(world: World) -> None:
    async with world.app.write() as session:
        await rules.sign(session, world.actor("member"), petition=world.ids["Petition:MEMBERS"])
    table, figure = world.app.declared[OpenData]["petitions"], world.app.declared[Figure]["signatures"]
    public = {world.ids[f"Petition:{state}"] for state in ("OPEN", "REACHED", "LAPSED", "ANSWERED", "WITHDRAWN")}
    async with world.app.db.read() as connection:
        assert {one.id for one in await connection.execute(table.query(), {"viewer": None})} == public
        for space, number in (("Space", 3), ("Space:OPEN", 3), ("Space:CLOSED", 0), ("Space:MEMBERS", 0)):
            query = figure.query(literal(world.ids[space]))
            assert (await connection.execute(query, {"viewer": None})).scalar_one() == number, space


async def test_each_signature_is_heard(world: World) -> None:
    petition = world.gid("Petition:OPEN")
    async with world.listen("petitionChanged", "visitor", "id signatureCount") as heard:
        await change(world, "signPetition", "participant", petition)
        assert await anext(heard) == {"id": petition, "signatureCount": 2}


async def test_the_instance_signs_nothing(world: World) -> None:
    async with world.app.write() as session:
        with pytest.raises(Exception, match="Petitions are for people"):
            await rules.sign(session, SYSTEM, petition=world.ids[OPEN])


async def test_a_petition_is_found_by_its_words_once_it_is_open(world: World) -> None:
    asked = "query($text: String!) { search(text: $text) { nodes { ... on Petition { title } } } }"
    made = await world.change(
        "createPetition", "participant", "id", space=world.gid("Space:OPEN"), title="A ferryboat", text="Across."
    )
    found = [(await world.ask(asked, who, text="ferryboats"))["search"]["nodes"] for who in ("visitor", "participant")]
    assert found == [[], [{"title": "A ferryboat"}]]  # a draft, by its author alone
    await world.change("updatePetition", "participant", petition=made["id"], title="A hovercraft")
    assert (await world.ask(asked, "participant", text="ferryboat"))["search"]["nodes"] == []
    closes = (world.clock.now() + LATER).isoformat()
    await world.change("openPetition", "steward", petition=made["id"], needed=2, closesAt=closes)
    assert len((await world.ask(asked, text="hovercraft"))["search"]["nodes"]) == 1
