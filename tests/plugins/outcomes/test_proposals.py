"""What a proposal is made of, what it says, who changes it, and where it may go from where it is."""

from hemicycle.kernel.jobs.run import run_due
from hemicycle.kernel.search.rebuild import rebuild
from hemicycle.testing import World
from tests.plugins.outcomes.conftest import Debate


async def test_a_proposal_names_what_it_comes_from(debate: Debate) -> None:
    said = [await debate.say(), await debate.say("member")]
    sources = [{"contribution": key, "role": "MERGED"} for key in said]
    made = await debate.make(sources=sources, theme="Streets")
    asked = "state origin theme title statement version sources { nodes { role contribution { id } } }"
    found = await debate.read(made, asked)
    assert found["sources"]["nodes"] == [{"role": "MERGED", "contribution": {"id": key}} for key in said]
    del found["sources"]
    assert found == {
        "state": "SUBMITTED", "origin": "PARTICIPANTS", "theme": "Streets", "title": "Lamps", "statement": "Light.",
        "version": 1,
    }  # fmt: skip


async def test_only_the_executive_proposes_without_a_source(debate: Debate) -> None:
    given = {"space": debate.world.gid("Space:OPEN"), "title": "Lamps", "statement": "Light."}
    assert await debate.refused("makeProposal", "analyst", **given) == "INVALID_INPUT"
    assert await debate.refused("makeProposal", "analyst", sources=[], **given) == "INVALID_INPUT"
    made = await debate.change("makeProposal", "analyst", origin="EXECUTIVE", **given)
    assert (await debate.read(made["id"], "origin sources { totalCount }"))["sources"]["totalCount"] == 0


async def test_a_verbatim_source_brings_its_words_and_stands_alone(debate: Debate) -> None:
    key, other = await debate.say(title="Benches"), await debate.say()
    verbatim = {"contribution": key, "role": "VERBATIM"}
    given = {"space": debate.world.gid("Space:OPEN")}
    made = await debate.change("makeProposal", "analyst", sources=[verbatim], **given)
    assert await debate.read(made["id"], "title statement") == {"title": "Benches", "statement": "Benches, and more."}
    merged = {"contribution": other, "role": "MERGED"}
    refused = [{"sources": [verbatim, merged]}, {"sources": [verbatim], "title": "Other", "statement": "Words."}]
    for wrong in refused:
        assert await debate.refused("makeProposal", "analyst", **given, **wrong) == "INVALID_INPUT"


async def test_what_is_not_published_is_no_source(debate: Debate) -> None:
    for state in ("DRAFT", "PENDING", "HIDDEN", "WITHDRAWN"):
        source = {"contribution": debate.world.gid(f"Contribution:{state}"), "role": "MERGED"}
        given = {"space": debate.world.gid("Space:OPEN"), "title": "Lamps", "statement": "Light.", "sources": [source]}
        expected = "WRONG_STATE" if state == "WITHDRAWN" else "NOT_FOUND"  # an analyst sees no more than others
        assert await debate.refused("makeProposal", "analyst", **given) == expected, state


async def test_what_members_said_makes_no_proposal_that_others_read(debate: Debate) -> None:
    world = debate.world
    steward = await debate.appoint("analyst", "steward")
    source = {"contribution": world.gid("Contribution:MEMBERS"), "role": "MERGED"}
    given = {"title": "Lamps", "statement": "Light.", "sources": [source]}
    assert await debate.refused("makeProposal", steward, space=world.gid("Space"), **given) == "INVALID_INPUT"
    assert await debate.refused("makeProposal", steward, space=world.gid("Space:OPEN"), **given) == "INVALID_INPUT"
    made = await debate.change("makeProposal", steward, space=world.gid("Space:MEMBERS"), **given)
    assert await debate.read(made["id"], "id") is None


