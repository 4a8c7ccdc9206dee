"""The conformance kit finds what it looks for: a sound plugin passes, and each fault turns its own test red."""

from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
import strawberry
from sqlalchemy import Column, MetaData, String, Table, false, select, true
from sqlmodel import Field, SQLModel

from hemicycle.api import (
    Action,
    Actor,
    Connection,
    Contribution,
    ContributionFilter,
    ContributionRow,
    Event,
    Handler,
    Mutation,
    Name,
    Node,
    OpenData,
    PersonalData,
    Query,
    RefusalCode,
    Refused,
    Sample,
    SchemaPart,
    Searchable,
    Session,
    Subscription,
    WayBack,
    ascending,
    column,
    connection,
    count,
    has_any,
    id_of,
    live,
    mapped,
    mutation,
    new_id,
    readable,
    search_index,
    table_of,
    value,
    where,
)
from hemicycle.kernel.errors import StartupError
from hemicycle.testing import a_plugin, open_world
from hemicycle.testing.conformance import Conformance, tables
from hemicycle.testing.databases import Databases


class MarkRow(SQLModel, table=True):
    __tablename__ = "faulty_mark"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id", index=True)
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    author_id: UUID = Field(foreign_key="core_participant.id", index=True)
    words: str = Field(sa_type=Name(100))


@strawberry.enum(description="Orders of marks.")
class MarkOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.id)


unseen = {"Mark": False}  # whether nobody sees it


def visible(row: Any) -> Any:
    return false() if unseen["Mark"] else readable(row.space_id)


@mapped(MarkRow, "A mark.", visible=visible, scope="space_id", own="author_id")
class Mark(Node):
    words: str = column("What it says.")


@strawberry.input(description="A mark.")
class MarkInput:
    contribution: strawberry.ID = id_of("What it is about.", Contribution)
    words: str = value("What it says.")


def faulty(fault: str = "") -> ModuleType:
    """A plugin that is sound but for one fault."""
    followed = fault in ("an action of others", "an act of its owner")
    action = "contribution.follow" if followed else "marks.add" if fault == "a name" else "faulty.mark"
    unseen["Mark"] = fault == "a type that nobody sees"

    async def mark(session: Session, actor: Actor, *, contribution: UUID, words: str) -> MarkRow:
        if fault == "a rule that looks first" and actor.id is None:
            raise Refused(RefusalCode.CONFLICT, "Not now.")
        if action == "contribution.follow":
            await session.authorize_alone(actor, action)
        target = await session.get_one(ContributionRow, contribution)
        if action != "contribution.follow":
            target = await session.authorize(actor, action, ContributionRow, contribution, lock="share")
        if fault == "an act of its owner" and target.author_id != actor.id:
            raise Refused(RefusalCode.NOT_ALLOWED, "Only for its author.")
        assert actor.id is not None
        row = MarkRow(contribution_id=target.id, space_id=target.space_id, author_id=actor.id, words=words)
        session.add(row)
        await session.flush()
        if fault != "words that are not handed over":
            await search_index.put(session, "Mark", row.id, words)
        session.record(actor, "faulty.marked", row)
        return row

    @strawberry.type
    class OnContribution:
        mark_count: int | None = count("How many marks it has.", Mark, by="contribution_id")
        marks: Connection[Mark] = connection("Its marks.", by="contribution_id", order=MarkOrder.OLDEST)

    @strawberry.type
    class OnQuery:
        marks: Connection[Mark] = connection(
            "Every mark.", order=MarkOrder.OLDEST,
            where=(lambda row: row.words == "none") if fault == "a list with gaps" else None,
        )  # fmt: skip

    def always(row: Any, yes: bool) -> Any:
        return has_any(MarkRow, by="contribution_id")(row, True)

    conditions = {"a filter": lambda row, yes: true(), "a filter without a no": always}

    @strawberry.input
    class OnFilter:
        marked: bool | None = where(
            "Only with marks.",
            conditions.get(fault, has_any(MarkRow, by="contribution_id")),
        )

    @strawberry.type
    class OnMutation:
        mark_it: Mark = mutation("Mark it.", mark, MarkInput, action=action)

    @strawberry.type
    class OnSubscription:
        marked: Mark = live("Marks.", "faulty.marked")

    async def sample(session: Session, world: dict[str, UUID]) -> UUID:
        author, target = Actor(world["Participant:ACTIVE"]), world["Contribution:PUBLISHED"]
        row = await mark(session, author, contribution=target, words="A sample mark.")
        return row.id

    async def handle(*_: Any) -> None: ...

    part = SchemaPart(
        extend={
            Contribution: OnContribution,
            Query: OnQuery,
            ContributionFilter: OnFilter,
            Mutation: OnMutation,
            Subscription: OnSubscription,
        },
        types=(Mark,),
    )
    english = "{who} marked it." if fault == "a sentence" else "{actor} marked it."
    heard = "faulty.unmarked" if fault == "a handler" else "faulty.marked"
    hooks: dict[str, Any] = {
        "extend_schema": lambda: part,
        "declare_actions": lambda: [Action(action, "Mark it.", ContributionRow, ["participant"], states=["PUBLISHED"])],
        "declare_events": lambda: [Event("faulty.marked", "A mark.", english=english, french="Une marque.")],
        "declare_handlers": lambda: [Handler("faulty.hear", "Hear of a mark.", event=heard, run=handle)],
        "declare_personal_data": lambda: [
            PersonalData("faulty_mark.words", "Marks.", owner="author_id", erase="DELETE", export=True)
        ],
        "declare_searchable": lambda: [Searchable("Mark", "Marks.", on=MarkRow)],
        "declare_samples": lambda: [Sample("Mark", "A mark.", make=sample)],
    }
    for name, without in (("declare_samples", "no sample"), ("declare_personal_data", "people")):
        if fault == without:
            del hooks[name]
    if action == "contribution.follow":
        del hooks["declare_actions"]
    return a_plugin("faulty", **hooks)


