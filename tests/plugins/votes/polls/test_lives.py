"""A poll lives through its states, and each method is voted in, counted and told."""

from typing import Any

import pytest

from hemicycle.testing import World
from tests.plugins.votes.polls.polling import LATER, finish, look, opened, options, people, prepare, step, vote

ALL = {"Ana", "Bo", "Cy"}
RANKED = {"ranking": [["Bo"], ["Ana", "Cy"]]}, {"ranking": [["Ana"], ["Bo"]]}
GRADED = {"grades": {"Ana": 1, "Bo": 5}}, {"grades": {"Ana": 2, "Bo": 4, "Cy": 5}}
CHOSEN = {"choices": ["Bo", "Cy"]}, {"choices": ["Ana"]}
ONE = {"choices": ["Bo"]}, {"choices": ["Ana"]}
METHODS: list[tuple[str, dict[str, Any], tuple[dict[str, Any], dict[str, Any]]]] = [
    ("PLURALITY", {}, ONE),
    ("APPROVAL", {}, CHOSEN),
    ("SCORE", {}, GRADED),
    ("QUADRATIC", {"credits": 50}, GRADED),
    ("IRV", {"equalRanks": "EXHAUST"}, RANKED),
    ("CONDORCET", {}, RANKED),
    ("SCHULZE", {}, RANKED),
    ("STV", {"seats": 2}, RANKED),
    ("MAJORITY_JUDGMENT", {}, GRADED),
    ("GREEDY", {"budget": 100}, CHOSEN),
    ("EQUAL_SHARES", {"budget": 100}, CHOSEN),
]


def by_id(said: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """A ballot that names options, as one that names their ids."""
    [(name, value)] = said.items()
    if name == "grades":
        return {name: [{"option": ids[one], "grade": grade} for one, grade in value.items()]}
    if name == "ranking":
        return {name: [[ids[one] for one in group] for group in value]}
    return {name: [ids[one] for one in value]}


@pytest.mark.parametrize(("method", "said", "ballots"), METHODS)
async def test_each_method(world: World, method: str, said: dict[str, Any], ballots: Any) -> None:
    if "budget" in said:
        said = {**said, "options": [{"label": one, "cost": 40} for one in sorted(ALL)]}
    poll = await opened(world, method=method, **said)
    ids = await options(world, poll)
    voters = await people(world, 8)
    for at, person in enumerate(voters):
        told = await vote(world, poll, person, **(by_id(ballots[at % 4 == 0], ids) if at else {"blank": True}))
        assert told == "OPEN", told
    await finish(world, poll)
    body = """turnout rules(locale: EN) { text hash } ballots { totalCount nodes { choice participant { id } } }
        trackers { totalCount } result { ballots withheld winners rounds ties data svg en: sentence(locale: EN)
        fr: sentence(locale: FR) }"""
    seen = await look(world, poll, body)
    result = seen["result"]
    assert (seen["turnout"], seen["ballots"]["totalCount"], seen["trackers"]["totalCount"]) == (8, 8, 8)
    assert (result["ballots"], result["withheld"]) == (8, False)
    assert set(result["winners"]) <= ALL
    assert result["winners"][0] == "Bo"
    assert "Bo" in result["en"]
    assert "Bo" in result["fr"]
    assert result["svg"].startswith("<svg")
    assert result["data"]["winners"] == result["winners"]
    assert {one["participant"] is None for one in seen["ballots"]["nodes"]} == {True}
    assert len(seen["rules"]["hash"]) == 64


STEPS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "updatePoll": (("DRAFT",), {"question": "Who?"}),
    "importPollRoll": (("DRAFT",), {"entries": ["a@b.example"]}),
    "openPoll": (("DRAFT",), {}),
    "closePoll": (("OPEN",), {"reason": "Enough."}),
    "cancelPoll": (("DRAFT", "OPEN", "CLOSED"), {"reason": "A mistake."}),
    "countPoll": (("CLOSED",), {}),
    "publishPoll": (("COUNTED",), {}),
    "castBallot": (("OPEN",), {"blank": True}),
    "giveProxy": (("OPEN",), {"holder": "Participant:member"}),
    "enterPaperBallot": (("OPEN",), {"voter": "x", "blank": True}),
}


