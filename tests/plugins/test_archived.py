"""An archived space is for reading only: also for what plugins have in it."""

from typing import Any

import pytest
from sqlalchemy import update

from hemicycle.kernel.db.dialect import table_of
from hemicycle.spaces.models import SpaceRow
from hemicycle.testing import World

AMENDMENT = {"version": 1, "statement": "Other words.", "reason": "Clearer."}
CANDIDACY = {"college": "CITIZENS", "consent": True, "features": [{"feature": "age", "value": "young"}]}
TRIED: list[tuple[str, str, dict[str, Any]]] = [
    ("contribute", "participant", {"space": "Space:OPEN", "title": "More", "text": "More words."}),
    ("editContribution", "author", {"contribution": "Contribution:PUBLISHED", "version": 1, "text": "Other words."}),
    ("support", "participant", {"target": "Contribution:PUBLISHED"}),
    ("createPetition", "participant", {"space": "Space:OPEN", "title": "Petition", "text": "Words."}),
    ("signPetition", "participant", {"petition": "Petition:OPEN"}),
    ("openPoll", "steward", {"poll": "Poll:DRAFT"}),
    ("openCall", "steward", {"panel": "Panel:DESIGNED", "text": "Come.", "endsAt": "2030-01-01T00:00:00Z"}),
    ("applyToPanel", "participant", {"panel": "Panel:CALL_OPEN", **CANDIDACY}),
    ("proposeAmendment", "participant", {"proposal": "Proposal:SUBMITTED", **AMENDMENT}),
    ("declareEpisode", "steward", {"show": "Show", "video": "https://youtu.be/sample-0099"}),
    ("linkMoment", "steward", {"episode": "Episode:PUBLISHED", "target": "Contribution:PUBLISHED", "at": 7}),
    ("suggestLinks", "steward", {"episode": "Episode:PUBLISHED"}),
]


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes", "territories", "panels", "youtube", "outcomes"]}


async def test_nothing_is_begun_in_an_archived_space(world: World) -> None:
    spaces = table_of(SpaceRow)
    async with world.app.write() as session:
        archived = update(spaces).where(spaces.c.id == world.ids["Space:OPEN"]).values(state="ARCHIVED")
        await session.execute(archived)
    told = {}
    for name, who, given in TRIED:
        ids = {key: world.gid(one) if isinstance(one, str) and one in world.ids else one for key, one in given.items()}
        answer = await world.change(name, who, **ids)
        told[name] = answer.get("code", answer)
    assert told == {name: "WRONG_STATE" for name, _, _ in TRIED}