NAMES, STRANGER = "test_its_names_carry_its_name", "test_a_stranger_changes_nothing"
SILENT = "test_where_it_is_not_active_nothing_of_it_shows"
FAULTS = [
    ("a name", NAMES, "Action marks.add: call it faulty"),
    ("no sample", "test_every_type_has_a_sample", "declare_samples: make one Mark"),
    ("no sample", "test_there_is_a_sample_of_what_is_about_people", "faulty_mark is about people, and no sample"),
    ("a sentence", "test_its_events_can_be_told", "a sentence names {actor}, {subject} and {reason} only"),
    ("a handler", "test_its_handlers_have_an_event", "no enabled module declares the event faulty.unmarked"),
    ("people", "test_what_is_about_a_person_is_declared", "say what erasing a person does to faulty_mark.author_id"),
    ("a filter without a no", "test_every_filter_asks_something", "marked means the same with True and with False"),
    ("a type that nobody sees", "test_each_sample_is_seen_by_someone", "nobody sees Mark: let its visible= show it"),
    ("a filter", "test_every_filter_asks_something", "the filter marked does not look at the row"),
    ("a list with gaps", "test_lists_and_counts_agree_with_node", "no list of the root shows ['Mark'] to visitor"),
    ("words that are not handed over", "test_search_agrees_with_node", "no Mark can be found"),
    ("a rule that looks first", STRANGER, "let its rule begin with session.authorize(actor, 'faulty.mark', …)"),
    ("an action of others", SILENT, "markIt still acts for administrator"),
    (
        "an act of its owner",
        "test_where_it_is_not_active_nothing_of_it_shows",
        "markIt still acts for Participant:ACTIVE",
    ),
]


@pytest.fixture
def kit() -> Conformance:
    kit = Conformance()
    kit.plugin = "faulty"
    return kit


@pytest.fixture
def sqlite(tmp_path: Path) -> Databases:
    """A fault is the same on both databases: the faster one will do."""
    return Databases("sqlite", tmp_path)


@pytest.mark.parametrize(("fault", "test", "said"), FAULTS, ids=[f"{fault}: {test}" for fault, test, _ in FAULTS])
async def test_a_fault_is_found_and_named(
    sqlite: Databases, kit: Conformance, fault: str, test: str, said: str
) -> None:
    with sqlite.fresh() as url:
        async with open_world(url, given=[faulty(fault)]) as world:
            if "not_active" in test:
                await kit.silence(world)
            with pytest.raises(AssertionError) as caught:
                await getattr(kit, test)(world)
    assert said in str(caught.value)


async def test_tables_without_migrations_are_found(sqlite: Databases, kit: Conformance) -> None:
    with sqlite.fresh() as url:
        async with open_world(url, given=[faulty()]) as world:
            with pytest.raises(StartupError, match="faulty declares tables and has no migration that makes them"):
                await kit.test_its_migrations_go_up_and_down_and_up(world, sqlite)


def test_differences_of_tables_are_told_in_words() -> None:
    it = Table("faulty_mark", MetaData(), Column("words", String))
    said = {
        "missing in the database: table faulty_mark": ("add_table", it),
        "not in the models: column faulty_mark.words": ("remove_column", None, "faulty_mark", it.c.words),
        "nullable of faulty_mark.words: True in the database, False in the models": [
            ("modify_nullable", None, "faulty_mark", "words", {}, True, False)
        ],
    }
    for words, difference in said.items():
        assert tables.told(difference) == words


def test_what_is_missing_on_the_way_back_is_told() -> None:
    def lacking(way: WayBack, **columns: str) -> str:
        data = OpenData("marks", "Marks.", query=lambda: select(table_of(MarkRow).c.id), columns=columns)
        return "; ".join(tables.lacking(data, way, {"marks", "spaces"}))

    assert lacking(WayBack(MarkRow, refs={"space_id": "places"}, part_of="spot_id"), id="Its id.").split("; ") == [
        "it names columns that are not there: space_id", "it refers to tables that are no open data: places",
        "spot_id is what it is a part of, so name its table in `refs`",
        "a row needs more columns: author_id, contribution_id, space_id, words",
    ]  # fmt: skip
    assert lacking(WayBack(MarkRow, row=lambda values: values)).startswith("by nothing it is known again")
    assert lacking(WayBack(MarkRow, row=lambda values: values), id="Its id.") == ""


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        (
            {"plugins": ["vanished"]},
            ["vanished is not installed", "`pip install -e .`", 'hemicycle]\nvanished = "…"'],
        ),
        ({"plugins": ["exchange"]}, ["vanished is not enabled here; enabled: exchange", '{"plugins": ["vanished"]}']),
    ],
)
def test_a_plugin_that_is_not_there_fails_once_and_says_why(plugins: dict[str, Any], said: list[str]) -> None:
    class Vanished(Conformance):
        plugin = "vanished"

    there: Any = Vanished._is_there.__wrapped__  # type: ignore[attr-defined]
    with pytest.raises(pytest.fail.Exception) as caught:
        there(Vanished(), plugins)
    assert all(some in str(caught.value) for some in said), str(caught.value)
    with pytest.raises(pytest.skip.Exception, match="vanished is not there: see the first test"):
        there(Vanished(), plugins)


class TestSound(Conformance):
    """Without a fault it passes."""

    plugin = "faulty"
    test_its_migrations_go_up_and_down_and_up = None  # type: ignore[assignment]  # see above

    @pytest.fixture
    def plugins(self) -> dict[str, Any]:
        return {"given": [faulty()]}
