"""Who sees and does what, as the kernel makes it of what modules declare: tried with a plugin made for it."""

from enum import Enum
from typing import Any
from uuid import UUID

import pytest
import strawberry
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, delete, literal, select
from sqlmodel import Field, SQLModel

from hemicycle.api import (
    Action,
    Actor,
    Connection,
    Contribution,
    ContributionRow,
    Criterion,
    Node,
    ParticipantRow,
    Query,
    Ref,
    Refused,
    Role,
    SchemaPart,
    Searchable,
    Space,
    SpaceRow,
    ascending,
    column,
    connection,
    count,
    mapped,
    new_id,
    readable,
    search_index,
    table_of,
)
from hemicycle.kernel.access.actor import READ_PUBLIC, WRITE
from hemicycle.spaces.models import ActivationRow
from hemicycle.testing import World, a_plugin, refusal
from hemicycle.testing.world import open_world
from tests.asking import verdict


class BellRow(SQLModel, table=True):
    """Something of a space, that someone owns."""

    __tablename__ = "bells_bell"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    owner_id: UUID = Field(foreign_key="core_participant.id")
    state: str = "HUNG"


class EchoRow(SQLModel, table=True):
    """Something of a contribution; it lives in no space of its own."""

    __tablename__ = "bells_echo"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id")


class OvertoneRow(SQLModel, table=True):
    """Something of an echo, two steps away from what lives in a space."""

    __tablename__ = "bells_overtone"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    echo_id: UUID = Field(foreign_key="bells_echo.id")


class TollRow(SQLModel, table=True):
    """Something of a contribution that lives in another space than that one."""

    __tablename__ = "bells_toll"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id")
    space_id: UUID = Field(foreign_key="core_space.id")


class Named(BaseModel):
    """The parameter of a criterion."""

    name: str


def named(person: ColumnElement[UUID], given: Named) -> ColumnElement[bool]:
    it = table_of(ParticipantRow).alias().c
    return select(1).where(it.id == person, it.display_name == given.name).exists()


@mapped(BellRow, "A bell.", visible=lambda row: readable(row.space_id), scope="space_id", own="owner_id")
class Bell(Node):
    state: str = column("How it is.")


@strawberry.enum(description="Orders of bells.")
class BellOrder(Enum):
    STATE = ascending("By how they are.", lambda row: row.state)


@strawberry.type
class OnQuery:
    my_bells: Connection[Bell] = connection("The bells that one rings.", order=BellOrder.STATE, requires="bells.ring")


@strawberry.type
class OnSpace:
    inventory: Connection[Bell] = connection(
        "The bells here, for those who may hang another.", by="space_id", order=BellOrder.STATE, requires="bells.hang"
    )


@mapped(EchoRow, "An echo.", visible_through=("contribution_id", ContributionRow))
class Echo(Node):
    pass


@mapped(OvertoneRow, "An overtone.", visible_through=("echo_id", EchoRow))
class Overtone(Node):
    pass


@mapped(TollRow, "A toll.", visible_through=("contribution_id", ContributionRow), scope="space_id")
class Toll(Node):
    pass


@strawberry.type
class OnContribution:
    toll_count: int | None = count("How many tolls there are of it.", Toll, by="contribution_id")


def echoes() -> Select[Any]:
    """Echoes have no words: a test says what is found of them."""
    return select(table_of(EchoRow).c.id, literal(""))


ACTIONS = [
    Action("bells.ring", "Ring it.", BellRow, ["ringer"], states=["HUNG"]),
    Action("bells.polish", "Polish one's own.", BellRow, own=True),
    Action("bells.praise", "Praise another's.", BellRow, ["participant"], not_own=True),
    Action(
        "bells.climb", "Climb up to it.", BellRow, ["participant"], criteria=[("called", {"name": "Sample member"})]
    ),
    Action("bells.hang", "Hang one in a space.", SpaceRow, ["steward"]),
    Action("bells.echo", "Echo, in the whole instance.", EchoRow, ["moderator"]),
    Action("bells.hear", "Hear it.", OvertoneRow, ["participant"]),
    Action("bells.teach", "Teach someone.", ParticipantRow, ["steward"]),
    Action("bells.found", "Found a bell.", roles=["moderator"], criteria=[("called", {"name": "Sample steward"})]),
]