async def test_a_source_is_named_once(debate: Debate) -> None:
    key = await debate.say()
    twice = [{"contribution": key, "role": "MERGED"}, {"contribution": key, "role": "SPLIT"}]
    given = {"space": debate.world.gid("Space:OPEN"), "title": "Lamps", "statement": "Light.", "sources": twice}
    assert await debate.refused("makeProposal", "analyst", **given) == "INVALID_INPUT"


async def test_words_that_are_taken_back_leave_every_proposal_made_of_them(debate: Debate) -> None:
    world = debate.world
    key = await debate.say(title="Fountains")
    sources = [{"contribution": key, "role": "VERBATIM"}]
    made = (await debate.change("makeProposal", "analyst", space=world.gid("Space:OPEN"), sources=sources))["id"]
    words = "title statement versions { nodes { title statement } }"
    shown = {"title": "Fountains", "statement": "Fountains, and more."}
    found = '{ search(text: "fountains", types: [PROPOSAL]) { totalCount } }'

    await world.change("hideContribution", "moderator", contribution=key, reason="A reason.")
    nothing = {"title": None, "statement": None}
    assert await debate.read(made, words) == nothing | {"versions": {"nodes": [nothing]}}
    await world.change("restoreContribution", "moderator", contribution=key, reason="A reason.")
    assert await debate.read(made, words) == shown | {"versions": {"nodes": [shown]}}
    assert (await world.ask(found))["search"]["totalCount"] == 1
    await world.change("withdrawContribution", "author", contribution=key)
    await run_due(world.app)
    assert await debate.read(made, words) == nothing | {"versions": {"nodes": [nothing]}}
    assert (await world.ask(found))["search"]["totalCount"] == 0


async def test_other_words_are_another_version(debate: Debate) -> None:
    made = await debate.make()
    given = {"proposal": made, "version": 1, "title": "More lamps", "statement": "More light."}
    await debate.change("reviseProposal", "analyst", **given)
    assert await debate.refused("reviseProposal", "analyst", **given) == "CONFLICT"
    found = await debate.read(made, "title version versions { nodes { number title } }")
    assert found == {
        "title": "More lamps", "version": 2,
        "versions": {"nodes": [{"number": 2, "title": "More lamps"}, {"number": 1, "title": "Lamps"}]},
    }  # fmt: skip


async def test_an_official_answer_is_given_once_and_what_follows_in_order(debate: Debate) -> None:
    made = await debate.make()
    maker, one = "decision_maker", {"proposal": made}
    assert await debate.refused("answerProposal", maker, text="Yes.", **one) == "WRONG_STATE"
    await debate.decide(made)
    for early in ("startProposal", "completeProposal"):
        assert await debate.refused(early, maker, **one) == "WRONG_STATE"
    await debate.change("answerProposal", maker, text="**Yes.**", **one)
    assert await debate.refused("answerProposal", maker, text="No.", **one) == "WRONG_STATE"
    await debate.change("startProposal", maker, **one)
    await debate.change("completeProposal", maker, **one)
    assert await debate.refused("giveUpProposal", maker, reason="Late.", **one) == "WRONG_STATE"
    assert await debate.read(made, "state answer") == {"state": "DONE", "answer": "**Yes.**"}


async def test_what_is_not_retained_says_why(debate: Debate) -> None:
    made = await debate.make()
    await debate.decide(made)
    await debate.change("answerProposal", "decision_maker", proposal=made, text="We shall see.")
    given = {"proposal": made, "reason": " "}
    assert await debate.refused("giveUpProposal", "decision_maker", **given) == "INVALID_INPUT"
    await debate.change("giveUpProposal", "decision_maker", proposal=made, reason="Too dear.")
    assert await debate.read(made, "state reason") == {"state": "NOT_RETAINED", "reason": "Too dear."}


