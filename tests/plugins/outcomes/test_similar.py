"""What says nearly the same, and what changed from one version to the next."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from hemicycle.testing import World
from hemicycle_outcomes.proposals.differences import changes
from hemicycle_outcomes.proposals.similar import grams, ranked
from tests.plugins.outcomes.conftest import Debate

ASKED = "query($id: ID!) { similarContributions(contribution: $id) { id title } }"
text = st.text("ab é\n", max_size=30)


async def nearest(world: World, key: str, who: str = "visitor") -> list[str]:
    return [one["title"] for one in (await world.ask(ASKED, who, id=key))["similarContributions"]]


async def test_the_nearest_come_first_accents_and_endings_or_not(debate: Debate) -> None:
    key = await debate.say(title="Des pistes cyclables sécurisées autour des collèges")
    for title in (
        "Une piste cyclable securisee autour du college", "Des pistes cyclables", "Planter des arbres",
        "Sécurité des collèges la nuit", "Ouvrir la piscine le soir",
    ):  # fmt: skip
        await debate.say("member", title=title)
    found = await nearest(debate.world, key)
    assert set(found[:2]) == {"Une piste cyclable securisee autour du college", "Des pistes cyclables"}
    assert set(found[3:]) == {"Planter des arbres", "Ouvrir la piscine le soir"}


async def test_five_at_most_and_never_itself_nor_what_is_not_seen(debate: Debate) -> None:
    world = debate.world
    said = [await debate.say(title=f"Fountains everywhere {number}") for number in range(8)]
    found = await nearest(world, said[0])
    assert len(found) == 5
    assert "Fountains everywhere 0" not in found
    for hidden in said[1:]:
        await world.change("hideContribution", "moderator", contribution=hidden, reason="A reason.")
    assert await nearest(world, said[0]) == []
    assert await nearest(world, said[1]) == []
    assert await nearest(world, world.gid("Space")) == []
    assert await nearest(world, world.gid("Contribution:MEMBERS")) == []


def test_the_same_words_are_nearest_of_all() -> None:
    same, other = uuid4(), uuid4()
    found = ranked("Éclairer les rues", {other: "Fermer les rues", same: "eclairer les RUES"})
    assert [key for key, _ in found] == [same, other]
    assert abs(found[0][1] - 1) < 1e-9
    assert 0 < found[1][1] < 1


def test_grams_are_of_three_to_five_characters() -> None:
    assert set(grams("Là")) == {" la", "la ", " la "}
    assert not grams("")


@given(text, text)
def test_what_changed_leads_from_one_text_to_the_other(before: str, after: str) -> None:
    found = changes(before, after)
    assert "".join(one.text for one in found if one.kind.name != "INSERTED") == before
    assert "".join(one.text for one in found if one.kind.name != "DELETED") == after


def test_long_texts_are_told_as_wholes() -> None:
    before, after = "word " * 3000, "other " * 3000
    assert [one.kind.name for one in changes(before, after)] == ["DELETED", "INSERTED"]


async def test_a_version_says_what_changed(debate: Debate) -> None:
    made = await debate.make(statement="More light in small streets.")
    given = {"proposal": made, "version": 1, "title": "Lamps", "statement": "More warm light in streets."}
    await debate.change("reviseProposal", "analyst", **given)
    found = await debate.read(made, "versions { nodes { changes { kind text } } }")
    latest, first = found["versions"]["nodes"]
    assert [(one["kind"], one["text"]) for one in latest["changes"]] == [
        ("KEPT", "More "), ("INSERTED", "warm "), ("KEPT", "light in "), ("DELETED", "small "), ("KEPT", "streets."),
    ]  # fmt: skip
    assert first["changes"] == [{"kind": "INSERTED", "text": "More light in small streets."}]