@pytest.fixture
def plugins() -> dict[str, Any]:
    bells = a_plugin(
        "bells",
        declare_roles=lambda: [Role("ringer", "Rings bells.", granted_by=["steward"]),
                               Role("sexton", "Keeps bells.", includes=["ringer"], granted_by=["steward"])],
        declare_criteria=lambda: [Criterion("called", "Has this name.", test=named, parameters=Named)],
        declare_actions=lambda: ACTIONS,
        declare_searchable=lambda: [Searchable("Echo", "What echoes.", on=EchoRow, query=echoes)],
        extend_schema=lambda: SchemaPart(
            types=(Bell, Echo, Overtone, Toll), extend={Query: OnQuery, Space: OnSpace, Contribution: OnContribution}
        ),
    )  # fmt: skip
    return {"given": [bells]}


@pytest.fixture
async def hung(world: World) -> World:
    """A bell of `author` in a public space and one among members; an echo and a toll of what is said in each."""
    author = world.ids["Participant:ACTIVE"]
    async with world.app.write() as session:
        for place, said in (("OPEN", "PUBLISHED"), ("MEMBERS", "MEMBERS")):
            bell = BellRow(space_id=world.ids[f"Space:{place}"], owner_id=author)
            echo = EchoRow(contribution_id=world.ids[f"Contribution:{said}"])
            toll = TollRow(contribution_id=echo.contribution_id, space_id=world.ids["Space:CLOSED"])
            session.add_all([bell, echo, toll])
            await session.flush()
            session.add(overtone := OvertoneRow(echo_id=echo.id))
            world.ids |= {f"Bell:{place}": bell.id, f"Echo:{place}": echo.id, f"Toll:{place}": toll.id}
            world.ids[f"Overtone:{place}"] = overtone.id
    return world


async def code(world: World, who: str | Actor, action: str, on: type[SQLModel] | None = None, row: str = "") -> str:
    """What authorizing answers: `may`, or the code of the refusal."""
    actor = world.actor(who)
    try:
        async with world.app.write() as session:
            if on is None:
                await session.authorize_alone(actor, action)
            else:
                found: Any = await session.authorize(actor, action, on, world.ids[row])
                assert found.id == world.ids[row]
            assert action in session.authorized
    except Refused as refused:
        return refused.code.value
    return "may"


async def sees(world: World, who: str, row: str) -> bool:
    data = await world.ask("query($id: ID!) { node(id: $id) { id } }", who, id=world.gid(row))
    return data["node"] is not None


# -- to see ---------------------------------------------------------------------------------------------------------


async def test_whoever_sees_the_parent_sees_what_is_visible_through_it(hung: World) -> None:
    for row in ("Bell", "Echo", "Overtone", "Toll"):
        assert [await sees(hung, who, f"{row}:OPEN") for who in ("visitor", "member")] == [True, True]
        assert [await sees(hung, who, f"{row}:MEMBERS") for who in ("visitor", "member")] == [False, True]


async def test_what_a_plugin_brings_is_seen_where_the_plugin_is_active(hung: World) -> None:
    rows = [f"{row}:{place}" for row in ("Bell", "Echo", "Overtone", "Toll") for place in ("OPEN", "MEMBERS")]
    for active, expected in {
        "Space": rows,
        "Space:OPEN": ["Bell:OPEN", "Echo:OPEN", "Overtone:OPEN"],
        "Space:MEMBERS": ["Bell:MEMBERS", "Echo:MEMBERS", "Overtone:MEMBERS"],
        "Space:CLOSED": ["Toll:OPEN", "Toll:MEMBERS"],  # these live there, whatever they are about
        "Space:ARCHIVED": [],
    }.items():
        async with hung.app.write() as session:
            await session.execute(delete(ActivationRow))
            session.add(ActivationRow(space_id=hung.ids[active], plugin="bells"))
        assert [row for row in rows if await sees(hung, "member", row)] == expected, active