async def test_nobody_acts_on_a_proposal_of_their_own(debate: Debate) -> None:
    """Be it that they wrote a source, or that they stand behind it."""
    world = debate.world
    everything = await debate.appoint("analyst", "reviewer", "decision_maker")
    world.ids["Participant:everything"] = everything.id  # type: ignore[assignment]
    made = await debate.make("Participant:everything")
    words = {"title": "Lamps", "statement": "Light."}
    assert await debate.refused("reviseProposal", everything, proposal=made, version=1, **words) == "NOT_ALLOWED"
    where = {"destination": "CHARTER", "motive": "A motive."}
    assert await debate.refused("proposeDisposition", everything, proposal=made, **where) == "NOT_ALLOWED"
    key = await debate.propose(made)
    assert await debate.refused("reviewDisposition", everything, disposition=key) == "NOT_ALLOWED"
    await debate.change("reviewDisposition", "reviewer", disposition=key)
    assert await debate.refused("decideDisposition", everything, disposition=key) == "NOT_ALLOWED"

    other = await debate.make()
    participant = world.gid("Participant:everything")
    await debate.change("inviteCoAuthor", "author", proposal=other, participant=participant)
    asked = "coAuthors { nodes { id state } }"
    (row,) = (await debate.read(other, asked, everything))["coAuthors"]["nodes"]
    assert (await debate.read(other, asked))["coAuthors"]["nodes"] == []  # who is only asked is named to nobody else
    await debate.change("acceptCoAuthorship", everything, coAuthor=row["id"])
    assert (await debate.read(other, asked))["coAuthors"]["nodes"] == [{"id": row["id"], "state": "ACCEPTED"}]
    assert await debate.refused("proposeDisposition", everything, proposal=other, **where) == "NOT_ALLOWED"
    await world.change("leaveCoAuthorship", everything, coAuthor=row["id"])
    await debate.change("proposeDisposition", everything, proposal=other, **where)


async def test_a_co_author_is_asked_once_and_is_a_person(debate: Debate) -> None:
    made, world = await debate.make(), debate.world
    asked = {"proposal": made, "participant": world.gid("Participant:member")}
    assert await debate.refused("inviteCoAuthor", "analyst", **asked) == "NOT_ALLOWED"
    await debate.change("inviteCoAuthor", "author", **asked)
    assert await debate.refused("inviteCoAuthor", "author", **asked) == "ALREADY_DONE"
    for name in ("Participant:STRUCTURE_ACTIVE", "Participant:SUSPENDED"):
        given = {"proposal": made, "participant": world.gid(name)}
        assert await debate.refused("inviteCoAuthor", "author", **given) == "NOT_FOUND"


async def test_proposals_are_found_by_what_they_are(world: World, debate: Debate) -> None:
    before = (await world.ask("{ proposals { totalCount } }"))["proposals"]["totalCount"]
    made = await debate.make(theme="Streets")
    await debate.decide(made, destination="OTHER_LEVEL", motive="A motive.", recipient="The town")
    for filter_ in ('themes: ["Streets"]', "destinations: [OTHER_LEVEL]"):
        found = await world.ask(f"{{ proposals(filter: {{ {filter_} }}) {{ nodes {{ id }} }} }}")
        assert found["proposals"]["nodes"] == [{"id": made}], filter_
    found = await world.ask("{ proposals(filter: { states: [TRIAGED] }) { nodes { id } } }")
    assert {"id": made} in found["proposals"]["nodes"]
    assert (await world.ask("{ proposals { totalCount } }"))["proposals"]["totalCount"] == before + 1


async def test_words_that_are_read_anew_are_found_as_before(world: World, debate: Debate) -> None:
    made = await debate.make(title="Zeppelins", statement="Above every town.")
    assert (await rebuild(world.app))["Proposal"]
    for word in ("zeppelin", "town"):
        found = await world.ask(f'{{ search(text: "{word}", types: [PROPOSAL]) {{ nodes {{ id }} }} }}')
        assert found["search"]["nodes"] == [{"id": made}]
