"""What the tests of outcomes share: a world with the plugin, its roles, and a triage and a decision in few words."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from hemicycle.api import SYSTEM, Actor, contribute, decode_id, encode_id, grant_role, new_participant
from hemicycle.testing import World

ROLES = ("analyst", "reviewer", "decision_maker")
WHERE = {"destination": "CHARTER", "motive": "It states a principle."}
ELSEWHERE = {"destination": "WORKSTREAM", "motive": "It asks for more work."}
DUE = "2026-06-01"  # the world's clock starts on 2 March 2026
MEASURE = {"destination": "IMMEDIATE_MEASURE", "motive": "It can be done at once."}
LINK = {"kind": "LINK", "title": "The minutes", "url": "https://example.org/minutes"}
BALANCE = "dispositionBalance { total triaged destinations { destination count } gap gapInWords }"


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["outcomes"]}


@dataclass
class Debate:
    """A world in which proposals are made and triaged: `analyst`, `reviewer`, `decision_maker` are people."""

    world: World

    async def appoint(self, *roles: str) -> Actor:
        """Someone new, with these roles."""
        async with self.world.app.write() as session:
            person = new_participant(session, f"Someone: {' '.join(roles)}")
            await session.flush()
            for role in roles:
                await grant_role(session, SYSTEM, space=self.world.ids["Space"], participant=person.id, role=role)
            return Actor(person.id)

    async def say(self, who: str = "author", space: str = "Space:OPEN", title: str = "Lamps") -> str:
        """The global id of something new that is said."""
        async with self.world.app.write() as session:
            row = await contribute(
                session, self.world.actor(who), space=self.world.ids[space], title=title, text=f"{title}, and more."
            )
            return encode_id("Contribution", row.id)

    async def change(self, mutation: str, who: str | Actor, answer: str = "id", **given: Any) -> Any:
        """What a mutation answers that must succeed."""
        found = await self.world.change(mutation, self.who(who), answer, **given)
        assert "code" not in found, (mutation, found)
        return found

    async def refused(self, mutation: str, who: str | Actor, **given: Any) -> str:
        """The code of the refusal of a mutation that must be refused."""
        found = await self.world.change(mutation, self.who(who), **given)
        code: str = found["code"]
        return code

    def who(self, who: str | Actor) -> str | Actor:
        return self.world.ids and Actor(self.world.ids[f"Participant:{who}"]) if who in ROLES else who

    async def make(self, who: str = "author", **given: Any) -> str:
        """The global id of a new proposal, of something that someone says."""
        source = {"contribution": await self.say(who), "role": "MERGED"}
        said = {"space": self.world.gid("Space:OPEN"), "sources": [source], "title": "Lamps", "statement": "Light."}
        made = await self.change("makeProposal", "analyst", **said | given)
        return str(made["id"])

    async def propose(self, proposal: str, **where: Any) -> str:
        found = await self.change("proposeDisposition", "analyst", proposal=proposal, **where or WHERE)
        return str(found["id"])

    async def decide(self, proposal: str, **where: Any) -> str:
        """The global id of a disposition that is in force."""
        key = await self.propose(proposal, **where)
        await self.change("reviewDisposition", "reviewer", disposition=key)
        await self.change("decideDisposition", "decision_maker", disposition=key)
        return key

    async def read(self, key: str, asked: str, who: str | Actor = "visitor") -> Any:
        """What a query tells of one object."""
        kind = _ref(key).type
        document = f"query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {asked} }} }} }}"
        return (await self.world.ask(document, self.who(who), id=key))["node"]

    async def balance(self) -> tuple[int, int, dict[str, int], int]:
        """(total, triaged, destinations that anything goes to, gap) of the whole instance."""
        found = (await self.read(self.world.gid("Space"), BALANCE))["dispositionBalance"]
        counts = {one["destination"]: one["count"] for one in found["destinations"]}
        assert len(counts) == 5
        return found["total"], found["triaged"], {name: it for name, it in counts.items() if it}, found["gap"]

    @staticmethod
    def key(gid: str) -> UUID:
        return _ref(gid).key


def _ref(gid: str) -> Any:
    return decode_id(gid)


@pytest_asyncio.fixture
async def debate(world: World) -> Debate:
    """The world, with someone in each of the three roles."""
    made = Debate(world)
    for role in ROLES:
        world.ids[f"Participant:{role}"] = (await made.appoint(role)).id  # type: ignore[assignment]
    return made


class Office(Debate):
    """A debate in which `owner` answers for what is decided, and `verifier` verifies it."""

    owner: Actor
    verifier: Actor

    async def answered(self, **where: Any) -> str:
        """A proposal that is decided and answered."""
        key = await self.make()
        await self.decide(key, **where or MEASURE)
        await self.change("answerProposal", "decision_maker", proposal=key, text="Yes.")
        return key

    async def commit(self, *proposals: str, **given: Any) -> str:
        """The global id of a new commitment."""
        known = {
            "space": self.world.gid("Space:OPEN"), "kind": "MEASURE", "title": "Light the lane", "dueOn": DUE,
            "owner": self.world.gid("Participant:owner"), "proposals": list(proposals) or [await self.answered()],
        }  # fmt: skip
        return str((await self.change("decideCommitment", "decision_maker", **known | given))["id"])

    async def go(self, key: str, *verbs: str) -> None:
        """Let whoever answers for it take these steps: `start`, `deliver`."""
        for verb in verbs:
            await self.change(f"{verb}Commitment", self.owner, commitment=key)

    async def delivered(self, *proposals: str) -> str:
        """A commitment that is said to be done, with what shows it."""
        key = await self.commit(*proposals)
        await self.go(key, "start", "deliver")
        await self.change("addEvidence", self.owner, commitment=key, **LINK)
        return key

    async def state(self, key: str) -> str:
        return str((await self.read(key, "state"))["state"])


@pytest_asyncio.fixture
async def office(debate: Debate) -> Office:
    """The debate, with someone who answers for what is decided, and someone who verifies it."""
    made = Office(debate.world)
    made.owner, made.verifier = await made.appoint(), await made.appoint("verifier")
    made.world.ids |= {"Participant:owner": made.owner.id, "Participant:verifier": made.verifier.id}  # type: ignore[dict-item]
    return made
