"""The page for analysts is true: its documents, one after the other, by whom it says."""

import re
from pathlib import Path
from typing import Any

from tests.plugins.outcomes.conftest import Debate

PAGE = (Path(__file__).parents[3] / "docs" / "outcomes_for_analysts.md").read_text("utf-8")
DOCUMENTS = re.findall(r"^```graphql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
WHO = {"Review": "reviewer", "Decide": "decision_maker"}  # everything else is for analysts

MADE = {"Make": "proposal", "Propose": "disposition"}  # what an answer is to the documents that follow


async def test_each_document_does_what_the_page_says(debate: Debate) -> None:
    known: dict[str, Any] = {
        "space": debate.world.gid("Space:OPEN"),
        "contribution": await debate.say(title="Lamps in small streets"),
        "another": await debate.say("member", title="Small streets without lamps"),
        "other": await debate.make(),
    }
    known["items"] = [{"proposal": known["other"], "destination": "CHARTER", "motive": "It is a principle."}]
    answers = {}
    for document in DOCUMENTS:
        name = re.search(r"(\w+)\(\$", document)[1]  # type: ignore[index]
        given = {one: known[one] for one in re.findall(r"\$(\w+):", document)}
        data = await debate.world.ask(document, debate.who(WHO.get(name, "analyst")), **given)
        (answers[name],) = data.values()
        assert "code" not in answers[name], (name, answers[name])
        assert "problems" not in answers[name], (name, answers[name])
        if name in MADE:
            known[MADE[name]] = answers[name]["id"]
    assert answers["Similar"][0]["title"] == "Small streets without lamps"
    assert answers["Make"]["state"] == "SUBMITTED"
    assert answers["Propose"]["state"] == "PROPOSED"
    assert answers["Decide"] == {"state": "DECIDED", "inForce": True, "proposal": {"state": "TRIAGED"}}
    assert answers["Balance"]["dispositionBalance"]["gap"] == 0
    assert answers["Part"]["proposals"]["totalCount"] == 1
    assert answers["Merge"]["replaces"]["nodes"] == [
        {"kind": "MERGED", "replaced": {"id": known["other"], "state": "REPLACED"}}
    ]