async def test_a_list_is_for_those_who_have_its_action_on_what_holds_it(hung: World) -> None:
    """Not for those who have it elsewhere. At the root, it has the rows that one has the action on."""
    given = {"space": "Space:OPEN", "participant": "Participant:member"}
    for role in ("STEWARD", "RINGER"):
        assert await verdict(hung, "grantRole", "administrator", **given, role=role) == "done"
    async with hung.app.write() as session:
        session.add(BellRow(space_id=hung.ids["Space:CLOSED"], owner_id=hung.ids["Participant:ACTIVE"]))
    question = """query($ids: [ID!]!) {
        nodes(ids: $ids) { ... on Space { bells: inventory { totalCount nodes { id } } } }
        bells: myBells { totalCount nodes { id } } }"""
    spaces = [hung.gid("Space:OPEN"), hung.gid("Space:CLOSED")]
    one = {"totalCount": 1, "nodes": [{"id": hung.gid("Bell:OPEN")}]}
    none: Any = {"totalCount": 0, "nodes": []}
    for who, found in (("member", one), ("participant", none), ("visitor", none)):
        data = await hung.ask(question, who, ids=spaces)
        assert ([space["bells"] for space in data["nodes"]], data["bells"]) == ([found, none], found), who


async def test_what_has_no_space_of_its_own_is_found_where_its_parent_lives(hung: World) -> None:
    question = """query($space: ID!) { search(text: "glycine", space: $space) { nodes { id } } }"""
    places = ("OPEN", "MEMBERS")
    async with hung.app.write() as session:
        for place in places:
            await search_index.put(session, "Echo", hung.ids[f"Echo:{place}"], "glycine")
    for place in places:
        found = await hung.ask(question, "member", space=hung.gid(f"Space:{place}"))
        assert found["search"]["nodes"] == [{"id": hung.gid(f"Echo:{place}")}]


async def test_what_one_sees_is_counted(hung: World) -> None:
    question = "query($id: ID!) { contribution(id: $id) { tollCount } }"
    for active, seen in (("Space", 1), ("Space:OPEN", 0)):  # the toll lives in Space:CLOSED
        async with hung.app.write() as session:
            await session.execute(delete(ActivationRow))
            session.add(ActivationRow(space_id=hung.ids[active], plugin="bells"))
        told = await hung.ask(question, "member", id=hung.gid("Contribution:PUBLISHED"))
        assert told["contribution"]["tollCount"] == seen


async def test_a_rule_asks_whether_someone_sees_an_object(hung: World) -> None:
    async def seen(who: str | Actor, row: str, type_: str = "") -> bool:
        async with hung.app.write() as session:
            return await session.sees(hung.actor(who), Ref(type_ or row.partition(":")[0], hung.ids[row]))

    assert [await seen(who, "Echo:MEMBERS") for who in ("visitor", "member", "system")] == [False, True, True]
    assert not await seen("system", "Bell:OPEN", "Nothing")
    assert not await seen("system", "Bell:OPEN", "Echo")  # no echo has this key
    everyone = Actor(hung.ids["Participant:member"], frozenset({READ_PUBLIC}))
    assert [await seen(everyone, row) for row in ("Echo:OPEN", "Echo:MEMBERS")] == [True, False]


# -- to do ----------------------------------------------------------------------------------------------------------