async def test_a_step_from_another_state_is_refused_and_changes_nothing(world: World) -> None:
    states = ("DRAFT", "OPEN", "CLOSED", "COUNTED", "PUBLISHED", "CANCELLED")
    for mutation, (sources, given) in STEPS.items():
        for state in states:
            if state not in sources:
                said = {name: world.gid(it) if name == "holder" else it for name, it in given.items()}
                poll = world.gid(f"Poll:{state}")
                assert await step(world, mutation, poll, **said) == "WRONG_STATE", (mutation, state)
                assert (await look(world, poll, "state", "steward"))["state"] == state


NO_POLLS: list[tuple[dict[str, Any], str]] = [
    ({"options": [{"label": "Ana"}]}, "options"),
    ({"options": [{"label": "Ana"}, {"label": "ana"}]}, "options.1.label"),
    ({"options": [{"label": "Ana"}, {"label": " "}]}, "options.1.label"),
    ({"options": [{"label": str(at)} for at in range(101)]}, "options"),
    ({"options": [{"label": "Ana", "cost": 3}, {"label": "Bo"}]}, "options.0.cost"),
    ({"method": "GREEDY", "budget": 5}, "options.0.cost"),
    ({"method": "GREEDY", "budget": 5, "options": [{"label": "Ana", "cost": 0}, {"label": "Bo", "cost": 1}]},
     "options.0.cost"),
    ({"method": "GREEDY"}, "budget"),
    ({"method": "QUADRATIC"}, "credits"),
    ({"method": "IRV", "seats": 2}, "seats"),
    ({"method": "CONDORCET", "seats": 2}, "seats"),
    ({"seats": 3}, "seats"),
    ({"method": "GREEDY", "seats": 2, "budget": 5}, "seats"),
    ({"method": "STV", "equalRanks": "WHOLE"}, "equalRanks"),
    ({"tieBreak": "LOT"}, "lotSource"),
    ({"tieBreak": "LOT", "lotSource": " "}, "lotSource"),
    ({"seats": 0}, "seats"),
    ({"best": 0}, "best"),
    ({"proxies": 11}, "proxies"),
    ({"closesAt": "2026-01-01T00:00:00Z"}, "closesAt"),
    ({"opensAt": "2026-01-01T00:00:00Z"}, "opensAt"),
    ({"opensAt": "2027-01-01T00:00:00Z"}, "closesAt"),
    ({"question": " "}, "question"),
    ({"secrecy": "SEALED"}, "secrecy"),
    ({"secrecy": "BELENIOS", "method": "IRV"}, "method"),
    ({"criteria": [{"criterion": "nobody.knows"}]}, "criteria.0.criterion"),
    ({"criteria": [{"criterion": "nobody.knows"}] * 11}, "criteria"),
]  # fmt: skip
NO_BALLOTS: list[tuple[str, dict[str, Any], str]] = [
    ("PLURALITY", {"choices": ["Ana", "Bo"]}, "choices"),
    ("PLURALITY", {"ranking": [["Ana"]]}, "choices"),
    ("PLURALITY", {}, "choices"),
    ("APPROVAL", {"choices": ["Ana", "Ana"]}, "choices.1"),
    ("IRV", {"ranking": [["Ana"], ["Bo", "Ana"]]}, "ranking.1"),
    ("IRV", {"choices": ["Ana"]}, "ranking"),
    ("SCORE", {"grades": {"Ana": 6}}, "grades.0.grade"),
    ("MAJORITY_JUDGMENT", {"grades": {"Ana": -1}}, "grades.0.grade"),
]  # fmt: skip


async def test_what_is_no_poll_is_refused(world: World) -> None:
    for said, path in NO_POLLS:
        given = {
            "space": world.gid("Space:OPEN"), "question": "Which?", "method": "PLURALITY", "closesAt": LATER,
            "options": [{"label": "Ana"}, {"label": "Bo"}, {"label": "Cy"}], **said,
        }  # fmt: skip
        told = await world.change("createPoll", "steward", **given)
        assert (told["code"], told["problems"][0]["path"]) == ("INVALID_INPUT", f"input.{path}"), told


async def test_a_ballot_fits_the_method(world: World) -> None:
    polls: dict[str, tuple[str, dict[str, str]]] = {}
    for method, ballot, path in NO_BALLOTS:
        if method not in polls:
            poll = await opened(world, method=method)
            polls[method] = poll, await options(world, poll)
        poll, ids = polls[method]
        told = await world.change("castBallot", "member", poll=poll, **(by_id(ballot, ids) if ballot else {}))
        assert (told["code"], told["problems"][0]["path"]) == ("INVALID_INPUT", f"input.{path}"), told
        assert (await look(world, poll, "turnout"))["turnout"] == 0


