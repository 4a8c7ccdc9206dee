"""Whatever people do, in whatever order: what must hold of triage and lineage holds after each step."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from hemicycle.api import SYSTEM, Actor, Refused, contribute, grant_role, new_participant, table_of
from hemicycle.testing import World, open_world
from hemicycle_outcomes.dispositions import rules as dispositions
from hemicycle_outcomes.dispositions.models import DESTINATIONS, DispositionRow
from hemicycle_outcomes.lineage import rules as lineage
from hemicycle_outcomes.lineage.models import LineageRow
from hemicycle_outcomes.proposals import rules as proposals
from hemicycle_outcomes.proposals.models import ProposalRow, SourceRow

PEOPLE = 4  # each has all three roles, and writes contributions too: who may act depends on what they did alone
EVERYTHING = ("analyst", "reviewer", "decision_maker")
WORDS = {"title": "Words", "statement": "Some words."}
person, choice = st.integers(0, PEOPLE - 1), st.integers(0, 10**6)


class Triage(RuleBasedStateMachine):
    """Four people who make, merge, split, triage and contest proposals. Refusals are no mistake; what follows is."""

    runner: asyncio.Runner
    world: World
    people: list[Actor]
    said: list[UUID]

    def __init__(self) -> None:
        super().__init__()
        self.made: list[UUID] = []
        self.proposed: list[UUID] = []

    def change(self, rule: Callable[..., Awaitable[Any]], who: int, **given: Any) -> Any:
        """What a rule returns; None if it refuses."""

        async def change() -> Any:
            async with self.world.app.write() as session:
                return await rule(session, self.people[who], **given)

        try:
            return self.runner.run(change())
        except Refused:
            return None

    def one(self, known: list[UUID], at: int) -> UUID:
        return known[at % len(known)] if known else UUID(int=0)

    @initialize(some=st.sets(choice, min_size=1, max_size=2))
    def begin(self, some: set[int]) -> None:
        """Something to work on: six proposals, half of them decided, one contested."""
        for at in range(6):
            self.make(at % PEOPLE, some)
        for at in range(3):
            self.triage(at)
        self.contest(0)

    @rule(who=person, some=st.sets(choice, min_size=1, max_size=3))
    def make(self, who: int, some: set[int]) -> None:
        keys = {self.one(self.said, at) for at in some}
        sources = [{"contribution": key, "role": "MERGED"} for key in keys]
        row = self.change(proposals.make, who, space=self.world.ids["Space:OPEN"], sources=sources, **WORDS)
        self.made.append(row.id)

    @rule(who=person, at=choice, destination=st.sampled_from(DESTINATIONS), motive=st.sampled_from(["Why.", " ", ""]))
    def propose(self, who: int, at: int, destination: str, motive: str) -> None:
        more = {"OTHER_LEVEL": {"recipient": "A town"}, "UNUSABLE": {"unusable_because": "OFF_TOPIC"}}
        where = {"destination": destination, "motive": motive, **more.get(destination, {})}
        if row := self.change(dispositions.propose, who, proposal=self.one(self.made, at), **where):
            self.proposed.append(row.id)

    @rule(who=person, at=choice)
    def review(self, who: int, at: int) -> None:
        self.change(dispositions.review, who, disposition=self.one(self.proposed, at))

    @rule(who=person, at=choice)
    def decide(self, who: int, at: int) -> None:
        self.change(dispositions.decide, who, disposition=self.one(self.proposed, at))

    @rule(at=choice)
    def triage(self, at: int) -> None:
        """All three steps, by whoever may, so that much is decided."""
        for who in range(PEOPLE):
            self.propose(who, at, "CHARTER", "Why.")
        for key in self.proposed[-1:]:
            for who in range(PEOPLE):
                self.change(dispositions.review, who, disposition=key)
            for who in range(PEOPLE):
                self.change(dispositions.decide, who, disposition=key)

    @rule(who=person, at=choice)
    def send_back(self, who: int, at: int) -> None:
        self.change(dispositions.send_back, who, disposition=self.one(self.proposed, at), reason="Say more.")

    @rule(at=choice)
    def contest(self, at: int) -> None:
        for who in range(PEOPLE):
            self.change(dispositions.contest, who, proposal=self.one(self.made, at), reason="No.")

    @rule(who=person, at=choice, stays=st.booleans())
    def answer(self, who: int, at: int, stays: bool) -> None:
        key = self.one(self.proposed, at)
        if stays:
            self.change(dispositions.confirm, who, disposition=key, reason="We looked again.")
        else:
            where = {"destination": "WORKSTREAM", "motive": "Why."}
            if row := self.change(dispositions.change, who, disposition=key, reason="You are right.", **where):
                self.proposed.append(row.id)

    @rule(who=person, at=choice, others=st.sets(choice, min_size=1, max_size=2))
    def merge(self, who: int, at: int, others: set[int]) -> None:
        some = [self.one(self.made, other) for other in others]
        self.change(lineage.merge, who, primary=self.one(self.made, at), proposals=some)

    @rule(who=person, at=choice, parts=st.integers(2, 3))
    def split(self, who: int, at: int, parts: int) -> None:
        if self.change(lineage.split, who, proposal=self.one(self.made, at), parts=[WORDS] * parts):
            self.made += [key for key in self.read()[0] if key not in self.made]

    def read(self) -> tuple[dict[UUID, Any], list[Any], list[Any], dict[UUID, set[UUID]]]:
        """Proposals, dispositions, lineage, sources of proposals: straight from the tables."""

        async def rows() -> list[list[Any]]:
            tables = ProposalRow, DispositionRow, LineageRow, SourceRow
            async with self.world.app.db.read() as connection:
                return [list(await connection.execute(select(table_of(one)))) for one in tables]

        made, where, lines, sources = self.runner.run(rows())
        of: dict[UUID, set[UUID]] = {row.id: set() for row in made}
        for one in sources:
            of[one.proposal_id].add(one.contribution_id)
        return {row.id: row for row in made}, where, lines, of

    @invariant()
    def all_holds(self) -> None:
        made, where, lines, sources = self.read()
        for key, row in made.items():
            in_force = [one for one in where if one.proposal_id == key and one.in_force]
            pending = [one for one in where if one.proposal_id == key and one.state in ("PROPOSED", "REVIEWED")]
            assert len(in_force) == (row.state not in ("SUBMITTED", "REPLACED")), row.state
            assert len(pending) <= (row.state == "SUBMITTED")
            assert sources[key]
        for one in where:
            assert one.motive.strip()
            assert one.reviewer_id is None or one.reviewer_id != one.analyst_id
            if one.analyst_id is not None and one.previous_id is None:
                assert one.decided_by_id != one.analyst_id
        graph: dict[UUID, list[UUID]] = {}
        for line in lines:
            graph.setdefault(line.replaced_id, []).append(line.replacing_id)
        TopologicalSorter(graph).prepare()  # it raises where there is a circle
        assert {key for key, row in made.items() if row.state == "REPLACED"} == set(graph)
        for key, replacing in graph.items():
            assert sources[key] <= set().union(*(sources[one] for one in replacing))
        balance = self.runner.run(self.balance())
        living = [row for row in made.values() if row.state != "REPLACED"]
        counts = [one["count"] for one in balance["destinations"]]
        assert (balance["total"], balance["gap"]) == (len(living), 0)
        assert sum(counts) == balance["triaged"] == sum(row.state != "SUBMITTED" for row in living)

    async def balance(self) -> Any:
        asked = "dispositionBalance { total triaged gap destinations { count } }"
        document = f'{{ space(slug: "sample-root") {{ {asked} }} }}'
        return (await self.world.ask(document, "administrator"))["space"]["dispositionBalance"]


async def _people(world: World) -> tuple[list[Actor], list[UUID]]:
    """People with every role, and two contributions of each."""
    async with world.app.write() as session:
        people = [new_participant(session, f"Someone {number}") for number in range(PEOPLE)]
        await session.flush()
        said = []
        for one in people:
            for role in EVERYTHING:
                await grant_role(session, SYSTEM, space=world.ids["Space"], participant=one.id, role=role)
            for title in ("First", "Second"):
                row = await contribute(
                    session, Actor(one.id), space=world.ids["Space:OPEN"], title=title, text="Some words."
                )
                said.append(row.id)
        return [Actor(one.id) for one in people], said


def run(database_url: str, examples: int, steps: int) -> None:
    """Let people do this many things, in this many debates, each with what the ones before left."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        world = runner.run(stack.enter_async_context(open_world(database_url, ["outcomes"])))
        people, said = runner.run(_people(world))
        machine: Any = type("Machine", (Triage,), {"runner": runner, "world": world, "people": people, "said": said})
        known = settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        try:
            run_state_machine_as_test(machine, settings=known)
        finally:
            runner.run(stack.aclose())


def test_what_must_hold_holds_after_each_step(database_url: str) -> None:
    run(database_url, examples=6, steps=30)


@pytest.mark.soak
def test_what_must_hold_holds_in_long_debates(database_url: str) -> None:
    run(database_url, examples=4 if os.environ.get("SOAK") == "short" else 20, steps=200)