async def test_a_role_has_its_action_where_it_was_given_and_so_has_one_that_includes_it(hung: World) -> None:
    given = {"space": "Space:OPEN", "participant": "Participant:outsider"}
    assert await code(hung, "participant", "bells.ring", BellRow, "Bell:OPEN") == "NOT_ALLOWED"
    for role in ("RINGER", "SEXTON"):
        assert await verdict(hung, "grantRole", "steward", **given, role=role) == "done"
        assert await code(hung, "participant", "bells.ring", BellRow, "Bell:OPEN") == "may"
        assert await verdict(hung, "revokeRole", "steward", **given, role=role) == "done"
    assert await code(hung, "administrator", "bells.ring", BellRow, "Bell:OPEN") == "NOT_ALLOWED"
    assert await code(hung, "system", "bells.ring", BellRow, "Bell:OPEN") == "may"


async def test_what_is_not_seen_is_not_there(hung: World) -> None:
    assert await code(hung, "author", "bells.polish", BellRow, "Bell:OPEN") == "may"
    assert await code(hung, "author", "bells.polish", BellRow, "Bell:MEMBERS") == "NOT_FOUND"
    assert await code(hung, "visitor", "bells.polish", BellRow, "Bell:MEMBERS") == "NOT_FOUND"
    hung.ids["Bell:none"] = UUID(int=7)
    for who in ("author", "system"):
        assert await code(hung, who, "bells.polish", BellRow, "Bell:none") == "NOT_FOUND"


async def test_whoever_is_not_signed_in_is_asked_to(hung: World) -> None:
    assert await code(hung, "visitor", "bells.polish", BellRow, "Bell:OPEN") == "SIGN_IN_FIRST"
    assert await code(hung, "visitor", "bells.found") == "SIGN_IN_FIRST"


async def test_own_is_for_the_owner_and_not_own_for_everyone_else(hung: World) -> None:
    assert [await code(hung, who, "bells.polish", BellRow, "Bell:OPEN") for who in ("author", "administrator")] == [
        "may", "NOT_ALLOWED"
    ]  # fmt: skip
    assert [await code(hung, who, "bells.praise", BellRow, "Bell:OPEN") for who in ("author", "administrator")] == [
        "NOT_ALLOWED", "may"
    ]  # fmt: skip


async def test_a_state_allows_an_action_or_not(hung: World) -> None:
    given = {"space": "Space:OPEN", "participant": "Participant:outsider", "role": "RINGER"}
    assert await verdict(hung, "grantRole", "steward", **given) == "done"
    async with hung.app.write() as session:
        (await session.get_one(BellRow, hung.ids["Bell:OPEN"])).state = "CRACKED"
    for who in ("participant", "system"):
        assert await code(hung, who, "bells.ring", BellRow, "Bell:OPEN") == "WRONG_STATE"
    assert await code(hung, "author", "bells.polish", BellRow, "Bell:OPEN") == "may"


async def test_criteria_must_hold_beside_the_role(hung: World) -> None:
    assert await code(hung, "member", "bells.climb", BellRow, "Bell:OPEN") == "may"
    assert await code(hung, "moderator", "bells.climb", BellRow, "Bell:OPEN") == "NOT_ALLOWED"
    assert await code(hung, "steward", "bells.found") == "may"  # a steward is a moderator, and has that name
    assert await code(hung, "moderator", "bells.found") == "NOT_ALLOWED"
    assert await code(hung, "member", "bells.found") == "NOT_ALLOWED"
    assert await code(hung, "system", "bells.found") == "may"


async def test_an_action_on_nothing_takes_a_role_in_the_root(hung: World) -> None:
    given = {"space": "Space:OPEN", "participant": "Participant:outsider", "role": "MODERATOR"}
    assert await verdict(hung, "grantRole", "steward", **given) == "done"
    assert await code(hung, "participant", "bells.echo", EchoRow, "Echo:OPEN") == "NOT_ALLOWED"
    assert await code(hung, "moderator", "bells.echo", EchoRow, "Echo:OPEN") == "may"