async def test_a_ballot_names_options_of_its_own_poll(world: World) -> None:
    told = await world.change("castBallot", "member", poll=await opened(world), choices=[world.gid("PollOption")])
    assert told["problems"][0]["path"] == "input.choices.0"


async def test_quadratic_votes_cost_their_square(world: World) -> None:
    poll = await opened(world, method="QUADRATIC", credits=25)
    ids = await options(world, poll)
    said = [{"option": ids["Ana"], "grade": 3}, {"option": ids["Bo"], "grade": -5}]
    assert await vote(world, poll, "member", grades=said) == "INVALID_INPUT"
    said[1]["grade"] = -4
    assert await vote(world, poll, "member", grades=said) == "OPEN"


async def test_the_rules_are_frozen_and_hashed(world: World) -> None:
    poll = await prepare(world)
    assert (await look(world, poll, "rules { hash }", "steward"))["rules"] is None
    assert await step(world, "updatePoll", poll, question="Who then?", quorum=3) == "DRAFT"
    assert await step(world, "openPoll", poll) == "OPEN"
    seen = await look(world, poll, "en: rules(locale: EN) { text hash } fr: rules(locale: FR) { text hash }")
    assert seen["en"]["hash"] == seen["fr"]["hash"]
    assert "Who then?" in seen["en"]["text"]
    assert "Quorum: 3" in seen["en"]["text"]
    assert "CONFIDENTIEL" in seen["fr"]["text"]
    assert await step(world, "updatePoll", poll, question="Changed?") == "WRONG_STATE"


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ({"method": "GREEDY", "budget": 9, "options": [{"label": "A", "cost": 5}, {"label": "B", "cost": 5}]},
         ["Of projects with equal support the cheaper is taken first", "An account votes once", "only for a reason"]),
        ({"method": "MAJORITY_JUDGMENT"}, ["Of equal medians one grade is taken away"]),
        ({"method": "STV", "seats": 2}, ["told apart by earlier rounds"]),
    ],
)  # fmt: skip
async def test_how_equals_are_told_apart_is_promised(world: World, said: dict[str, Any], lines: list[str]) -> None:
    rules = (await look(world, await opened(world, **said), "rules(locale: EN) { text }"))["rules"]["text"]
    assert [line for line in lines if line not in rules] == []


async def test_a_null_changes_nothing(world: World) -> None:
    given = {"question": "Who?", "quorum": 4, "worst": 1, "opensAt": "2026-03-20T00:00:00Z"}
    poll, body = (
        await prepare(world, **given),
        "question method secrecy seats quorum worst closesAt replaceable opensAt",
    )
    before = await look(world, poll, body, "steward")
    nulls = dict.fromkeys(["question", "method", "secrecy", "seats", "quorum", "worst", "closesAt", "replaceable",
                           "options", "criteria", "equalRanks", "information", "proxies"])  # fmt: skip
    assert await step(world, "updatePoll", poll, **nulls) == "DRAFT"
    assert await look(world, poll, body, "steward") == before
    assert await step(world, "updatePoll", poll, opensAt=None) == "DRAFT"
    assert (await look(world, poll, body, "steward"))["opensAt"] is None  # by openPoll alone


async def test_a_null_takes_away_what_may_be_missing(world: World) -> None:
    costs = [{"label": "Ana", "cost": 1}, {"label": "Bo", "cost": 1}]
    for name, said in (
        ("lotSource", {"tieBreak": "LOT", "lotSource": "A draw"}), ("credits", {"method": "QUADRATIC", "credits": 9}),
        ("budget", {"method": "GREEDY", "budget": 9, "options": costs}),
    ):  # fmt: skip
        told = await world.change("updatePoll", "steward", poll=await prepare(world, **said), **{name: None})
        assert told["problems"][0]["path"] == f"input.{name}", told


async def test_a_poll_opens_before_it_closes(world: World) -> None:
    poll = await prepare(world)
    world.clock.forward(days=30)
    told = await world.change("openPoll", "steward", poll=poll)
    assert told["problems"][0]["path"] == "input.closesAt", told


async def test_a_poll_opens_in_an_open_space(world: World) -> None:
    poll = await prepare(world)
    await world.change("closeSpace", "steward", space=world.gid("Space:OPEN"))
    assert await step(world, "openPoll", poll) == "WRONG_STATE"


async def test_where_nobody_voted_there_is_no_median_to_count(world: World) -> None:
    poll = await opened(world, method="MAJORITY_JUDGMENT")
    assert await step(world, "closePoll", poll, reason=" ") == "INVALID_INPUT"
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"
    assert await step(world, "countPoll", poll) == "CONFLICT"
    assert (await look(world, poll, "state"))["state"] == "CLOSED"


async def test_a_draft_that_is_called_off_stays_unseen(world: World) -> None:
    async with world.listen("activity", "visitor", "event sentence(locale: EN)", space="Space:OPEN") as told:
        draft, poll = await prepare(world, question="A plan that nobody knows?"), await opened(world)
        assert await step(world, "cancelPoll", draft, reason="Never mind.") == "CANCELLED"
        assert await look(world, draft, "question") is None
        assert (await look(world, draft, "state", "steward"))["state"] == "CANCELLED"
        assert await step(world, "cancelPoll", poll, reason="A mistake.") == "CANCELLED"
        assert (await look(world, poll, "state"))["state"] == "CANCELLED"
        assert [(await anext(told))["event"] for _ in range(2)] == ["VOTES_POLL_OPENED", "VOTES_POLL_CANCELLED"]


async def test_an_open_poll_publishes_names(world: World) -> None:
    poll = await opened(world, secrecy="OPEN")
    assert await vote(world, poll, "member", "Ana") == "OPEN"
    await finish(world, poll)
    seen = (await look(world, poll, "ballots { nodes { choice participant { id } } }"))["ballots"]["nodes"]
    assert seen == [{"choice": [[0]], "participant": {"id": world.gid("Participant:member")}}]


async def test_few_voters_are_not_told_apart(world: World) -> None:
    poll = await opened(world)
    for person in await people(world, 4):
        assert await vote(world, poll, person, "Ana") == "OPEN"
    await finish(world, poll)
    seen = await look(
        world, poll, "ballots { totalCount } result { ballots withheld winners data svg sentence }", "steward"
    )
    assert seen == {
        "ballots": {"totalCount": 0},
        "result": {"ballots": 4, "withheld": True, "winners": None, "data": None, "svg": None, "sentence": None},
    }


async def test_a_lot_breaks_ties_only_once_it_has_closed(world: World) -> None:
    source = "the three balls of the public lottery of 2 April"
    poll = await opened(world, tieBreak="LOT", lotSource=source, secrecy="OPEN")
    seen = await look(world, poll, "lotSource rules(locale: FR) { text }")
    assert seen["lotSource"] == source
    assert source in seen["rules"]["text"]
    voters = await people(world, 2)
    await vote(world, poll, voters[0], "Ana")
    await vote(world, poll, voters[1], "Bo")
    await step(world, "closePoll", poll, reason="Enough.")
    assert await step(world, "countPoll", poll) == "INVALID_INPUT"
    assert await step(world, "countPoll", poll, lot="12 34 56") == "COUNTED"
    result = (await look(world, poll, "result { data ties }", "steward"))["result"]
    assert result["data"]["lot"] == "12 34 56"
    assert result["ties"][0]["rule"] == "lot:12 34 56"


async def test_a_quorum_is_told(world: World) -> None:
    poll = await opened(world, quorum=2, secrecy="OPEN")
    await vote(world, poll, "member", "Ana")
    await finish(world, poll)
    result = (await look(world, poll, "result { quorumReached en: sentence(locale: EN) fr: sentence(locale: FR) }"))[
        "result"
    ]
    assert result["quorumReached"] is False
    assert result["en"].startswith("Fewer people voted than the quorum asks for: this result does not stand. Ana wins")
    assert result["fr"].startswith("Le quorum n’est pas atteint : ce résultat ne vaut pas. Ana")


async def test_a_cancelled_poll_leaves_no_ballot(world: World) -> None:
    poll = await opened(world)
    await vote(world, poll, "member", "Ana")
    assert await step(world, "cancelPoll", poll, reason="A mistake.") == "CANCELLED"
    assert await look(world, poll, "cancelledBecause turnout result { id }") == {
        "cancelledBecause": "A mistake.", "turnout": 1, "result": None,
    }  # fmt: skip