async def test_nothing_is_done_where_the_plugin_is_not_active(hung: World) -> None:
    assert await code(hung, "steward", "bells.hang", SpaceRow, "Space:OPEN") == "may"
    assert await verdict(hung, "setPlugins", "administrator", space="Space", plugins=[]) == "done"
    assert await verdict(hung, "setPlugins", "administrator", space="Space:CLOSED", plugins=["bells"]) == "done"
    assert await code(hung, "steward", "bells.hang", SpaceRow, "Space:OPEN") == "NOT_ALLOWED"
    assert await code(hung, "steward", "bells.hang", SpaceRow, "Space:CLOSED") == "may"


async def test_what_is_done_to_nothing_or_to_a_person_is_done_where_the_plugin_is_active_at_the_root(
    hung: World,
) -> None:
    acts: list[tuple[Any, ...]] = [("bells.found",), ("bells.teach", ParticipantRow, "Participant:member")]
    for spaces, expected in ((["Space"], "may"), (["Space:OPEN"], "NOT_ALLOWED")):
        async with hung.app.write() as session:
            await session.execute(delete(ActivationRow))
            session.add_all(ActivationRow(space_id=hung.ids[space], plugin="bells") for space in spaces)
        assert [await code(hung, "steward", *act) for act in acts] == [expected, expected]


async def test_a_person_is_told_what_there_is_not_in_the_words_of_the_schema(hung: World) -> None:
    with pytest.raises(Refused, match="There is no overtone under that id, or none for you"):
        async with hung.app.write() as session:
            await session.authorize(hung.actor("member"), "bells.hear", OvertoneRow, UUID(int=7))


async def test_an_action_is_authorized_on_the_table_that_it_is_declared_on(hung: World) -> None:
    with pytest.raises(RuntimeError, match="bells.ring is not declared on core_space"):
        await code(hung, "steward", "bells.ring", SpaceRow, "Space:OPEN")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("read", "NOT_ALLOWED"), ("bells.ring", "NOT_ALLOWED"), ("bells.polish", "may"), (WRITE, "may")],
)
async def test_a_token_does_what_its_scopes_name(hung: World, scope: str, expected: str) -> None:
    token = Actor(hung.ids["Participant:ACTIVE"], frozenset({READ_PUBLIC, scope}))
    assert await code(hung, token, "bells.polish", BellRow, "Bell:OPEN") == expected


async def test_a_token_does_nothing_alone_that_its_scopes_do_not_name(hung: World) -> None:
    steward = hung.ids["Participant:steward"]
    assert await code(hung, Actor(steward, frozenset({"bells.found"})), "bells.found") == "may"
    assert await code(hung, Actor(steward, frozenset({"read"})), "bells.found") == "NOT_ALLOWED"


# -- what an instance decides otherwise -----------------------------------------------------------------------------


async def test_an_instance_says_who_has_an_action(database_url: str, plugins: dict[str, Any]) -> None:
    said = {"contribution.report": {"roles": ["member"]}, "bells.found": {"criteria": []}}
    async with open_world(database_url, **plugins, actions=said) as world:
        given = {"contribution": "Contribution:PUBLISHED", "reason": "Rude."}
        assert await verdict(world, "reportContribution", "participant", **given) == "NOT_ALLOWED"
        assert await verdict(world, "reportContribution", "moderator", **given) == "done"
        assert await code(world, "moderator", "bells.found") == "may"


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ({"contribution.sing": {"roles": ["member"]}}, "there is no action 'contribution.sing'"),
        ({"contribution.hide": {"roles": ["king"]}}, "there is no role 'king'"),
        ({"contribution.hide": {"criteria": [{"name": "tall"}]}}, "there is no criterion 'tall'"),
        ({"contribution.hide": {"criteria": [{"name": "called"}]}}, "criterion called"),
    ],
)
def test_what_does_not_fit_together_is_refused_at_start(plugins: dict[str, Any], actions: Any, told: str) -> None:
    assert told in refusal(*plugins["given"], actions=actions)


def test_a_role_names_roles_that_are_there() -> None:
    lost = a_plugin("lost", declare_roles=lambda: [Role("ringer", "Rings.", includes=["king"])])
    assert "the role ringer names the role 'king'" in refusal(lost)
